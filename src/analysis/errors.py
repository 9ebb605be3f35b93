"""What the command tells in one sentence and without a traceback; nothing heavy is imported here."""


class CallError(ValueError):
    """The call names something that does not exist or cannot be used."""


class ParameterError(ValueError):
    """A parameter or its value is not what the notebook declares."""


class DataError(ValueError):
    """A table, a source or the descriptor is not as declared; the message is one sentence."""


class BuildError(RuntimeError):
    """A notebook did not run to its end, or its report could not be written."""
