"""A process that has imported the package, and forks a kernel from itself wherever one is asked for.

Each notebook has a kernel of its own, for that is what keeps reports apart; but most of what it takes to start one,
importing IPython, pandas, Matplotlib and this package, is the same each time. `start` starts the process, `fork` asks
it for a kernel, `stop` ends it. It ends with whoever started it too, in whatever way that ends, and takes its kernels
and its folder with it. Where processes cannot be watched by descriptors (other systems than Linux) nothing is warm.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from analysis.errors import BuildError

AVAILABLE = hasattr(os, "pidfd_open")
PRELOADED = ("analysis.notebooks.preload",)  # the modules that the process imports
# Notebooks at a time: one more than processors, for a kernel now and then waits for messages.
WORKERS = os.cpu_count() + 1
# What a kernel is to know of this machine: neither the user's start-up files nor the time zone, locale or hash seed.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",  # threads on small matrices cost more than they give
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # what a kernel sets; Matplotlib reads it when imported
}


class Fork:
    """A forked kernel with as much of `subprocess.Popen` as Jupyter's own provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)
        weakref.finalize(self, os.close, self._descriptor)

    def poll(self) -> int | None:
        """None while the kernel runs; what it ended with only its parent knows, so it is 1 thereafter."""
        return 1 if select.select([self._descriptor], [], [], 0)[0] else None

    def wait(self) -> int:
        """Waits for the kernel's end."""
        select.select([self._descriptor], [], [])
        return 1

    def send_signal(self, number: int) -> None:
        """Signals the kernel alone."""
        signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """Ends the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks the kernel to end."""
        self.send_signal(signal.SIGTERM)


class _Server:
    """This side of the process: one line of JSON for each kernel, and its process number as the answer."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="analysis-")
        self.environment = ENVIRONMENT | {"IPYTHONDIR": self.folder}
        self._lock = threading.Lock()
        self._connection, theirs = socket.socketpair()
        if AVAILABLE:
            with theirs:
                self._process = subprocess.Popen(
                    [
                        sys.executable,
                        "-P",
                        "-m",
                        "analysis.notebooks.fork_server",
                        str(theirs.fileno()),
                        self.folder,
                        *PRELOADED,
                    ],
                    env=os.environ | self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is for the build, which ends this
                )
        self._answers = self._connection.makefile("rb")

    def fork(self, arguments: list[str], folder: str) -> Fork:
        with self._lock, suppress(OSError):
            self._connection.sendall(json.dumps([arguments, folder]).encode() + b"\n")
            if answer := self._answers.readline():
                return Fork(int(answer))
        raise BuildError("the process that starts kernels has ended before the notebook could run.")

    def end(self) -> None:
        self._connection.shutdown(socket.SHUT_RDWR)
        if AVAILABLE:
            self._process.wait()


_server: _Server | None = None
_starting = threading.Lock()


def start() -> _Server:
    """The process, started where it does not run; it warms up by itself, and the first kernel waits for that."""
    global _server
    with _starting:
        _server = _server or _Server()
        return _server


def kill() -> None:
    """Ends every kernel at once; none starts any more before `stop`."""
    if _server:
        with suppress(OSError):
            _server.end()


def stop() -> None:
    """Ends the process; the next kernel starts another."""
    global _server
    kill()
    _server = None


@contextmanager
def threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads, for the work is in their kernels; whatever breaks it off ends the kernels first."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kill()
        raise
    finally:
        pool.shutdown()


def _serve(connection: socket.socket, folder: str, modules: Iterable[str]) -> None:
    kernels: set[int] = set()
    try:
        with _ending_with(connection, folder):
            for module in modules:
                importlib.import_module(module)
        gc.collect()
        gc.freeze()  # no kernel looks through, and so copies, what was there before it
        for line in connection.makefile("rb"):
            kernels -= {pid for pid in kernels if os.waitpid(pid, os.WNOHANG)[0]}
            arguments, working = json.loads(line)
            if (pid := os.fork()) == 0:
                _become_kernel(connection, arguments, working)
            kernels.add(pid)
            connection.sendall(b"%d\n" % pid)
    finally:
        for pid in kernels:
            for end in (os.killpg, os.kill):  # it leads no group yet where it was forked just now
                with suppress(OSError):
                    end(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ending_with(connection: socket.socket, folder: str) -> Iterator[None]:
    """Ends this process and its folder as soon as the other side ends, though it does not listen meanwhile."""
    ended = select.poll()
    ended.register(connection, 0)  # that it hung up is always told
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            if ended.poll(0):
                shutil.rmtree(folder, ignore_errors=True)
                os._exit(1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()  # a process that forks has one thread


def _become_kernel(connection: socket.socket, arguments: list[str], folder: str) -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        os.close(connection.detach())  # `close` would wait for the file that was made of it
        os.chdir(folder)
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])  # it ends with it
    finally:
        os._exit(0)


if __name__ == "__main__":
    with suppress(ConnectionError):
        _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3:])
