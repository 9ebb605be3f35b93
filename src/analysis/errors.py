"""What the command tells in one sentence and without a traceback; nothing heavy is imported here."""


class CallError(ValueError):
    """The call names something that does not exist or cannot be used."""


class ParameterError(ValueError):
    """A parameter or its value is not what the notebook declares."""


class DataError(ValueError):
    """A table, a source or the descriptor is not as declared; the message is one sentence."""


class LessonError(ValueError):
    """A lesson's notebook breaks the convention, or somebody's work would be lost."""


class BuildError(RuntimeError):
    """A notebook did not run to its end, or its report could not be written."""


def shown(value: object) -> str:
    """A value for a message: as Python writes it, on one line, control characters escaped, cut where it is long."""
    try:
        text = repr(value)
    except (ValueError, RuntimeError):  # a whole number of thousands of digits, a list nested as deep
        text = f"a value of the type {type(value).__name__}"
    text = text if len(text) <= 80 else text[:77] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
