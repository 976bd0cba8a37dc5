"""The evaluation stage: programme-level effects are estimated once, stored, and read by every report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config, OutcomeSettings
from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.errors import EstimationError, Finding, ReportError
from kvalitet_eval.estimate.bracket import bracket, bracket_rows
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.leave_out import judge_leave_out, leave_one_out
from kvalitet_eval.estimate.verdict import Verdict, judge
from kvalitet_eval.prepare.outcome_panel import WEIGHTINGS, outcome_panel
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.sentences import outcome_definite
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.report.imported import (
    Imported,
    marked,
    read_record,
    read_stored,
    to_json,
    write_marked,
)
from kvalitet_eval.report.publishing import PUBLISHED, load_published, publish_evaluation
from kvalitet_eval.report.store import sha256_of, write_atomic
from kvalitet_eval.report.stored_findings import FINDING_COLUMNS, findings_frame
from kvalitet_eval.results import COLUMNS, EffectTable, effect_frame

Progress = Callable[[str], None]
REPORTED_METHODS = ("imputation", "group_time")
CONTRAST_METHOD = "two_way"
TABLE_KINDS = ("overall", "cohort", "event_time")
RECORD = "evaluation.json"
FEWEST_TO_LEAVE_ONE_OUT = 3  # of two, what is left would be the effect of a single municipality
EFFECT_TYPES = {name: dtype for name, (dtype, _) in COLUMNS.items()}
TABLE_TYPES = {
    "effects": EFFECT_TYPES,
    "bracket": {"member": "str", **EFFECT_TYPES},
    "bump": EFFECT_TYPES,
    "leave_one_out": {
        **dict.fromkeys(("outcome", "cohort", "left_out"), "str"),
        **dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high", "difference"), "float64"),
        **dict.fromkeys(("n_treated", "n_comparison"), "Int64"),
    },
    "account": dict.fromkeys(("unit", "role", "reason", "cohort", "note"), "str"),
    "findings": {name: "Int64" if name == "line" else "str" for name in FINDING_COLUMNS},
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of one evaluation that a user may vary; what is not given is the programme file's."""

    comparison: str
    anticipation: int

    @classmethod
    def of(cls, config: Config, *, comparison: str | None = None, anticipation: int | None = None) -> Choices:
        """Fill what is not given from the programme file."""
        chosen = config.comparison
        return cls(comparison or chosen.kind, chosen.anticipation if anticipation is None else anticipation)

    @property
    def folder_name(self) -> str:
        """Name of the folder that holds the results of these choices."""
        return f"{self.comparison}_anticipation_{self.anticipation}"


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Stored effects of a programme.

    Parameters
    ----------
    effects : pandas.DataFrame
        Rows in the vocabulary of ``results.COLUMNS``, all outcomes, weightings and methods.
    bracket : pandas.DataFrame
        ``member`` and the same columns: the seven ways of asking, see ``estimate.bracket``.
    bump : pandas.DataFrame
        How unusual the time just before the start was, see ``estimate.bump``.
    leave_one_out : pandas.DataFrame
        ``outcome``, ``cohort`` and the columns of ``estimate.leave_out``: the first outcome, municipalities alike,
        every cohort of three or more; the first row of each cohort leaves out nobody.
    account : pandas.DataFrame
        ``unit``, ``role``, ``reason``, ``cohort``, ``note``: everybody's part in the comparison.
    findings : pandas.DataFrame
        Warnings that belong to the results.
    record : dict
        Choices, hashes and the intakes that could not be evaluated.
    published : mapping of str to PublishedTable
        What may be shown of all this, by the name of the output: the only part that a report is made of.
    """

    effects: pd.DataFrame
    bracket: pd.DataFrame
    bump: pd.DataFrame
    leave_one_out: pd.DataFrame
    account: pd.DataFrame
    findings: pd.DataFrame
    record: dict[str, object]
    published: Mapping[str, PublishedTable] = field(default_factory=dict)

    def select(self, **wanted: str) -> pd.DataFrame:
        """Return the rows in which every given column has the given value, in stored order.

        ``select(estimand="cohort", cohort="innsats", method="imputation", weighting="municipality", outcome=...)``
        """
        rows = self.effects
        for column, value in wanted.items():
            rows = rows[rows[column] == value]
        return rows.reset_index(drop=True)

    def bracket_rows(self, outcome: str, cohort: str | None = None, *, weighting: str = "municipality") -> pd.DataFrame:
        """Return the seven rows of a cohort, or of all together; empty when the cohort could not be evaluated."""
        rows = self.bracket[(self.bracket["outcome"] == outcome) & (self.bracket["weighting"] == weighting)]
        known = cohort is None or (rows["cohort"] == cohort).any()
        return bracket_rows(rows, cohort) if known else rows.iloc[:0]

    def leave_one_out_check(self, outcome: str, cohort: str) -> CheckResult | None:
        """Return whether a cohort's answer hangs on one municipality; None when it was not asked."""
        rows = self.leave_one_out
        rows = rows[(rows["outcome"] == outcome) & (rows["cohort"] == cohort)].reset_index(drop=True)
        return None if rows.empty else judge_leave_out("leave_one_out", rows.fillna({"left_out": ""}))

    def verdict(self, outcome: OutcomeSettings, cohort: str | None = None) -> Verdict:
        """Say what may be said about a cohort, or all cohorts together: the bracket's answer, municipalities alike."""
        return judge(self.bracket_rows(outcome.id, cohort), improvement=outcome.improvement)


