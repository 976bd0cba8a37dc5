"""What the reader of a report meets: its stored report, its page as words, and names that are nobody's translation."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from run_template import run_template

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.model import Report

SPOKEN = re.compile(r'\s(?:alt|title|aria-label|aria-description|content)="([^"]*)"')
UNSEEN = re.compile(r"<(style|script)\b.*?</\1>", re.S)


@cache
def stored_report(programme: Path, template: str, language: str, **subject: str) -> Report:
    """Run a report's template on a programme once for each process, and return what it stored."""
    with tempfile.TemporaryDirectory() as folder:
        return run_template(load_config(programme), template, Path(folder) / "r.json", language=language, **subject)


def page_text(report: Report) -> str:
    """Everything that is read or heard of a page: its text and its attributes for screen readers."""
    page = UNSEEN.sub(" ", render_page(report))
    spoken = " ".join(SPOKEN.findall(page))
    return html.unescape(re.sub(r"<[^>]+>", " ", page) + " " + spoken).replace("\u00a0", " ").replace("\u00ad", "")


def names_in(programme: Path) -> list[str]:
    """Names that are the same in every language, the longest first: they are nobody's translation."""
    return sorted(filter(None, {*_names(load_config(programme))}), key=lambda name: -len(name))


def _names(config: Config) -> Iterator[str]:
    yield config.programme.name
    yield config.panel.source
    for intake in config.intakes:
        yield intake.name
    for measure in config.co_interventions:
        yield measure.name
    for name in ("population", "municipalities"):
        rows = config.file(name).read_text("utf-8").splitlines()[1:]
        yield from (part for row in rows for part in row.split(",")[1:3])
    for row in config.file("participants").read_text("utf-8").splitlines()[1:]:
        yield row.replace(";", ",").split(",")[1]
