"""What exhibits and pages agree on: citations as text and HTML, and where a page finds what; nothing is drawn here."""

from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape

from analysis.tables import store

PACKAGE = "kazakhstan-russia-relations"
PROJECT = "Kazakhstan–Russia relations in notebooks"
MOST_PUBLISHERS = 6
UNSTATED = "not stated on the page read"  # a licence that the list of a page leaves out, and says so once
FOOTNOTES = "<!-- footnotes -->"  # where a page puts the numbers of an exhibit's sources
SOURCES = ("<!-- sources -->", "<!-- /sources -->")  # between which are the citations that a page has in its own list


def begins(key: str) -> str:
    """How the HTML of the exhibit of a key begins."""
    return f'<figure class="exhibit" id="{key}"'


@cache
def cited(source: str) -> str:
    """A citation, remembered, for exhibits name the same few sources over and over."""
    return store.cite(source)


def publishers(sources: Sequence[str]) -> str:
    """Who published some sources, each named once, the first few by name."""
    rows = _sources()
    names = list(dict.fromkeys(rows[source]["publisher"] for source in sources))
    more = f" and {len(names) - MOST_PUBLISHERS} more" if len(names) > MOST_PUBLISHERS else ""
    return "; ".join(names[:MOST_PUBLISHERS]) + more


def linked(source: str) -> str:
    """A citation as HTML with its address as a link."""
    return " ".join(_word(escape(word)) for word in cited(source).split(" "))


def in_list(source: str) -> str:
    """A citation as HTML for the list of a page, whose style prints the addresses and which says what `UNSTATED` is."""
    row = _sources()[source]
    told = row | {"licence": None} if row["licence"].startswith(UNSTATED) else row
    return " ".join(_word(escape(word), whole=False) for word in store.citation(told).split(" "))


def _sources() -> dict[str, dict[str, object]]:
    return _by_id(store.path("sources").read_bytes())


@lru_cache(maxsize=1)
def _by_id(content: bytes) -> dict[str, dict[str, object]]:
    return store.load("sources").set_index("source_id").to_dict("index")


def _word(word: str, *, whole: bool = True) -> str:
    address = word.rstrip(".,;")
    if not address.startswith(("http://", "https://")):
        return word
    shown = address if whole else address.split("/")[2]
    return f'<a href="{address}">{shown}</a>{word[len(address) :]}'
