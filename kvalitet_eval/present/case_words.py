"""What a municipality's report says: sentences that carry their uncertainty, their comparison and their limits."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kvalitet_eval.estimate.regression_to_mean import ExpectedChange
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.messages import text

LANGUAGE = "nb"
PeriodPair = tuple[tuple[str, str], tuple[str, str]]


def level_sentence(own: pd.DataFrame, peers: pd.DataFrame, *, name: str, outcome: str, language: str = LANGUAGE) -> str:
    """Say how high the last complete four-quarter rate is beside the peers'; frames as for ``development_chart``."""
    whole = own[own["complete"] & own["rate_pct"].notna()]
    if whole.empty:
        return text("case.level.none", language, name=name)
    last = whole.iloc[-1]
    other = peers.loc[peers["window_end"] == last["window_end"], "rate_pct"]
    return text(
        "case.level",
        language,
        name=name,
        outcome=sentences.outcome_definite(outcome, language),
        quarter=numbers.quarter(last["window_end"], language),
        own=numbers.percent(last["rate_pct"], 1, language),
        peers=numbers.percent(other.iloc[0] if len(other) else None, 1, language),
    )


def before_after_sentences(
    found: ExpectedChange, periods: PeriodPair, *, name: str, outcome: str, language: str = LANGUAGE
) -> str:
    """Say how the municipality changed and how much of it is expected of its level without any programme.

    ``periods`` holds the first and last quarter of the year before and of the year after.
    """
    before, after = (numbers.window(*period, language) for period in periods)
    inside = found.expected_low <= found.change <= found.expected_high
    values = {
        "name": name,
        "outcome": sentences.outcome_definite(outcome, language),
        "before": before,
        "after": after,
        "change": numbers.points(found.change, 2, language),
        "expected": numbers.points(found.expected, 2, language),
        "interval": numbers.interval(found.expected_low, found.expected_high, 2, language),
        "level": numbers.percent(100 * found.level, 0, language),
        "n": numbers.count(found.n_comparison, language),
        "common": numbers.points(found.common, 2, language),
        "regression": numbers.points(found.regression, 2, language),
    }
    return " ".join(
        [
            text("case.before_after.change", language, **values),
            text("case.before_after.expected", language, **values),
            text(f"case.before_after.{'inside' if inside else 'outside'}", language, **values),
        ]
    )


def selection_sentence(selected_high: int, selected_low: int, *, intake: str, language: str = LANGUAGE) -> str:
    """Say that a fall is expected because of how the intake was chosen; empty when nobody was chosen for the level."""
    if not selected_high + selected_low:
        return ""
    counts = {"high": numbers.count(selected_high, language), "low": numbers.count(selected_low, language)}
    return text("case.selection", language, intake=intake, **counts)


def effect_sentences(
    row: Mapping[str, object] | None, *, intake: str, outcome: str, verdict: sentences.Verdict, language: str = LANGUAGE
) -> str:
    """Say what was estimated for an intake, how sure it is, who it was compared with and what could have been seen.

    Parameters
    ----------
    row : mapping or None
        One row in the vocabulary of ``results.COLUMNS``; None when there is no estimate.
    intake, outcome : str
        Name of the intake as readers know it; identifier of the outcome.
    verdict : str
        From ``estimate.verdict.judge``.
    """
    if row is None or pd.isna(row["estimate"]):
        return text("case.effect.not_estimated", language, intake=intake)
    values = {
        "intake": intake,
        "outcome": sentences.outcome_definite(outcome, language),
        "estimate": numbers.points(row["estimate"], 2, language),
        "interval": numbers.interval(row["conf_low"], row["conf_high"], 2, language),
        "level": numbers.percent(100 * float(row["conf_level"]), 0, language),
        "n_treated": numbers.count(row["n_treated"], language),
        "n_comparison": numbers.count(row["n_comparison"], language),
        "comparison": text(f"comparison.{row['comparison']}", language),
        "detectable": numbers.number(row["smallest_detectable"], 2, language),
    }
    known = pd.notna(row["conf_low"])
    parts = [
        text("case.effect.estimate" if known else "case.effect.without_interval", language, **values),
        text("case.effect.comparison", language, **values),
        text(f"case.effect.verdict.{verdict}", language, **values),
        *([text("case.effect.detectable", language, **values)] if known else []),
    ]
    return " ".join(parts)


def summary_sentences(*, name: str, intake: str | None, verdict: sentences.Verdict, language: str = LANGUAGE) -> str:
    """Say the answer first: whether the intake as a whole did better, and that one municipality cannot tell."""
    if intake is None:
        return text("case.summary.start_unknown", language, name=name)
    answer = text(f"case.summary.{verdict}", language, name=name, intake=intake)
    return f"{answer} {text('case.summary.alone', language, name=name)}"


def limit_sentences(*, has_intake: bool, is_synthetic: bool, is_selected: bool, language: str = LANGUAGE) -> list[str]:
    """List what the report does not show."""
    keys = ["single"] if has_intake else ["no_start"]
    keys += ["selected"] if is_selected else []
    keys += ["comparison", "timing", "quality"]
    keys += ["synthetic"] if is_synthetic else []
    return [text(f"case.limits.{key}", language) for key in keys]


def account_sentence(account: pd.DataFrame, *, published: int, known: int, language: str = LANGUAGE) -> str:
    """Say who was compared, who was left out and why, and how many participants nobody has named."""
    counts = account["role"].value_counts()
    left = account.loc[account["role"] == "left_out", "reason"].value_counts().sort_index()
    reasons = "; ".join(
        text(
            "case.account.reason",
            language,
            reason=text(f"reason.{reason}", language).lower(),
            n=numbers.count(n, language),
        )
        for reason, n in left.items()
    )
    return text(
        "case.account",
        language,
        treated=numbers.count(counts.get("treated", 0), language),
        comparison=numbers.count(counts.get("comparison", 0), language),
        left_out=numbers.count(counts.get("left_out", 0), language),
        reasons=reasons or text("case.account.nobody", language),
        published=numbers.count(published, language),
        known=numbers.count(known, language),
    )
