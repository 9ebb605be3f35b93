"""Kazakhstan–Russia relations: `load` gives a table, `cite` a source; the modules hold the arithmetic and the
reports.
"""

__all__ = ["cite", "load"]


def __getattr__(name: str) -> object:
    """`analysis.load` and `analysis.cite` without importing pandas before they are asked for."""
    if name in __all__:
        from analysis.tables import readings, store

        return readings.load if name == "load" else store.cite
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What an editor offers after `analysis.`: the public names."""
    return __all__
