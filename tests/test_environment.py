"""The environment: the lists of packages agree with each other and with what is installed; make explains itself."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
import yaml
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
    runtime = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["cluster"]]
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
    assert set(extras["cluster"]) <= set(extras["test"])


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
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHON", "MAKEFLAGS", "MAKELEVEL"}}
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


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the files that make needs, so that no test touches the environment it runs in."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.mark.parametrize(("fault", "message"), FAULTS.items())
def test_unfit_python_is_refused_in_one_sentence(checkout: Path, tmp_path: Path, fault: str, message: str):
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{fault}; exec(sys.argv[1])" "$2"\n')
    python.chmod(0o755)
    done = make("-C", str(checkout), "UV=", "reports", PATH=f"{python.parent}:{os.environ['PATH']}")
    sentence, *rest = done.stderr.splitlines()
    assert done.returncode == 2
    assert message in sentence
    assert all(line.startswith("make: ***") for line in rest)
    assert not (checkout / ".venv").exists()


def test_missing_python_is_refused_in_one_sentence(checkout: Path):
    done = make("-C", str(checkout), "UV=", "PYTHON=python3.0", "test")
    sentence, *rest = done.stderr.splitlines()
    assert done.returncode == 2
    assert sentence.startswith("python3.0 was not found, but Python 3.11 or later is needed")
    assert all(line.startswith("make: ***") for line in rest)
    assert not (checkout / ".venv").exists()


def test_environment_cut_short_is_made_anew(checkout: Path):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    leftover = checkout / ".venv" / "leftover"
    leftover.touch()
    done = make("-C", str(checkout), "UV=/bin/false", f"PYTHON={sys.executable}", "reports")
    assert done.returncode == 2
    assert not leftover.exists() and not (checkout / ".venv" / "made-with").exists()


def test_finished_environment_is_kept_until_the_lock_or_the_python_changes(checkout: Path):
    stamp = checkout / ".venv" / "made-with"
    stamp.parent.mkdir()
    stamp.write_text("python3\n")
    up_to_date = ["--question", "-C", str(checkout), "UV=/bin/false", ".venv/made-with"]
    assert make(*up_to_date).returncode == 0
    assert make(*up_to_date, "PYTHON=python3.99").returncode == 1
    later = stamp.stat().st_mtime + 10
    os.utime(checkout / "requirements.lock", (later, later))
    assert make(*up_to_date).returncode == 1


def test_what_is_compiled_is_kept_whatever_the_users_environment_says():
    """Or each of a hundred processes compiles every library anew."""
    told = make("--eval", "told: ; @echo [$$PYTHONDONTWRITEBYTECODE]", "told", PYTHONDONTWRITEBYTECODE="1")
    assert told.stdout == "[]\n"
