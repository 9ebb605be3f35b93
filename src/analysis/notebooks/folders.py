"""Where the repository, its notebooks and its reports lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = ROOT / "notebooks"
REPORTS = ROOT / "reports"
