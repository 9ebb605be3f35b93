"""The environment: the lists of packages agree with each other and with what is installed; make explains itself."""

import ast
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
import yaml
from helpers import mounted
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import BuildString, MatchSpec, PackageRecord

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# conda-forge's matplotlib brings a whole desktop toolkit, which nothing here needs.
CONDA_NAMES = {"jupyter-client": "jupyter_client", "matplotlib": "matplotlib-base"}
RUN_NOT_IMPORTED = {"import-linter", "ipykernel", "itables", "jupyterlab", "nbval", "pytest-xdist", "ruff"}


def declared(*, build: bool = False) -> list[Requirement]:
    """What pyproject.toml asks for: runtime, `test` extra and, with `build`, what installs the package itself."""
    lines = PYPROJECT["project"]["dependencies"] + PYPROJECT["project"]["optional-dependencies"]["test"]
    return [Requirement(line) for line in lines + (PYPROJECT["dependency-groups"]["build"] if build else [])]


def locked() -> dict[str, Requirement]:
    """The lines of requirements.lock that apply to the running Python, by canonical name."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(r.name): r for r in requirements if r.marker is None or r.marker.evaluate()}


def conda_specs() -> list[str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return [spec for spec in environment["dependencies"] if isinstance(spec, str)]


@cache
def imported(folder: str) -> set[str]:
    """The distributions that the Python files under `folder` import by name, the project's own left out."""
    modules = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules.add(node.module.partition(".")[0])
    owners = packages_distributions()
    names = {canonicalize_name(name) for module in modules for name in owners.get(module, [])}
    return names - {PYPROJECT["project"]["name"]}


def test_every_import_is_declared():
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    runtime = [Requirement(line) for line in project["dependencies"] + extras["cluster"] + extras["lab"]]
    assert imported("src") - {canonicalize_name(requirement.name) for requirement in runtime} == set()
    browser = (ROOT / "tests" / "browser" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    known = {
        canonicalize_name(r.name) for r in [*declared(), *(Requirement(line) for line in browser if line[:1] != "#")]
    }
    assert imported("tests") - known == set()


def test_every_declared_package_is_used():
    used = imported("src") | imported("tests") | RUN_NOT_IMPORTED
    notebooks = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").rglob("*.ipynb"))
    unused = {canonicalize_name(r.name) for r in declared()} - used
    assert {name for name in unused if not re.search(rf"\b(import|from) {name}\b", notebooks)} == set()


@pytest.mark.parametrize("requirement", declared(build=True), ids=lambda r: r.name)
def test_lock_satisfies_the_declared_bound(requirement: Requirement):
    (pin,) = locked()[canonicalize_name(requirement.name)].specifier
    assert requirement.specifier.contains(pin.version)


def test_lock_pins_names_and_nothing_else():
    for requirement in locked().values():
        (pin,) = requirement.specifier
        assert pin.operator == "==" and "*" not in pin.version
        assert requirement.url is None and not requirement.extras
    assert not re.search(r"--|://|@", (ROOT / "requirements.lock").read_text(encoding="utf-8"))


def test_lock_is_complete():
    """Every dependency of a locked package is locked too, so that nothing comes in a version of its own."""
    held = locked()
    for name in held:
        for line in distribution(name).requires or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in held, f"{name} needs {needed}"


@pytest.mark.skipif(not (Path(sys.prefix) / "made-with").exists(), reason="not the environment that make makes")
def test_lock_is_what_is_installed():
    wanted = {name: next(iter(r.specifier)).version for name, r in locked().items()}
    assert {name: distribution(name).version for name in wanted} == wanted


def test_optional_packages_are_tested():
    extras = PYPROJECT["project"]["optional-dependencies"]
    assert {*extras["cluster"], *extras["lab"]} <= set(extras["test"])


def test_environment_yml_equals_pyproject():
    python = PYPROJECT["project"]["requires-python"]
    expected = [f"{CONDA_NAMES.get(r.name, r.name)} {r.specifier}" for r in declared(build=True)]
    assert conda_specs() == [f"python {python}", *sorted(expected)]


@pytest.mark.parametrize("spec", conda_specs())
def test_conda_spec_is_sound_and_matches_what_is_installed(spec: str):
    parsed = MatchSpec(spec, strict=True)
    name = parsed.name.normalized
    if name == "python":
        version = ".".join(map(str, sys.version_info[:3]))
    else:
        version = distribution({conda: pypi for pypi, conda in CONDA_NAMES.items()}.get(name, name)).version
    assert parsed.matches(PackageRecord(name, version, BuildString("0"), 0, "noarch"))


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run make in the checkout; CI's own variables and a make above this one must not leak in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MAKE"))}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)


def test_help_is_the_default_and_lists_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.sub(r"^define .*?^endef", "", text, flags=re.MULTILINE | re.DOTALL)
    targets = set(re.findall(r"^([a-z-]+):", rules, re.MULTILINE))
    listed = re.findall(r"^make ([a-z-]+) +(\S.*)$", make().stdout, re.MULTILINE)
    assert {target for target, _ in listed} == targets
    assert set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()) == targets


