"""The same exhibit in other money or from other books: alternatives, of which a page shows one at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from analysis.exhibits.exhibit import Exhibit, bundle


@dataclass(frozen=True)
class Tabs:
    """Exhibits by the words on their tabs: the first stands open, the others folded below it until a page makes tabs.

    Each is an exhibit of its own, with its title, picture, numbers, sources and address. `before` stands before the
    words of a folded one.
    """

    exhibits: Mapping[str, Exhibit]
    before: str = "The same, "

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.exhibits.values()))

    @property
    def first(self) -> Exhibit:
        """The first of them alone, and open."""
        return replace(next(iter(self.exhibits.values())), folded=False)

    def html(self) -> str:
        """All exhibits within one element, `data-tab` naming each."""
        (words, first), *others = self.exhibits.items()
        folded = "".join(
            f'<details class="fold" data-tab="{escape(name)}"><summary>{escape(self.before + name)}</summary>\n'
            f"{exhibit.html()}</details>\n"
            for name, exhibit in others
        )
        return (
            f'<div class="tabs" id="{escape(first.key)}-tabs">\n'
            f'<div data-tab="{escape(words)}">\n{first.html()}</div>\n{folded}</div>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, str], dict[str, object]]:
        return bundle(repr(self), self.html(), [exhibit.told for exhibit in self.exhibits.values()])


def tabs(exhibits: Mapping[str, Exhibit]) -> Tabs:
    """Alternatives of one exhibit by what tells them apart (`in tenge`); the first keeps its key, others extend it.

    What says the same with the same numbers as one before it is left out.
    """
    apart = {exhibit.digest: words for words, exhibit in reversed(exhibits.items())}
    (first, exhibit), *others = ((words, one) for words, one in exhibits.items() if words in apart.values())
    named = {words: replace(other, key=f"{other.key}-{_slug(words)}") for words, other in others}
    return Tabs({first: exhibit} | named)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.partition(" ")[2].lower())
