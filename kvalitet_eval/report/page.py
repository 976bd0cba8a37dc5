"""Pages that every reader of a report may need: the method in plain words, the glossary, the accessibility statement.

They are made by a template and stored as results like every other document, so that they get the same formats, checks
and addresses; all that they say is in the catalogues.
"""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.present import glossary, pages
from kvalitet_eval.present.alphabet import norwegian_order
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.report.evaluation import ensure_evaluation
from kvalitet_eval.report.imported import ensure_imported
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.results import OBSERVED

PAGES: tuple[str, ...] = tuple(pages.SECTIONS)


def make_page(programme: str, page: str, language: str = "nb") -> Report:
    """Return a page with everything it says.

    Parameters
    ----------
    programme : str
        Programme file: whom a reader can tell, and what the programme's reports rest on.
    page : {"method", "glossary", "accessibility"}
        Which one.

    Raises
    ------
    UsageError
        BRK-30: there is no such page.
    """
    if page not in PAGES:
        raise UsageError.of("BRK-30", column="page", found=page, allowed=", ".join(PAGES))
    config = load_config(programme)
    imported = ensure_imported(config)
    title = say(f"page.{page}.title", language)
    report = Report.start(
        subject=Subject("page", page, str(title)),
        title=title,
        language=language,
        programme=config.programme.name,
        origin=OBSERVED,
        facts=run_facts(config, imported, ensure_evaluation(config, imported), language),
        document="page",
    )
    for section in pages.SECTIONS[page]:
        heading, words = pages.section_words(page, section, language)
        report.section(heading)
        report.text(words)
    if page == "glossary":
        report.table(pages.glossary_table(_terms(OpenTables.of(config), language), language))
    if page == "accessibility":
        for name in ("contact", "checked"):
            report.section(say(f"page.accessibility.{name}.heading", language))
            words, is_stated = pages.stated_words(name, getattr(config.accessibility, name), language)
            if is_stated:
                report.text(words)
            else:
                report.notice("missing", words)
    return report


def _terms(tables: OpenTables, language: str) -> PublishedTable:
    rows = [(glossary.term(id, language), glossary.meaning(id, language)) for id in glossary.TERMS]
    frame = pd.DataFrame(rows, columns=["term", "meaning"])
    return tables("glossary", frame.sort_values("term", key=lambda terms: terms.map(norwegian_order)))
