"""Kernels through Jupyter's extension point for how they start: forked warm, on ports that they choose themselves, and
without the waits that Jupyter allows itself at their start and end.

Jupyter looks for free ports and lets go of them again before the kernel binds them. Whoever comes between, be it the
connection of another kernel's client, ends the kernel: with several at a time about one in a thousand. Here a
kernel finds none in its connection file, binds what the system gives it, and writes down what that is.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo, port_names
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from analysis.errors import BuildError
from analysis.notebooks import fork_server

PROGRAM = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


class PromptClient(AsyncKernelClient):
    """Jupyter's own client, but for when it takes a kernel for ready: Jupyter's waits until nothing more has come for a
    fifth of a second, for each kernel anew.
    """

    async def wait_for_ready(self, timeout: float) -> None:
        """Waits until the kernel has answered on one channel and told on the other that it is done with that.

        Raises RuntimeError, as Jupyter does, where the kernel dies or does not answer in time.
        """
        end = time.monotonic() + timeout
        while True:
            asked = self.kernel_info()  # again and again, for a channel may not have been connected yet
            with suppress(Empty):
                while (reply := await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != asked:
                    pass
                self._handle_kernel_info_reply(reply)
                while not _idle(await self.get_iopub_msg(timeout=0.2), asked):
                    pass
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before it answered")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")


def _idle(message: dict[str, Any], asked: str) -> bool:
    """Whether a message says that the kernel is done with what it was asked."""
    return message["parent_header"].get("msg_id") == asked and message["content"].get("execution_state") == "idle"


class WarmKernelManager(AsyncKernelManager):
    """Starts Python's own kernel through WarmProvisioner; to be named as `kernel_manager_class`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.connection_file = str(Path(fork_server.start().folder) / f"kernel-{uuid4()}.json")

    def client(self, **options: Any) -> PromptClient:
        """The client of this kernel, whichever class nbclient has set meanwhile."""
        self.client_factory = PromptClient
        return super().client(**options)

    @property
    def kernel_spec(self) -> KernelSpec:
        """Python's own kernel, whatever a user has under its name, with the provisioner of pyproject.toml."""
        warm = {"kernel_provisioner": {"provisioner_name": "analysis-warm"}}
        return KernelSpec(argv=PROGRAM, display_name="Python 3 (ipykernel)", language="python", metadata=warm)


class WarmProvisioner(LocalProvisioner):
    """Jupyter's own provisioner, but for where the process, its ports and its environment come from."""

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """What Jupyter prepares, with no port in the connection file."""
        self.parent.cache_ports = False
        try:
            return await self._prepared(**options)
        except FileNotFoundError:  # the process that forks has ended just now, and has taken the folder with it
            Path(self.parent.connection_file).parent.mkdir(exist_ok=True)
            return await self._prepared(**options)

    async def _prepared(self, **options: Any) -> dict[str, Any]:
        extra = options.get("extra_arguments", [])
        options = await super().pre_launch(**options)
        file = Path(self.parent.connection_file)
        self._without_ports = json.dumps(json.loads(file.read_text()) | dict.fromkeys(port_names, 0))
        file.write_text(self._without_ports)
        return options | {"cmd": [*PROGRAM[:-1], str(file), *extra]}

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Forks the kernel where that can be done, starts it like any other where not, and reads its ports.

        Raises RuntimeError, as Jupyter does, where it ends before it has any, and BuildError where none come in time.
        """
        server, folder = fork_server.start(), str(options.get("cwd") or Path.cwd())
        self.process = server.fork(cmd[len(PROGRAM) - 2 :], folder)
        if self.process:
            self.pid = self.pgid = self.process.pid
        else:
            file = Path(self.parent.connection_file)
            file.parent.mkdir(exist_ok=True)  # the process that forks takes the folder with it when it ends
            file.write_text(self._without_ports)
            await super().launch_kernel(cmd, env=server.environment, cwd=folder)
        ports = await self._ports()
        for name, port in ports.items():
            setattr(self.parent, name, port)
        self.connection_info |= ports
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kills the kernel, and looks more often than Jupyter whether it has ended."""
        await super().kill(restart=restart)
        for _ in range(200):  # a second, after which Jupyter waits as it does
            if await self.poll() is not None:
                return
            await asyncio.sleep(0.005)

    async def _ports(self) -> dict[str, int]:
        """What the kernel has put into its connection file, which it takes away and writes anew."""
        file = Path(self.parent.connection_file)
        end = time.monotonic() + fork_server.SECONDS
        while True:
            ended = self.process.poll() is not None  # asked first: what it wrote before its end is there by then
            with suppress(FileNotFoundError, json.JSONDecodeError):
                held = json.loads(file.read_text())
                if all(held[name] for name in port_names):
                    return {name: held[name] for name in port_names}
            if ended:
                raise RuntimeError("Kernel died before it had its ports")
            if time.monotonic() > end:
                await self.kill()
                raise BuildError(f"its kernel was not there after {fork_server.SECONDS} seconds.")
            await asyncio.sleep(0.005)
