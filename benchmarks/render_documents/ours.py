"""One stored report in each form, and its charts; every function prepares and returns the call."""

from __future__ import annotations

from collections.abc import Callable

from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.report.blocks import Figure
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.sheets import render_workbook
from kvalitet_eval.report.word import render_word

Call = Callable[[], dict[str, float]]


def _sized(stored: str, render: Callable[[Report], bytes]) -> Call:
    report = load(stored)
    return lambda: {"kB": len(render(report)) / 1000}


def html(stored: str) -> Call:
    return _sized(stored, lambda report: render_page(report).encode())


def pdf(stored: str) -> Call:
    from kvalitet_eval.report.pdf import render_pdf

    return _sized(stored, render_pdf)


def docx(stored: str) -> Call:
    return _sized(stored, render_word)


def xlsx(stored: str) -> Call:
    return _sized(stored, render_workbook)


def svg(stored: str) -> Call:
    """All charts of the report; the time of one is the table's, divided by their number."""
    charts = [block.chart for block in load(stored).blocks if isinstance(block, Figure)]
    return lambda: {"kB": sum(len(to_svg(chart).encode()) for chart in charts) / 1000, "charts": len(charts)}
