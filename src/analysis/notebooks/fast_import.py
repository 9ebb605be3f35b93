"""Import this before any Jupyter library: it saves most of their start-up time, and changes nothing else here.

``jsonschema`` imports ``rfc3987_syntax``, which builds some 35 parsers (0.8 s at every start of papermill,
nbconvert, nbval and pytest), to check IRI formats. No notebook schema has such a format, and ``jsonschema`` does
without the module when it is missing; ``None`` in ``sys.modules`` is Python's way to say that it is.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
