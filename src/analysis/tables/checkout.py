"""The folder that this code belongs to, with its data, notebooks and reports; and that no other one is meant."""

from __future__ import annotations

import shlex
import tomllib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from analysis.errors import CallError

ROOT = Path(__file__).resolve().parents[3]


def check(*places: Path) -> None:
    """Refuses to work for another checkout than the one of this code, by the working folder and other places of a call.

    An environment that was copied with its folder, linked to or borrowed still holds the code and the data of the
    checkout that it was made for.

    Raises:
        CallError: if the package was installed apart from the data of its checkout, or a place lies in another one.
    """
    with suppress(FileNotFoundError):  # a working folder can be deleted
        places += (Path.cwd(),)
    for place in places:
        _check(place)


@lru_cache(maxsize=64)
def _check(place: Path) -> None:
    if not (ROOT / "data" / "datapackage.json").is_file():
        raise CallError(
            "this package was installed apart from its checkout, where its data, notebooks and reports are: "
            "install it there with `pip install --editable .`."
        )
    for folder in (place, *place.parents):
        if (folder / "src" / "analysis" / "cli.py").is_file() and _name(folder) == _name(ROOT):
            if not folder.samefile(ROOT):
                raise CallError(
                    f"this environment belongs to the checkout {ROOT}, not to {folder}; make gives that one its own: "
                    f"`make -C {shlex.quote(str(folder))} reports`."
                )
            return


def _name(folder: Path) -> str | None:
    """What the project is called that a folder is the checkout of, if it is one."""
    try:
        return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    except (OSError, ValueError, KeyError):
        return None