FAULTS = {
    "import sys; sys.version_info = (3, 9, 2)": "is Python 3.9, but Python 3.11 or later is needed",
    "import sys; sys.modules['ensurepip'] = None": "apt-get install python3.",
    "import sys; sys.modules['venv'] = None": "apt-get install python3.",
}
# Stands in for uv: it notes its calls and its environment, makes an environment without packages and links the project.
UV = """#!/bin/sh
echo "$*" >> {notes}/calls
env > {notes}/environment
case "$*" in
  venv*) exec "{python}" -m venv --without-pip .venv ;;
  *--editable*) pwd | sed 's#$#/src#' > "$(echo .venv/lib/python3.*/site-packages)/project.pth" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the files that make needs, so that no test touches the environment it runs in."""
    folder = tmp_path / "checkout"
    (folder / "src" / "analysis" / "notebooks").mkdir(parents=True)
    (folder / "src" / "analysis" / "notebooks" / "preload.py").touch()
    (folder / "tools").mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "tools/environment.py"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


class Uv:
    """What stands in for uv, and what it was called with."""

    def __init__(self, notes: Path) -> None:
        notes.mkdir()
        self.notes, self.path = notes, notes / "uv"
        self.path.write_text(UV.format(notes=notes, python=sys.executable))
        self.path.chmod(0o755)

    def made(self, checkout: Path, *, target: str = ".venv/made-with", **environment: str) -> list[str]:
        """Has make see to an environment; returns the first words of what uv was called for."""
        (self.notes / "calls").write_text("")
        arguments = [f"UV={self.path}", f"PYTHON={sys.executable}", target]
        done = make("-C", str(checkout), *arguments, **environment)
        assert (done.returncode, done.stderr) == (0, "")
        return [line.split()[0] for line in (self.notes / "calls").read_text().splitlines()]


@pytest.fixture
def uv(tmp_path: Path) -> Uv:
    return Uv(tmp_path / "notes")


NEW, ON_TOP, NOTHING = ["venv", "pip", "pip"], ["pip", "pip"], []


def refused(*arguments: str, **environment: str) -> str:
    """The one sentence with which make ends."""
    done = make(*arguments, **environment)
    sentence, *rest = done.stderr.splitlines()
    assert done.returncode == 2 and all(line.startswith("make: ***") for line in rest)
    return sentence


