"""The same report by other ways: the executed notebook converted, the page printed by a browser, a figure exported.

Browsers and converters are started before the first call: what is measured is the document, not the start.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Call = Callable[[], dict[str, float]]


def nbconvert_html(notebook: str) -> Call:
    """The notebook that made the report, with what it showed."""
    import nbformat
    from nbconvert import HTMLExporter

    node = nbformat.read(notebook, as_version=4)
    exporter = HTMLExporter()
    return lambda: {"kB": len(exporter.from_notebook_node(node)[0].encode()) / 1000}


def browser_pdf(page: str, chromium: str) -> Call:
    """The report's own page, opened and printed on A4."""
    from playwright.sync_api import sync_playwright

    browser = sync_playwright().start().chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    window = browser.new_page()

    def call() -> dict[str, float]:
        window.goto(Path(page).resolve().as_uri())
        return {"kB": len(window.pdf(format="A4")) / 1000}

    return call


def kaleido_svg(figures: str) -> Call:
    """The same charts as figures of plotly, by the library's own exporter, its browser kept open."""
    import kaleido
    import plotly.graph_objects as go

    drawn = [go.Figure(figure) for figure in json.loads(Path(figures).read_text(encoding="utf-8"))]
    kaleido.start_sync_server()
    options = {"format": "svg", "width": 720, "height": 400}

    def call() -> dict[str, float]:
        files = [kaleido.calc_fig_sync(figure, opts=options) for figure in drawn]
        return {"kB": sum(map(len, files)) / 1000, "charts": len(files)}

    return call
