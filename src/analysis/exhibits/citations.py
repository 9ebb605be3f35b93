"""What exhibits and pages agree on: citations as text and HTML, and where a page finds what; nothing is drawn here."""

from functools import cache
from html import escape

from analysis.tables import store

FOOTNOTES = "<!-- footnotes -->"  # where a page puts the numbers of an exhibit's sources
BEFORE_WIDE, BEFORE_NARROW = (
    '<div class="wide">',
    '</div><div class="narrow">',
)  # before the picture, and between its two widths


def begins(key: str) -> str:
    """How the HTML of the exhibit of a key begins."""
    return f'<figure class="exhibit" id="{key}"'


def picture(html: str) -> str:
    """The wide picture in the HTML of an exhibit; empty where it is a table."""
    return html.partition(BEFORE_WIDE)[2].partition(BEFORE_NARROW)[0]


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
