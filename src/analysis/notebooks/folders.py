"""Where the repository, its notebooks and its reports lie."""

from __future__ import annotations

from analysis.tables.checkout import ROOT

NOTEBOOKS = ROOT / "notebooks"
REPORTS = ROOT / "reports"