def python_of(checkout: Path, code: str, **environment: str) -> str:
    run = [checkout / ".venv" / "bin" / "python", "-c", code]
    done = subprocess.run(run, cwd="/", env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(("fault", "message"), FAULTS.items())
def test_unfit_python_is_refused_in_one_sentence(checkout: Path, tmp_path: Path, fault: str, message: str):
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    run = "import runpy; sys.argv = sys.argv[3:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{fault}; {run}" "$@"\n')
    python.chmod(0o755)
    assert message in refused("-C", str(checkout), "UV=", "reports", PATH=f"{python.parent}:{os.environ['PATH']}")
    assert not (checkout / ".venv").exists()


def test_the_script_can_be_read_by_the_python_that_is_too_old():
    source = (ROOT / "tools" / "environment.py").read_text(encoding="ascii")
    tree = ast.parse(source, feature_version=(3, 0))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Nonlocal, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [f.name for f in functions if f.returns or f.args.kwonlyargs or any(a.annotation for a in f.args.args)]


def test_missing_python_is_refused_in_one_sentence(checkout: Path):
    sentence = refused("-C", str(checkout), "UV=", "PYTHON=python3.0", "test")
    assert sentence.startswith("python3.0 was not found, but Python 3.11 or later is needed")
    assert not (checkout / ".venv").exists()


def test_environment_cut_short_is_made_anew(checkout: Path):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    leftover = checkout / ".venv" / "leftover"
    leftover.touch()
    sentence = refused("-C", str(checkout), "UV=/bin/false", f"PYTHON={sys.executable}", "reports")
    assert sentence.startswith("The environment was not made, for `/bin/false venv ")
    assert not leftover.exists() and not (checkout / ".venv" / "made-with").exists()


def test_an_environment_is_tried_before_it_is_called_finished(checkout: Path, uv: Uv):
    (checkout / "src" / "analysis" / "notebooks" / "preload.py").write_text("raise SystemExit('no such library')")
    done = make("-C", str(checkout), f"UV={uv.path}", f"PYTHON={sys.executable}", "reports")
    assert done.returncode == 2 and done.stderr.startswith("no such library\nThe environment was not made, for ")
    assert not (checkout / ".venv" / "made-with").exists()


def test_what_an_environment_was_made_of_decides_and_no_clock(checkout: Path, uv: Uv):
    assert uv.made(checkout) == NEW and uv.made(checkout) == NOTHING
    for name in ("pyproject.toml", "requirements.lock"):
        later = (checkout / name).stat().st_mtime + 7200
        os.utime(checkout / name, (later, later))
    assert uv.made(checkout) == NOTHING
    before = (checkout / ".venv" / "made-with").stat()
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# another\n")
    os.utime(checkout / "requirements.lock", (0, 0))
    assert uv.made(checkout) == ON_TOP and uv.made(checkout) == NOTHING
    os.utime(checkout / ".venv" / "made-with", (before.st_atime, before.st_mtime))
    stamp = checkout / ".venv" / "made-with"
    stamp.write_text(stamp.read_text().replace(f" {sys.version.split()[0]}\n", " 3.11.0\n"))  # Python was renewed
    assert uv.made(checkout) == NEW
    (checkout / ".venv" / "bin" / "python").unlink()  # and so it is where its Python is gone
    assert uv.made(checkout) == NEW


def test_reports_are_content_with_what_they_need_and_the_rest_comes_on_top(checkout: Path, uv: Uv):
    (lean,) = re.findall(r"^LEAN := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    def asked(*targets: str) -> str:
        for target in targets:
            uv.made(checkout, target=target)
        return (uv.notes / "calls").read_text()

    first = asked(lean)
    assert "--constraint requirements.lock" in first and "--requirement" not in first and " setuptools==" in first
    assert asked(lean) == ""
    assert "--requirement requirements.lock" in (more := asked(".venv/made-with")) and "venv --quiet" not in more
    assert asked(lean) == asked(".venv/made-with") == "", "all is enough for reports"
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# another\n")
    assert "--requirement requirements.lock" in asked(lean), "what was there is kept"


def test_every_target_has_the_packages_that_it_needs():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    needs = dict(re.findall(r"^([a-z-]+): \$\((STAMP|LEAN)\)", text, re.MULTILINE))
    lean = {target for target, packages in needs.items() if packages == "LEAN"}
    recipes = {target: re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)[1] for target in lean}
    assert "notebooks" not in lean, "one of them has the controls of JupyterLab"
    assert "reports" in lean and all("$(BIN)/analysis" in recipe for recipe in recipes.values())
    assert not [target for target, recipe in recipes.items() if re.search(r"\$\(BIN\)/(?!analysis)|PYTEST", recipe)]


@pytest.mark.parametrize("take", [shutil.copytree, shutil.move], ids=["copied", "moved"])
def test_a_checkout_taken_elsewhere_with_its_environment_gets_its_own(checkout: Path, uv: Uv, tmp_path: Path, take):
    assert uv.made(checkout) == NEW
    other = tmp_path / "other"
    take(checkout, other, **({"symlinks": True} if take is shutil.copytree else {}))
    assert uv.made(other) == NEW
    for folder in {checkout, other}:
        if folder.exists():
            where = python_of(folder, "import analysis.notebooks.preload as module; print(module.__file__)")
            assert Path(where).is_relative_to(folder)
            assert uv.made(folder) == NOTHING


def test_a_checkout_reached_by_a_link_is_the_same(checkout: Path, uv: Uv, tmp_path: Path):
    assert uv.made(checkout) == NEW
    (tmp_path / "link").symlink_to(checkout)
    assert uv.made(tmp_path / "link") == NOTHING


def test_an_environment_that_is_linked_from_elsewhere_is_left_alone(checkout: Path, uv: Uv, tmp_path: Path):
    assert uv.made(checkout) == NEW
    shutil.copytree(checkout, tmp_path / "other", ignore=shutil.ignore_patterns(".venv"))
    (tmp_path / "other" / ".venv").symlink_to(checkout / ".venv")
    sentence = refused("-C", str(tmp_path / "other"), f"UV={uv.path}", f"PYTHON={sys.executable}", "reports")
    assert sentence.startswith(f".venv is a link to {checkout / '.venv'}")
    assert uv.made(checkout) == NOTHING


def test_two_makes_at_once_make_one_environment_and_the_second_says_that_it_waits(checkout: Path, uv: Uv):
    command = ["make", "-C", str(checkout), f"UV={uv.path}", f"PYTHON={sys.executable}", ".venv/made-with"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    folder = os.open(checkout, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    makes = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for running in makes:
        line = next(line for line in running.stdout if not line.startswith("make"))
        assert line == "Waiting for another make, which is installing into .venv.\n"
    os.close(folder)
    assert [running.communicate()[1] for running in makes] == ["", ""]
    assert [running.returncode for running in makes] == [0, 0]
    assert (uv.notes / "calls").read_text().count("venv --quiet") == 1


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("noexec", "its volume lets no program run or has no symbolic links (Permission denied)"),
        ("size=1m", "it takes 500 MB, and 1 are free"),
        ("ro", "Read-only file system"),
    ],
)
def test_a_volume_that_cannot_hold_an_environment_is_told_of_first(checkout: Path, uv: Uv, tmp_path, option, why):
    with mounted(tmp_path / "volume", "size=1g") as volume:
        shutil.copytree(checkout, volume / "checkout")
        remounted = ["mount", "-o", f"remount,{option}", str(volume)]
        subprocess.run(remounted, check=True)
        before = sorted(volume.rglob("*"))
        arguments = [f"UV={uv.path}", f"PYTHON={sys.executable}", "reports"]
        sentence = refused("-C", str(volume / "checkout"), *arguments)
        assert sentence.startswith(f"No environment can be made in {volume / 'checkout'}: ") and why in sentence
        assert sorted(volume.rglob("*")) == before and not (uv.notes / "calls").exists()


def test_a_users_settings_of_uv_and_python_do_not_get_in(checkout: Path, uv: Uv, tmp_path: Path):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "analysis.py").write_text("raise SystemExit('the other file')")
    (tmp_path / "modules" / "sitecustomize.py").write_text("print('the other file')")
    set_by_user = {"PYTHONPATH": str(tmp_path / "modules"), "PYTHONHOME": "/nowhere", "PYTHONWARNINGS": "error"}
    uv.made(checkout, UV_TARGET="/nowhere", UV_SYSTEM_PYTHON="1", UV_DEFAULT_INDEX="https://index", **set_by_user)
    given = (uv.notes / "environment").read_text()
    assert re.findall("^(?:UV_|PYTHON).*", given, re.MULTILINE) == ["UV_DEFAULT_INDEX=https://index"]
    code = "import analysis.notebooks.preload as module; print(module.__file__)"
    where = python_of(checkout, code, PYTHONPATH=set_by_user["PYTHONPATH"])
    assert where == str(checkout / "src" / "analysis" / "notebooks" / "preload.py")


