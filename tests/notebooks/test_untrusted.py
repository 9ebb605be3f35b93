"""A notebook that comes through Git is not trusted: what viewers leave of its outputs still shows every exhibit."""

import base64
import re
from xml.etree import ElementTree

import bleach
import nbformat
import pytest

from analysis.exhibits.charts import WIDE
from analysis.notebooks import folders

NOTEBOOKS = sorted(folders.ROOT.glob("notebooks/**/*.ipynb"))
# What sanitisers keep: text, tables and images, no style, no script, no drawing.
KEPT = bleach.ALLOWED_TAGS | {"details", "div", "figcaption", "figure", "img", "p", "span", "summary"}
KEPT |= {"table", "tbody", "td", "th", "thead", "tr"}
MOST = 1_500_000  # bytes


def outputs(path) -> list[dict]:
    cells = nbformat.read(path, as_version=4).cells
    return [output["data"] for cell in cells for output in cell.get("outputs", ()) if "data" in output]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_figure_is_a_picture_and_every_table_a_table(path):
    assert path.stat().st_size <= MOST
    for data in outputs(path):
        name = data.get("text/plain", "")
        if not name.startswith(("Figure ", "Table ")):
            continue
        html = re.sub(r"<style.*?</style>", "", data["text/html"], flags=re.DOTALL)
        left = bleach.clean(
            html, tags=KEPT, attributes={"img": ["alt", "src"]}, protocols={"data", "http", "https"}, strip=True
        )
        words = bleach.clean(left, tags=set(), strip=True).replace("&amp;", "&").replace("&lt;", "<")
        for line in name.splitlines():
            assert re.match(r"\w+ [\w-]+: (.*) \[\d+ rows? × ", line)[1] in words, line
        assert "<table" in left and "</table>" in left and "Cite as" in left, name
        pictures = re.findall(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">', left)
        assert len(pictures) == len(re.findall(r"^Figure ", name, flags=re.MULTILINE)), name
        for _, picture in pictures:
            drawn = ElementTree.fromstring(base64.b64decode(picture))
            assert drawn.get("width") == f"{WIDE * 72:g}pt" and float(drawn.get("height").removesuffix("pt")) > 50
            assert list(drawn.iter("{http://www.w3.org/2000/svg}text")) and b"var(" not in base64.b64decode(picture)
