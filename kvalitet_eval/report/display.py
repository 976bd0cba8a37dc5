"""Show what has passed the publishing gate in a notebook, as it will stand on a page."""

from __future__ import annotations

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.tables import Table
from kvalitet_eval.publish import PublishedFigure, PublishedText
from kvalitet_eval.report.blocks import Figure, Listing, Text
from kvalitet_eval.report.shown import Shown


def show(item: PublishedFigure | PublishedText) -> Shown:
    """Return what a notebook displays when this is the last line of a cell; nothing is stored.

    A chart is drawn with Plotly where that can be shown, otherwise as the page has it; the language is its own.

    Raises
    ------
    ReportError
        RAP-11: something else than a published chart, table or text, for example a frame or a plain text.
    """
    content = item.content if isinstance(item, PublishedFigure) else item
    match content:
        case Chart() if isinstance(item, PublishedFigure):
            return Shown(Figure(content, with_table=False), content.language)
        case Table() if isinstance(item, PublishedFigure):
            return Shown(Listing(content), "nb")
        case PublishedText():
            return Shown(Text(content.text), "nb")
        case _:
            expected = "PublishedFigure | PublishedText"
            raise ReportError.of("RAP-11", found=type(item).__name__, method="show", expected=expected)
