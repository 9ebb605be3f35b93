"""Kernels through Jupyter's extension point for how they start: forked warm, on ports that they choose themselves.

Jupyter looks for free ports and lets go of them again before the kernel binds them. Whoever comes between, be it the
connection of another kernel's client, ends the kernel: with several at a time about one in a thousand. Here a
kernel finds none in its connection file, binds what the system gives it, and writes down what that is.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jupyter_client.connect import KernelConnectionInfo, port_names
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from analysis.notebooks import fork_server


class WarmKernelManager(AsyncKernelManager):
    """Starts Python's own kernel through WarmProvisioner; to be named as `kernel_manager_class`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.connection_file = str(Path(fork_server.start().folder) / f"kernel-{uuid4()}.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel's description, with the provisioner that pyproject.toml registers under this name."""
        spec = super().kernel_spec
        spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": "analysis-warm"}}
        return spec


class WarmProvisioner(LocalProvisioner):
    """Jupyter's own provisioner, but for where the process, its ports and its environment come from."""

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """What Jupyter prepares, with no port in the connection file."""
        self.parent.cache_ports = False
        options = await super().pre_launch(**options)
        file = Path(self.parent.connection_file)
        file.write_text(json.dumps(json.loads(file.read_text()) | dict.fromkeys(port_names, 0)))
        return options

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Forks the kernel where that can be done, starts it like any other where not, and reads its ports.

        Raises RuntimeError, as Jupyter does, where it ends before it has any.
        """
        server = fork_server.start()
        if fork_server.AVAILABLE:
            # The command is `python -m ipykernel_launcher` and what that takes.
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            self.process = server.fork(arguments, str(options.get("cwd") or Path.cwd()))
            self.pid = self.pgid = self.process.pid
        else:
            options["env"] = options.get("env", {}) | server.environment
            await super().launch_kernel(cmd, **options)
        ports = await self._ports()
        for name, port in ports.items():
            setattr(self.parent, name, port)
        self.connection_info |= ports
        return self.connection_info

    async def _ports(self) -> dict[str, int]:
        """What the kernel has put into its connection file, which it takes away and writes anew."""
        file = Path(self.parent.connection_file)
        while True:
            ended = self.process.poll() is not None  # asked first: what it wrote before its end is there by then
            with suppress(FileNotFoundError, json.JSONDecodeError):
                held = json.loads(file.read_text())
                if all(held[name] for name in port_names):
                    return {name: held[name] for name in port_names}
            if ended:
                raise RuntimeError("Kernel died before it had its ports")
            await asyncio.sleep(0.005)
