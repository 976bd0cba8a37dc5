"""What a page says about where its figures come from; light, because every report notebook needs it."""

from __future__ import annotations

from kvalitet_eval.config import Config
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.evaluation import Evaluation
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.open_tables import policy_of


def run_facts(config: Config, imported: Imported, evaluation: Evaluation, language: str = "nb") -> RunFacts:
    """What every page prints at its foot: data, period, method, hashes and version."""
    record = evaluation.record
    comparison = text(f"comparison.{record['comparison']}", language)
    return RunFacts.collect(
        config,
        policy_of(config),
        source=panel_source(imported, language),
        period=numbers.window(str(record["first_quarter"]), str(record["last_quarter"]), language),
        method=text("case.method", language, comparison=comparison),
        n_municipalities=int((evaluation.account["role"] != "left_out").sum()),
        data_sha256=str(imported.record["panel_sha256"]),
    )


def panel_source(imported: Imported, language: str = "nb") -> str:
    """Name the panel's source as it stands under figures and tables."""
    key = "case.source.synthetic" if imported.is_synthetic else "case.source.observed"
    return text(key, language, file=imported.record["source_file"])
