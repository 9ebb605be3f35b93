"""Kernels through Jupyter's extension point for how they start: a provisioner that forks them warm."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jupyter_client.connect import KernelConnectionInfo
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
    """Jupyter's own provisioner, but for where the process comes from and the environment that it sees."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Forks the kernel where that can be done, and starts it like any other where not."""
        server = fork_server.start()
        if not fork_server.AVAILABLE:
            options["env"] = options.get("env", {}) | server.environment
            return await super().launch_kernel(cmd, **options)
        # The command is `python -m ipykernel_launcher` and what that takes.
        self.process = server.fork(cmd[cmd.index("ipykernel_launcher") + 1 :], str(options.get("cwd") or Path.cwd()))
        self.pid = self.pgid = self.process.pid
        return self.connection_info
