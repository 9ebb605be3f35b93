"""What an exhibit gives away: its numbers as CSV, and a description of them that a program can read.

The files stand in the exhibit's HTML as data addresses, so that they come along wherever it goes, and can be had back
from there.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import store

if TYPE_CHECKING:
    from analysis.exhibits.exhibit import Exhibit

MOST_CITED = 40  # sources: an exhibit of more names them once, by their keys in data/sources.csv
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "CC BY 4.0 for the compilation; each source keeps its own terms",
}
BEGINS, KIND, PAYLOAD = '<a download="', '" href="data:', ";base64,"


def links(exhibit: Exhibit, *, project: str) -> str:
    """The links to the CSV file and to the description of it."""
    # Spreadsheets take a text without a byte-order mark for one in the letters of their own country.
    table = _link(f"{exhibit.key}.csv", "text/csv", exhibit.csv.encode("utf-8-sig"), "Download these numbers (CSV)")
    lines = [f"{_json(name)}: {_json(value)}" for name, value in described(exhibit, project=project).items()]
    told = "{\n" + ",\n".join(lines) + "\n}\n"  # a line a thing: short, and to be read
    about = _link(f"{exhibit.key}.json", "application/json", told.encode(), "About (JSON)")
    return f'<p class="links">{table} · {about}</p>\n'


def _link(name: str, kind: str, content: bytes, words: str) -> str:
    payload = base64.b64encode(content).decode()
    return f'{BEGINS}{escape(name)}{KIND}{kind}{PAYLOAD}{payload}">{words}</a>'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def given(html: str) -> dict[str, bytes]:
    """The files that the HTML of exhibits gives away, by their names; no text of an exhibit can look like one."""
    files = {}
    for part in html.split(BEGINS)[1:]:
        name, _, rest = part.partition(KIND)
        files[name] = base64.b64decode(rest.partition(PAYLOAD)[2].partition('"')[0])
    return files


def from_table(html: str, name: str) -> str:
    """The HTML of exhibits, with the file of a name left to the page's script to make of the table that shows it."""
    before, begins, rest = html.partition(f"{BEGINS}{escape(name)}{KIND}")
    return (
        before + f'{BEGINS}{escape(name)}" href="#{escape(name.removesuffix(".csv"))}' + rest[rest.index('"') :]
        if begins
        else html
    )


def described(exhibit: Exhibit, *, project: str) -> dict[str, object]:
    """The exhibit's CSV file as a Data Package (https://datapackage.org): what it shows, its columns and sources."""
    index, rows = exhibit.table.index, exhibit.table
    columns = [(index.name or "row", index.dtype), *zip(rows.columns, rows.dtypes, strict=True)]
    many = [{"title": f"{len(exhibit.sources)} sources, whose keys in data/sources.csv stand below the exhibit"}]
    told = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": exhibit.key,
        "title": exhibit.title,
        "measure": exhibit.subtitle,
        "note": exhibit.note,
        "parameters": dict(exhibit.parameters),
        "project": project,
        "digest": exhibit.digest,
        "licenses": [LICENCE],
        "sources": many if len(exhibit.sources) > MOST_CITED else [_source(key) for key in exhibit.sources],
        "resources": [
            {
                "name": exhibit.key,
                "type": "table",
                "path": f"{exhibit.key}.csv",
                "schema": {"fields": [{"name": str(name), "type": _type(dtype)} for name, dtype in columns]},
            }
        ],
    }
    return {name: value for name, value in told.items() if value}


def _type(dtype: object) -> str:
    """What the Table Schema calls the type of a column."""
    for known, type_ in (("bool", "boolean"), ("integer", "integer"), ("numeric", "number")):
        if getattr(pd.api.types, f"is_{known}_dtype")(dtype):
            return type_
    return "string"


@cache
def _source(key: str) -> dict[str, str]:
    row = store.load("sources").set_index("source_id").loc[key]
    told = {"name": key, "title": row["title"], "publisher": row["publisher"], "path": row["url"]}
    return {name: text for name, text in told.items() if isinstance(text, str)}
