"""The smallest pieces of an SVG drawing: numbers, safe text, lines and markers."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from kvalitet_eval.present import theme

_BASELINE = 0.36
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
Pixel = tuple[float, float]


def digits(value: float) -> str:
    """Return a coordinate with at most one decimal and never a negative zero."""
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0").removesuffix(".0")


def safe(value: str) -> str:
    """Escape text, without the control characters that XML cannot hold."""
    return escape(value.translate(_FORBIDDEN))


def attribute(value: str) -> str:
    """Quote the value of an attribute."""
    return quoteattr(value.translate(_FORBIDDEN))


def grid(lines: Iterable[tuple[Pixel, Pixel]], stroke: str) -> str:
    """Draw level and upright lines of one colour as one path, which takes a third of the bytes; nothing for none."""
    place = "".join(
        f"M{digits(x)} {digits(y)}" + (f"V{digits(below)}" if x == right else f"H{digits(right)}")
        for (x, y), (right, below) in lines
    )
    return f'<path class="grid" d="{place}" stroke="{stroke}"/>' if place else ""


def line(start: Pixel, end: Pixel, stroke: str, width: float = 1, more: str = "") -> str:
    """Draw a straight line."""
    place = f'x1="{digits(start[0])}" y1="{digits(start[1])}" x2="{digits(end[0])}" y2="{digits(end[1])}"'
    thick = f' stroke-width="{digits(width)}"' if width != 1 else ""
    return f'<line {place} stroke="{stroke}"{thick}{more}/>'


def text(x: float, middle: float, value: str, more: str = "", size: float = theme.FONT_SIZE) -> str:
    """Set one line of text; ``middle`` is the middle of its height."""
    return f'<text x="{digits(x)}" y="{digits(middle + size * _BASELINE)}"{more}>{safe(value)}</text>'


def broken(dash: str) -> str:
    """Return the attribute of a broken line; nothing for a solid one."""
    return f' stroke-dasharray="{theme.DASHES[dash]}"' if dash != "solid" else ""


def stroke(dash: str) -> str:
    """Return the attributes of the line of a series."""
    return f'stroke-width="{theme.LINE_WIDTH}" stroke-linejoin="round"{broken(dash)}'


def marker(shape: str, x: float, y: float) -> str:
    """Draw a marker in the colour of its group, with its middle at a pixel."""
    r = theme.MARKER_RADIUS + 0.5
    if shape in ("circle", "circle_open"):
        more = f' fill="{theme.PAPER}" stroke-width="1.8"' if shape == "circle_open" else f' stroke="{theme.PAPER}"'
        return f'<circle cx="{digits(x)}" cy="{digits(y)}" r="{digits(r + 0.5)}"{more}/>'
    if shape == "bar":
        return f'<path class="bar" d="M{digits(x)} {digits(y - 9)}V{digits(y + 9)}" stroke-width="3.5"/>'
    corners = {
        "square": ((-r, -r), (r, -r), (r, r), (-r, r)),
        "diamond": ((0, -r - 2), (r + 2, 0), (0, r + 2), (-r - 2, 0)),
        "triangle": ((0, -r - 1.5), (r + 1, r), (-r - 1, r)),
        "triangle_down": ((0, r + 1.5), (r + 1, -r), (-r - 1, -r)),
    }[shape]
    place = " ".join(f"{digits(x + dx)},{digits(y + dy)}" for dx, dy in corners)
    return f'<polygon points="{place}" stroke="{theme.PAPER}"/>'
