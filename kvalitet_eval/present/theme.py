"""Colours, fonts and sizes of everything that is drawn, in one place.

Every colour has a contrast of at least 3.3:1 against white and differs from its neighbours under three forms of
colour-vision deficiency; a dash or a marker shape always says the same as the colour.
"""

from __future__ import annotations

from types import MappingProxyType

from kvalitet_eval.present.chart_parts import Marker

FONT_FAMILY = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
FONT_SIZE = 14
SMALL_FONT_SIZE = 13
TITLE_FONT_SIZE = 18
LINE_HEIGHT = 1.3

INK = "#1F2933"
MUTED = "#4B5560"
GRID = "#E3E7EB"
AXIS = "#8A949E"
PAPER = "#FFFFFF"
LAND = "#DDE2E7"
WATERMARK = "#5A6672"
WATERMARK_OPACITY = 0.15
BAND_OPACITY = 0.16
OUTLINE_OPACITY = 0.35

ROLE_COLOURS = MappingProxyType({"participant": "#005AA8", "comparison": "#5A5A5A", "contrast": "#B34700"})
OTHER_COLOURS = ("#7A00F4", "#CC4900", "#4C0000", "#32998C", "#071544")
COHORT_COLOURS = ("#4C1B00", "#008DF4", "#998E32", "#00104C")

COHORT_MARKERS: tuple[Marker, ...] = ("circle", "square", "diamond", "triangle", "triangle_down", "circle_open")

LINE_WIDTH = 2.5
INTERVAL_WIDTH = 1.8
SPAN_WIDTH = 6
MARKER_RADIUS = 3.5
DASHES = MappingProxyType({"solid": "", "dash": "7 4", "dot": "2 4"})
PLOTLY_DASHES = MappingProxyType({"solid": "solid", "dash": "dash", "dot": "dot"})
PLOTLY_MARKERS = MappingProxyType(
    {
        "circle": "circle",
        "circle_open": "circle-open",
        "square": "square",
        "diamond": "diamond",
        "triangle": "triangle-up",
        "triangle_down": "triangle-down",
        "bar": "line-ns",
    }
)

WIDE = (720, 400)
NARROW = (340, 400)
TEXT_CONTRAST = 4.5


def colour(role: str, index: int = 0, n: int = 1) -> str:
    """Return the colour of a role; ``index`` of ``n`` tells several series of the role "other" or "cohort" apart."""
    if role in ROLE_COLOURS:
        return ROLE_COLOURS[role]
    palette = COHORT_COLOURS if role == "cohort" and n <= len(COHORT_COLOURS) else OTHER_COLOURS
    return palette[index % len(palette)]


def interval_width(kind: str) -> float:
    """Return how thick an interval is drawn: one of quarters is a span of time, others are limits of a number."""
    return SPAN_WIDTH if kind == "quarter" else INTERVAL_WIDTH


def cohort_marker(index: int) -> Marker:
    """Return the shape of a cohort: with its colour it differs from that of every other of thirty cohorts."""
    return COHORT_MARKERS[index % len(COHORT_MARKERS)]


def text_colour(line_colour: str) -> str:
    """Return the colour for text that belongs to a line: the line's own when it is dark enough to be read."""
    return line_colour if contrast(line_colour, PAPER) >= TEXT_CONTRAST else INK


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours ``#RRGGBB`` as WCAG 2.1 defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(hex_colour: str) -> float:
    shares = [int(hex_colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
