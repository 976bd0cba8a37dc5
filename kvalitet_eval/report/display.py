"""Show a chart, a table or a sentence in a notebook, as it will stand on a page."""

from __future__ import annotations

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.tables import Table
from kvalitet_eval.report.blocks import Figure, Listing, Text
from kvalitet_eval.report.model import Shown


def show(item: Chart | Table | str) -> Shown:
    """Return what a notebook displays when this is the last line of a cell; nothing is stored.

    A chart is drawn with Plotly where that can be shown, otherwise as the page has it; the language is its own.

    Raises
    ------
    ReportError
        RAP-11: something else than a chart, a table or a text, for example a frame.
    """
    match item:
        case Chart():
            return Shown(Figure(item, with_table=False), item.language)
        case Table():
            return Shown(Listing(item), "nb")
        case str():
            return Shown(Text(item), "nb")
        case _:
            raise ReportError.of("RAP-11", found=type(item).__name__, method="show", expected="Chart | Table | str")
