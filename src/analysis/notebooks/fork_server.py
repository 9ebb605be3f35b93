"""A process that has imported the package, and forks a kernel from itself wherever one is asked for.

Each notebook has a kernel of its own, for that is what keeps reports apart; but most of what it takes to start one,
importing IPython, pandas, Matplotlib and this package, is the same each time. `start` starts the process, `fork` asks
it for a kernel, `stop` ends it. It ends with whoever started it too, in whatever way that ends, and takes its kernels
and its folder with it. Where processes cannot be watched by descriptors (other systems than Linux, sandboxes), or none
can be forked, nothing is warm: the kernels are ordinary ones, with the same environment, and it is said once.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import logging
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
from functools import cache

from analysis.errors import BuildError

PRELOADED = ("analysis.notebooks.preload",)  # the modules that the process imports
# Notebooks at a time: one more than processors, for a kernel now and then waits for messages.
WORKERS = os.cpu_count() + 1
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
SECONDS = 120  # how long a process or a kernel may take to be there; a machine that is full of work takes ten
# What a kernel is to know of this machine: neither the user's start-up files and settings of Python, Matplotlib and
# IPython nor the time zone, locale or hash seed.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",  # threads on small matrices cost more than they give
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MATPLOTLIBRC": os.devnull,
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
        of_user = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "IPYTHON"))}
        self.environment = of_user | ENVIRONMENT | {"IPYTHONDIR": self.folder}
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._ended = False
        try:
            _try_to_watch()
            self._connect()
        except (AttributeError, OSError) as error:
            _tell_once(getattr(error, "strerror", None) or str(error))

    def _connect(self) -> None:
        self._connection, theirs = socket.socketpair()
        with theirs:
            program = [sys.executable, "-P", "-m", "analysis.notebooks.fork_server", str(theirs.fileno()), self.folder]
            self._process = subprocess.Popen(
                [*program, *PRELOADED],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the build, which ends this
            )
        self._connection.settimeout(SECONDS)
        self._answers = self._connection.makefile("rb")

    def fork(self, arguments: list[str], folder: str) -> Fork | None:
        """A kernel; None where none can be forked here. Raises BuildError after the end."""
        with self._lock:
            answer = self._asked(arguments, folder) if self._process else 0
        if self._ended:
            raise BuildError("the process that starts kernels has ended before the notebook could run.")
        return Fork(answer) if answer else None

    def _asked(self, arguments: list[str], folder: str) -> int:
        answer = b""
        with suppress(OSError):
            self._connection.sendall(json.dumps([arguments, folder]).encode() + b"\n")
            answer = self._answers.readline()
        number, _, why = answer.decode().strip().partition(" ")
        if number in ("", "0") and not self._ended:
            _tell_once(why or "the process that forks them has ended")
        return int(number or 0)

    def end(self) -> None:
        self._ended = True
        if self._process:
            with suppress(OSError):  # it has ended by itself
                self._connection.shutdown(socket.SHUT_RDWR)
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _try_to_watch() -> None:
    """Watches this process as a kernel would be. Raises AttributeError or OSError where that cannot be done."""
    descriptor = os.pidfd_open(os.getpid())
    try:
        signal.pidfd_send_signal(descriptor, 0)
    finally:
        os.close(descriptor)


@cache
def _tell_once(why: str) -> None:
    logging.getLogger(__name__).warning("Each kernel is started by itself, which takes longer: %s.", why)


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
        _server.end()


def stop() -> None:
    """Ends the process; the next kernel starts another."""
    global _server
    kill()
    _server = None


@contextmanager
def threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads, for the work is in their kernels; whatever breaks it off ends the kernels first."""
    with suppress(OSError, AttributeError):  # another system's C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)  # one heap for all: each thread's own would keep 10 MiB
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
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started the build may ignore or block it
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        with _ending_with(connection, folder):
            for module in modules:
                importlib.import_module(module)
        gc.collect()
        gc.freeze()  # no kernel looks through, and so copies, what was there before it
        for line in connection.makefile("rb"):
            kernels -= {pid for pid in kernels if os.waitpid(pid, os.WNOHANG)[0]}
            arguments, working = json.loads(line)
            try:
                pid = os.fork()
            except OSError as error:
                connection.sendall(f"0 {error.strerror}\n".encode())
                continue
            if pid == 0:
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
