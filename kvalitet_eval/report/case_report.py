"""Begin a report from the case of its municipality or its cohort."""

from __future__ import annotations

from kvalitet_eval.present.say import say
from kvalitet_eval.report.case import Case
from kvalitet_eval.report.cohort_case import CohortCase
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.provenance import run_facts


def start_report(case: Case | CohortCase, language: str = "nb") -> Report:
    """Return an empty report with its title and everything its foot must say."""
    programme = case.config.programme.name
    named = (case.subject.name, programme)
    return Report.start(
        subject=case.subject,
        title=say("case.title", language, name=case.subject.name, programme=programme, facts=named),
        language=language,
        programme=programme,
        origin=case.origin,
        facts=run_facts(case.config, case.imported, case.evaluation, language),
    )
