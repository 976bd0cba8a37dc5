"""Read an SVG drawing back: boxes of its texts, and values through the axes it prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from PIL import ImageFont

from kvalitet_eval.present.geometry import text_width

SVG = "{http://www.w3.org/2000/svg}"
FONT = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
FONT_SIZE, BASELINE = 14.0, 0.36
ASCENT, DESCENT = 0.73, 0.22
"""Height of capitals with accents, and depth below the line, in the measured font."""


@dataclass(frozen=True)
class Box:
    words: str
    kind: str
    left: float
    top: float
    right: float
    bottom: float


@lru_cache
def font():
    return ImageFont.truetype(FONT, 1000) if FONT.exists() else None


def measured(words, size):
    """Width of words in the font of most systems; the drawing's own estimate where that font is not installed."""
    return font().getlength(words) * size / 1000 if font() else text_width(words, size)


def boxes(svg):
    """Boxes of every text but the watermark, which lies below everything."""
    return [_box(node) for node in fromstring(svg).iter(f"{SVG}text") if node.get("class") != "watermark"]


def _box(node: Element) -> Box:
    words = "".join(node.itertext())
    size = float(node.get("font-size", FONT_SIZE))
    width = measured(words, size)
    x, y = float(node.get("x")), float(node.get("y"))
    left = x - {"start": 0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
    return Box(words, node.get("class", ""), left, y - ASCENT * size, left + width, y + DESCENT * size)


def overlapping(found, slack=0.3):
    """Pairs of boxes that share more than an edge."""
    return [
        (one, other)
        for place, one in enumerate(found)
        for other in found[place + 1 :]
        if min(one.right, other.right) - max(one.left, other.left) > slack
        and min(one.bottom, other.bottom) - max(one.top, other.top) > slack
    ]


def outside(svg, slack=0.5):
    """Texts that leave the picture."""
    width, height = (float(part) for part in fromstring(svg).get("viewBox").split()[2:])
    return [
        box
        for box in boxes(svg)
        if box.left < -slack or box.top < -slack or box.right > width + slack or box.bottom > height + slack
    ]


def paths(node):
    """The pixels of every run of a path."""
    runs = re.findall(r"M([^MZ]+)", node.get("d"))
    return [[tuple(map(float, pair.split())) for pair in run.split("L")] for run in runs]
