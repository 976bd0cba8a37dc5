"""Begin a municipality's report from its case."""

from __future__ import annotations

from kvalitet_eval.present.messages import text
from kvalitet_eval.report.case import Case
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.provenance import run_facts


def start_report(case: Case, language: str = "nb") -> Report:
    """Return an empty report with the municipality's title and everything its foot must say."""
    programme = case.config.programme.name
    return Report.start(
        kind="municipality",
        municipality_number=case.number,
        municipality_name=case.name,
        title=text("case.title", language, name=case.name, programme=programme),
        language=language,
        programme=programme,
        origin=case.origin,
        facts=run_facts(case.config, case.imported, case.evaluation, language),
    )
