"""Importing this makes a process warm: what every kernel and almost every notebook imports, a picture and all tables.

With the picture the fonts are found and read. A table is kept by its bytes, so that one that changes is read again.
"""

import importlib
import pkgutil
import sys
from contextlib import suppress

sys.modules.setdefault("debugpy", None)  # half of a kernel's start: ipykernel does without where it is missing
import ipykernel.debugger
import ipykernel.ipkernel
import ipykernel.kernelapp  # noqa: F401
import pandas as pd
import scipy.special  # noqa: F401
import yaml  # noqa: F401

from analysis.errors import CallError, DataError
from analysis.exhibits import svg
from analysis.tables import store

for module in pkgutil.iter_modules(importlib.import_module("analysis.exhibits").__path__):
    importlib.import_module(f"analysis.exhibits.{module.name}")
# pandas looks when it is imported whether it is in a notebook, and here it is not yet.
pd.set_option("display.max_columns", 20, "display.encoding", "UTF-8")
svg.render(lambda figure: figure.subplots().plot([0, 1]), key="warm", height=2)
with suppress(CallError, DataError):  # whoever asks for a table with a fault is told of it
    for table in store.all_tables():
        store.load(table)
