"""Run the cells of a report's template in this process, as JupyterLab would, and return the report that it made."""

from __future__ import annotations

import json
from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.report.blocks import Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.parameters import check_parameters


def run_template(config: Config, name: str, results_file: Path, **parameters: str) -> Report:
    """Run ``notebooks/reports/<name>.ipynb`` on a programme and load what it stored.

    Parameters
    ----------
    results_file : pathlib.Path
        Where the template stores its results.
    **parameters
        Of the template, beside ``programme`` and ``results_file``.
    """
    notebook = config.root / "notebooks" / "reports" / f"{name}.ipynb"
    given = {"programme": str(config.path), "results_file": str(results_file), **parameters}
    checked = check_parameters(notebook, given)
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), str(notebook), "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(checked)
    return load(results_file)


def headings(report: Report) -> list[str]:
    """Return the headings of a report in order."""
    return [block.heading for block in report.blocks if isinstance(block, Section)]


def under(report: Report, heading: str) -> list[object]:
    """Return the blocks of one section."""
    blocks, inside = [], False
    for block in report.blocks:
        if isinstance(block, Section):
            inside = block.heading == heading
        elif inside:
            blocks.append(block)
    return blocks


def said(report: Report) -> str:
    """Return every word of a report, no-break spaces as spaces."""
    words: list[str] = [report.title]
    for block in report.blocks:
        match block:
            case Section(text) | Text(text) | Notice(_, text):
                words.append(text)
            case Figure(chart):
                words += chart.words()
            case Listing(table):
                words += table.words()
            case Picture(alt=alt, caption=caption):
                words += [alt, caption]
    return "\n".join(words).replace("\u00a0", " ")


def tables(report: Report) -> dict[str, object]:
    """Return the tables of a report by id."""
    return {block.table.id: block.table for block in report.blocks if isinstance(block, Listing)}
