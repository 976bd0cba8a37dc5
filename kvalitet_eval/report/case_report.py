"""Begin a report from the case of its municipality, its cohort or its programme."""

from __future__ import annotations

from kvalitet_eval.present.say import say
from kvalitet_eval.report.case import Case
from kvalitet_eval.report.cohort_case import CohortCase
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.programme_case import ProgrammeCase
from kvalitet_eval.report.provenance import run_facts


def start_report(case: Case | CohortCase | ProgrammeCase, language: str = "nb") -> Report:
    """Return an empty report with its title and everything its foot must say."""
    programme = case.config.programme.name
    named = (case.subject.name, programme)
    key = "programme.title" if isinstance(case, ProgrammeCase) else "case.title"
    return Report.start(
        subject=case.subject,
        title=say(key, language, name=case.subject.name, programme=programme, facts=named),
        language=language,
        programme=programme,
        origin=case.origin,
        facts=run_facts(case.config, case.imported, case.evaluation, language),
    )
