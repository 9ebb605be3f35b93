"""Makes .venv from the exact versions in requirements.lock, or leaves it where it is what it has to be.

It holds all that is in the lock, or what the reports need alone: tests and JupyterLab come on their first use.

make runs this before each target that needs the environment, with the Python that it is to be made of. What it was made
of and for which folder stands in .venv/made-with, so that a copied or moved checkout, a changed lock and a renewed
Python are noticed by content, whatever the clocks say. Syntax of Python 2 and up: it has to run on the Python that is
too old.
"""

from __future__ import print_function

import ast
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
VENV = ".venv"
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "made-with")  # written last, so that a creation cut short is never taken for a finished one
MEGABYTES = {"reports": 500, "all": 800}  # what a new environment takes, compiled, and a little
# A user's settings of pip and uv say where packages come from and how they are fetched; where they go is settled here.
FETCHING = {
    "PIP": "INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|TIMEOUT|DEFAULT_TIMEOUT"
    "|RETRIES|CACHE_DIR|NO_CACHE_DIR|KEYRING_PROVIDER",
    "UV": ".*INDEX.*|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|HTTP_TIMEOUT|KEYRING_PROVIDER|OFFLINE|NO_CACHE"
    "|CACHE_DIR|LINK_MODE|CONFIG_FILE",
}
# A line that Python runs when it starts: what is first on PYTHONPATH would else stand in for modules of this
# environment, the package of this checkout among them.
ISOLATED = (
    "import os, sys; sys.path[:] = [p for p in sys.path if p == %r or p not in "
    "[os.path.abspath(q) for q in os.environ.get('PYTHONPATH', '').split(os.pathsep) if q]]\n"
)


def main(name, uv, packages):
    """Makes the environment with the running Python, called `name`, and with `uv` where that is not empty.

    `packages` is reports or all; an environment that has all is as good for reports.
    """
    refuse_unfit_python(name, uv)
    os.chdir(ROOT)
    wanted = made_with(name, packages)
    if whole(wanted, held()):
        return
    with locked():
        if whole(wanted, held()):  # somebody else made it meanwhile
            return
        if same(wanted, held(), upto=3) and held()[4] == "all":
            packages = wanted[4] = "all"  # what is there stays
        prepare(MEGABYTES[packages], anew=not same(wanted, held(), upto=3))
        what = "what the reports need" if packages == "reports" else "requirements.lock"
        print("Installing %s into .venv, which takes a minute or two the first time." % what)
        sys.stdout.flush()
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "UV_"))}
        if uv:
            with_uv(uv, packages, dict(environment, **fetching("UV", os.environ.items())))
        else:
            with_pip(packages, environment)
        site = os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
        with open(os.path.join(site, "isolated.pth"), "w") as file:
            file.write(ISOLATED % os.path.join(ROOT, "src"))
        run([PYTHON, "-c", "import analysis.notebooks.preload"], environment)  # what every notebook needs
        with open(STAMP, "w") as file:
            file.write("\n".join(wanted) + "\n")


