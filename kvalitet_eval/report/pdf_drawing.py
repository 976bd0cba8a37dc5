"""A chart's drawing as the PDF shows it: in the document's font, and with light edges that leave the words whole."""

from __future__ import annotations

import re

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.to_svg import to_svg

FONT = "Libertinus Serif"
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_ATTRIBUTES = r'((?: (?!paint-order)[\w-]+="[^"]*")*)'
_EDGED = re.compile(rf'<text{_ATTRIBUTES} paint-order="stroke"{_ATTRIBUTES}>([^<]*)</text>')
_STROKE = re.compile(r' stroke(?:-\w+)?="[^"]*"')
_FILL = re.compile(r' fill="[^"]*"')


def draw(chart: Chart, width: int, height: int) -> tuple[str, float, float]:
    """Return the drawing as SVG, and how wide and high it became in pixels; arguments as for ``to_svg``."""
    svg = to_svg(chart, width, height).replace(f'"{theme.FONT_FAMILY}"', f'"{FONT}"', 1)
    wide, high = _BOX.search(svg).groups()
    return lay_edges_under(svg), float(wide), float(high)


def lay_edges_under(svg: str) -> str:
    """Draw light edges of words as words of their own, below.

    A PDF draws edge and body of one sign after the other, so that the edge of each would cover part of the one before.

    Examples
    --------
    >>> lay_edges_under('<text x="1" paint-order="stroke" stroke="#FFF" stroke-width="4">Mål</text>')
    '<text x="1" stroke="#FFF" stroke-width="4" fill="#FFFFFF">Mål</text><text x="1">Mål</text>'
    """
    return _EDGED.sub(_in_two, svg)


def _in_two(edged: re.Match[str]) -> str:
    attributes, words = f"{edged[1]}{edged[2]}", edged[3]
    below = f'{_FILL.sub("", attributes)} fill="{theme.PAPER}"'
    return f"<text{below}>{words}</text><text{_STROKE.sub('', attributes)}>{words}</text>"