def design_for(
    config: Config, imported: Imported, outcome_id: str, choices: Choices, *, weighting: str = "municipality"
) -> Design:
    """Build panel and comparison of one outcome under the programme's rules."""
    panel = outcome_panel(imported.rows, imported.membership, config, outcome_id, weighting=weighting)
    return compare(
        panel,
        choices.comparison,
        anticipation=choices.anticipation,
        exclude={item.municipality: item.reason for item in config.comparison.exclude},
        size_groups=config.comparison.size_groups,
        published_participants=config.programme.published_participants,
    )


def evaluate(config: Config, imported: Imported, choices: Choices, progress: Progress = lambda _: None) -> Evaluation:
    """Estimate every outcome, weighting and method of a programme, and store the result.

    Raises
    ------
    DesignError, EstimationError
        The comparison cannot be made or nothing can be estimated; nothing is written.
    """
    frames, brackets, bumps, findings, left_out, account = [], [], [], {}, None, None
    for outcome in config.outcomes:
        for weighting in WEIGHTINGS:
            words = {"outcome": outcome_definite(outcome.id), "weighting": text(f"weighting.{weighting}")}
            progress(text("cli.evaluate.outcome", **words))
            design = design_for(config, imported, outcome.id, choices, weighting=weighting)
            if account is None:
                account, left_out = design.account, _leave_one_out(design, outcome.id)
            for table in _tables(design):
                frames.append(table.to_frame())
                findings.update((_identity(item), item) for item in table.warnings)
            asked = bracket(design)
            brackets.append(asked.frame)
            bumps += [] if asked.bump is None else [asked.bump.frame]
            findings.update((_identity(item), item) for item in asked.warnings)
    evaluation = Evaluation(
        effects=pd.concat(frames, ignore_index=True),
        bracket=pd.concat(brackets, ignore_index=True),
        bump=pd.concat(bumps, ignore_index=True) if bumps else effect_frame({"estimate": []}),
        leave_one_out=left_out,
        account=account,
        findings=findings_frame(findings.values()),
        record={
            "programme": config.programme.id,
            "comparison": choices.comparison,
            "anticipation": choices.anticipation,
            "programme_sha256": sha256_of(config.path),
            "import_sha256": imported.sha256,
            "origin": imported.record["origin"],
            "first_quarter": config.window.first,
            "last_quarter": config.window.last,
            "intakes_without_municipalities": _empty_intakes(config, imported),
        },
    )
    return _store(config, imported, choices, evaluation)


def load_evaluation(config: Config, imported: Imported, choices: Choices | None = None) -> Evaluation:
    """Read a stored evaluation back.

    Raises
    ------
    ReportError
        There is none for these choices, or it belongs to another import.
    """
    choices = choices or Choices.of(config)
    folder = evaluation_folder(config, choices)
    path = folder / RECORD
    record = read_record(path) if path.is_file() else {}
    files = {name: marked(folder / f"{name}.csv", str(record.get("origin"))) for name in TABLE_TYPES}
    if missing := [file for file in (path, *files.values()) if not file.is_file()]:
        raise ReportError.of("RAP-33", file=missing[0], programme=config.path.name)
    published = folder / PUBLISHED
    is_own = published.is_file() and sha256_of(published) == record.get("published_sha256")
    if record.get("import_sha256") != imported.sha256 or not is_own:
        raise ReportError.of("RAP-34", file=path, programme=config.path.name)
    tables = {name: read_stored(file, TABLE_TYPES[name]) for name, file in files.items()}
    return Evaluation(**tables, record=record, published=load_published(config, folder))


def ensure_evaluation(config: Config, imported: Imported) -> Evaluation:
    """Read the evaluation under the programme's own rules back, or make it when it is missing or out of date."""
    try:
        return load_evaluation(config, imported)
    except ReportError:
        return evaluate(config, imported, Choices.of(config))


def evaluation_folder(config: Config, choices: Choices) -> Path:
    """Folder of the stored results of some choices."""
    return config.processed / "evaluation" / choices.folder_name


def _tables(design: Design) -> list[EffectTable]:
    tables = [estimate(design, CONTRAST_METHOD)]
    for method in REPORTED_METHODS:
        cells = estimate(design, method)
        tables += [cells.aggregate(kind) for kind in TABLE_KINDS]
        tables += [cells.aggregate("cell", cohort=cohort.name) for cohort in design.cohorts]
    return tables


def _leave_one_out(design: Design, outcome: str) -> pd.DataFrame:
    """Ask for every cohort of some size whether its answer hangs on one municipality."""
    types = TABLE_TYPES["leave_one_out"]
    frames = []
    for name in (cohort.name for cohort in design.cohorts if cohort.size >= FEWEST_TO_LEAVE_ONE_OUT):
        with suppress(EstimationError):  # a cohort without an effect; the table of effects and its warnings say so
            frames.append(leave_one_out(design, cohort=name).to_frame().assign(outcome=outcome, cohort=name))
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(types))
    return table[list(types)].astype(types)


def _identity(item: Finding) -> tuple[object, ...]:
    return (*(getattr(item, name) for name in ("code", "file", "line", "column", "found")), *item.facts.items())


def _empty_intakes(config: Config, imported: Imported) -> list[str]:
    present = set(imported.membership["intake"].dropna())
    return [intake.id for intake in config.intakes if intake.id not in present]


def _store(config: Config, imported: Imported, choices: Choices, evaluation: Evaluation) -> Evaluation:
    """Publish and write an evaluation, its record last: without it there is no evaluation."""
    folder, origin = evaluation_folder(config, choices), str(evaluation.record["origin"])
    publish_evaluation(config, imported, evaluation, folder)
    for name in TABLE_TYPES:
        write_marked(folder / f"{name}.csv", getattr(evaluation, name), origin)
    record = {**evaluation.record, "published_sha256": sha256_of(folder / PUBLISHED)}
    write_atomic(folder / RECORD, to_json(record))
    return replace(evaluation, record=record, published=load_published(config, folder))