def refuse_unfit_python(name, uv):
    """Ends with one sentence where the running Python cannot make the environment."""
    found = "%d.%d" % sys.version_info[:2]
    if sys.version_info < (3, 11):
        sys.exit(
            "%s is Python %s, but Python 3.11 or later is needed: install one, and name it as in "
            "`PYTHON=python3.12 make reports`." % (name, found)
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        if not uv:
            sys.exit(
                "%s has no venv or ensurepip module, which is needed to make .venv: install it with "
                "`apt-get install python%s-venv` (Debian, Ubuntu), or install uv." % (name, found)
            )


def base():
    """The interpreter itself, whatever links or other environment it was called through."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def made_with(name, packages):
    """What the environment has to be made of: the Python's name, which is the default from then on, and what it is;
    the folder; a digest of the lists of packages; and which of these."""
    digest = hashlib.sha256()
    for path in ("pyproject.toml", "requirements.lock", os.path.relpath(os.path.abspath(__file__), ROOT)):
        with open(path, "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    return [name, "%s %s" % (base(), sys.version.split()[0]), ROOT, digest.hexdigest(), packages]


def held():
    """What the environment was made of; nothing where it was not made to its end, or its Python is gone."""
    if not os.access(PYTHON, os.X_OK):
        return []
    try:
        with open(STAMP) as file:
            return file.read().splitlines()
    except (OSError, ValueError):
        return []


def same(wanted, found, upto):
    """Whether an environment is what is wanted: its Python and folder (`upto` 3), and the lists of packages (4)."""
    return len(found) == len(wanted) and wanted[1:upto] == found[1:upto]


def whole(wanted, found):
    """Whether an environment is what is wanted, and has the wanted packages or more."""
    return same(wanted, found, upto=4) and found[4] in (wanted[4], "all")


@contextlib.contextmanager
def locked():
    """Holds the checkout against any other that would make its environment, and says so where it has to wait."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno == errno.EWOULDBLOCK:  # anything else: a volume without locks
            print("Waiting for another make, which is installing into .venv.")
            sys.stdout.flush()
            fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(folder)


def prepare(megabytes, anew):
    """Makes room for the environment where it is to be made `anew`, and tries what cannot be done without."""
    if anew and os.path.islink(VENV):
        sys.exit(
            ".venv is a link to %s, which was not made for %s with this Python: remove the link, and make gives it one."
            % (os.path.realpath(VENV), ROOT)
        )
    try:
        try_volume()
        if anew and os.path.isdir(VENV):
            shutil.rmtree(VENV)
        elif os.path.exists(STAMP):
            os.remove(STAMP)
    except OSError as error:
        sys.exit("No environment can be made in %s: %s." % (ROOT, error.strerror))
    space = os.statvfs(os.curdir)
    free = space.f_bavail * space.f_frsize // 10**6
    if anew and free < megabytes:
        sys.exit("No environment can be made in %s: it takes %d MB, and %d are free." % (ROOT, megabytes, free))


def try_volume():
    """Runs a program of one line in the checkout, through a link; ends with one sentence where that is refused."""
    folder = tempfile.mkdtemp(prefix=".trial-", dir=os.curdir)
    try:
        program, link = os.path.join(folder, "program"), os.path.join(folder, "link")
        with open(program, "w") as file:
            file.write("#!/bin/sh\n")
        os.chmod(program, 0o755)
        try:
            os.symlink("program", link)
            subprocess.check_call([link])
        except OSError as error:
            sys.exit(
                "No environment can be made in %s: its volume lets no program run or has no symbolic links (%s); put "
                "the checkout on another, or mount this one without noexec." % (ROOT, error.strerror)
            )
    finally:
        shutil.rmtree(folder)


def with_uv(uv, packages, environment):
    if not os.path.isdir(VENV):
        run([uv, "venv", "--quiet", "--python", base(), VENV], environment)
    install_with([uv, "pip", "install", "--quiet", "--python", PYTHON], packages, environment)


def install_with(install, packages, environment):
    """Installs the packages and the project itself: of all those that the lock names, or those that it needs."""
    project = ["--no-build-isolation", "--editable", "."]
    if packages == "all":
        run(install + ["--requirement", "requirements.lock"], environment)
        run(install + ["--no-deps"] + project, environment)
    else:
        run(install + lines_of("setuptools"), environment)
        run(install + ["--constraint", "requirements.lock"] + project, environment)


def lines_of(*names):
    """The lines of the lock for some packages."""
    with open("requirements.lock") as file:
        return [line.strip() for line in file if line.split("==")[0] in names]


def with_pip(packages, environment):
    """Most of what is installed is never imported: compiling at first import instead of here takes a third off the
    wait. The pip of the lock goes first, since it needs half the time of the one that Debian 12 has.
    """
    if not os.path.isdir(VENV):
        run([base(), "-m", "venv", VENV], environment)
    pip = [PYTHON, "-m", "pip"]
    kept = dict(environment, **fetching("PIP", os.environ.items()))
    listed = subprocess.check_output(pip + ["config", "list"], env=kept).decode().splitlines()
    pairs = [re.match(r"(\w+)\.([\w-]+)=(.*)", line) for line in listed]
    for section in ("global", "install"):
        found = [pair.groups() for pair in pairs if pair and pair.group(1) == section]
        settings = [("PIP_" + name.upper().replace("-", "_"), ast.literal_eval(value)) for _, name, value in found]
        environment.update(fetching("PIP", settings))
    environment.update(fetching("PIP", os.environ.items()), PIP_CONFIG_FILE=os.devnull)
    install = pip + ["install", "--quiet", "--quiet", "--disable-pip-version-check", "--no-compile"]
    run(install + lines_of("pip"), environment)
    install_with(install, packages, environment)


def fetching(tool, settings):
    """Those of a tool's settings, as variables, that say how packages are fetched."""
    return {name: value for name, value in settings if re.match("%s_(%s)$" % (tool, FETCHING[tool]), name)}


def run(command, environment):
    """Runs a step; where it fails it has said why, and this says what cannot be had."""
    try:
        subprocess.check_call(command, env=environment)
    except (OSError, subprocess.CalledProcessError) as error:
        said = error.strerror if isinstance(error, OSError) else "what it said stands above"
        sys.exit("The environment was not made, for `%s` failed: %s." % (" ".join(command), said))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("The environment was not made, for it was interrupted; the next make begins anew.")
