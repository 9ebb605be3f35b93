"""The parts of files that a killed process left beside their targets."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

PART = re.compile(r"\..+\.(\d+)-\d+\.part")


def sweep(folder: Path) -> None:
    """Removes the parts that killed processes left in a folder and its folders; those of a process that runs stay."""
    for path in [*folder.glob(".*.part"), *folder.glob("*/.*.part")]:
        part = PART.fullmatch(path.name)
        if part and not _runs(int(part[1])):
            with suppress(OSError):
                path.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
