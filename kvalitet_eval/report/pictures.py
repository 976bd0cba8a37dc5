"""Charts as pictures for files that cannot hold a drawing, with the letters of a font that comes with the package."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import resvg_py

from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.to_svg import to_svg

FONT_FAMILY = "Liberation Sans"
FONTS = tuple(
    str(Path(__file__).parent / "templates" / f"LiberationSans-{weight}.ttf") for weight in ("Regular", "Bold")
)
ZOOM = 1.6
"""Dots for each pixel, which makes 154 to the inch; the time of drawing grows with their square."""
_SIZE = struct.Struct(">II")
_SIZE_AT = 16


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture as PNG, and the size at which its type has its intended size, in pixels of 1/96 inch."""

    png: bytes
    width: int
    height: int


def draw_picture(chart: Chart, width: int, height: int) -> DrawnPicture:
    """Draw a chart, the same bytes on every machine: the system's fonts are not asked.

    Parameters
    ----------
    chart : Chart
        What to draw.
    width, height : int
        As for :func:`kvalitet_eval.present.to_svg.to_svg`.
    """
    png = resvg_py.svg_to_bytes(
        svg_string=to_svg(chart, width, height, can_be_pointed_at=False),
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=list(FONTS),
        font_family=FONT_FAMILY,
        sans_serif_family=FONT_FAMILY,
    )
    pixels = _SIZE.unpack_from(png, _SIZE_AT)
    return DrawnPicture(png, round(pixels[0] / ZOOM), round(pixels[1] / ZOOM))
