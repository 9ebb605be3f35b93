"""The markup of pictures: SVG files that a notebook shows as images, and the same as elements of a page.

A notebook that comes through Git is not trusted: of an SVG element its text alone is shown, and of an image with a data
address the picture. Nothing is drawn here, so that whoever makes pages does without Matplotlib.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from html import escape

# The same party has the same colour everywhere. Each keeps a contrast of 3:1 on white, and the page's dark mode
# gives each variable a lighter value (reports/templates/page.css holds both sets).
COLOURS = {
    "KAZ": "#0072b2",
    "RUS": "#c44e00",
    "CHN": "#8a3f8a",
    "EU": "#00795a",
    "other": "#6f6f6f",
    "up": "#00795b",
    "down": "#b3261e",
    "ink": "#1f2328",
    "muted": "#59636e",
    "rule": "#d1d9e0",
    "paper": "#fefefe",
}
IMAGE = re.compile(r'<img alt="(?P<alt>[^"]*)" src="data:image/svg\+xml;base64,(?P<svg>[^"]*)">')
# What a file needs that no page surrounds, and what an element has instead. A dark page must not show through.
ALONE = f'<svg style="background:{COLOURS["paper"]};font-family:system-ui,\'DejaVu Sans\',sans-serif" '
OF_A_PAGE = '<svg aria-hidden="true" focusable="false" style="font-family: var(--chart-font)" '


def image(svg: str, *, alt: str) -> str:
    """An SVG file as an image of an HTML page, with its alternative text."""
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def element(svg: str) -> str:
    """An SVG file as an element of a page that names its font and its colours, so that it may turn dark."""
    svg = re.sub(r' width="[^"]*" height="[^"]*"', "", svg.replace(ALONE, OF_A_PAGE, 1), count=1)
    for name, value in COLOURS.items():
        svg = svg.replace(value, f"var(--{name.lower()})")
    return svg


def alone(svg: str) -> str:
    """An element of a page as an SVG file again, in the colours of a light page."""
    colours = {name.lower(): value for name, value in COLOURS.items()}
    return re.sub(r"var\(--(\w+)\)", lambda name: colours[name[1]], svg.replace(OF_A_PAGE, ALONE, 1))


def wide(html: str) -> str:
    """The image in the HTML of an exhibit as an element of a page."""
    return element(base64.b64decode(IMAGE.search(html)["svg"]).decode())


def with_elements(html: str, pictures: Iterable[Mapping]) -> str:
    """The HTML of exhibits with a wide picture and a narrow one, both as elements, in the place of each image.

    `pictures` give for each image in order `narrow`, the SVG file, and the `marks` of the two.
    """
    following = iter(pictures)

    def both(image: re.Match) -> str:
        picture = next(following)
        marks = picture["marks"]
        return (
            f'<div class="picture" role="img" aria-label="{image["alt"]}">'
            f"<div class=\"wide\" data-marks='{marks[0]}'>{wide(image[0])}</div>"
            f"<div class=\"narrow\" data-marks='{marks[1]}'>{element(picture['narrow'])}</div></div>"
        )

    return IMAGE.sub(both, html)
