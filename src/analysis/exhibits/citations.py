"""Citations as text and as HTML, for exhibits and pages; nothing is drawn here."""

from functools import cache
from html import escape

from analysis.tables import store


@cache
def cited(source: str) -> str:
    """A citation, remembered, for exhibits name the same few sources over and over."""
    return store.cite(source)


def linked(source: str) -> str:
    """A citation as HTML with its address as a link."""
    return " ".join(_word(escape(word)) for word in cited(source).split(" "))


def _word(word: str) -> str:
    address = word.rstrip(".,;")
    if not address.startswith(("http://", "https://")):
        return word
    return f'<a href="{address}">{address}</a>{word[len(address) :]}'
