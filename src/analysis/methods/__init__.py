"""The arithmetic: frames in, frames out; no file, no plot, no notebook."""

from importlib import import_module


def __getattr__(name: str) -> object:
    """The module of a name, imported when it is first asked for."""
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