def test_no_target_of_make_gets_what_a_user_has_set_for_python():
    shown = make("--eval=show:; @env", "show", PYTHONOPTIMIZE="2", PYTHONPATH="/nowhere", PYTHONSTARTUP="/nowhere")
    assert not re.findall("^PYTHON.+", shown.stdout, re.MULTILINE) and "PATH=" in shown.stdout


@pytest.mark.slow  # pip and setuptools are fetched
def test_a_users_settings_of_pip_do_not_get_in(checkout: Path, tmp_path: Path):
    lines = (checkout / "requirements.lock").read_text(encoding="utf-8").splitlines()
    build = [line for line in lines if line.startswith(("pip==", "setuptools=="))]
    (checkout / "requirements.lock").write_text("\n".join(build) + "\n")
    (checkout / "README.md").touch()
    (checkout / "src" / "analysis" / "__init__.py").touch()
    (tmp_path / "pip.conf").write_text("[install]\nuser = true\n[global]\nrequire-hashes = true\n")
    settings = {"PIP_USER": "1", "PIP_TARGET": "/nowhere", "PIP_NO_BINARY": ":all:", "PIP_PREFIX": "/nowhere"}
    home = {"PYTHONUSERBASE": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    done = make("-C", str(checkout), "UV=", f"PYTHON={sys.executable}", ".venv/made-with", **settings, **home)
    assert done.returncode == 0, done.stderr
    where = python_of(checkout, "import analysis, setuptools; print(analysis.__file__, setuptools.__file__)")
    assert all(Path(path).is_relative_to(checkout) for path in where.split())
