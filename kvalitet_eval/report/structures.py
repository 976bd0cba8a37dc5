"""What the tables that leave the workbench consist of: every column a reader may see is declared here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kvalitet_eval.publish import Dimension, Open, Ratio, Statistic, Structure

RATE = Ratio("rate_pct", "numerator_days", "agreed_days", "persons")
_OF_EFFECT = (
    *("std_error", "statistic", "degrees_of_freedom", "p_value", "conf_low", "conf_high"),
    *("band_low", "band_high", "smallest_detectable"),
)
_OF_METHOD = ("n_comparison", "n_clusters", "n_cohorts", "conf_level", "event_time")
EFFECT = (
    Statistic("estimate", "regression", "residual_df", also=_OF_EFFECT, persons="persons"),
    Open("n_treated", "no_persons", also=_OF_METHOD),
)
EFFECT_KEYS = ("outcome", "weighting", "method", "estimand", "cohort", "period", "time")
BRACKET_KEYS = ("outcome", "weighting", "cohort", "member")
BUMP_KEYS = ("outcome", "weighting", "cohort")


def rate_structure(
    parts: Mapping[str, tuple[str, ...]], groups: Mapping[str, tuple[str, ...]], *, family: str, bands: bool = False
) -> Structure:
    """Four-quarter rates: windows that share quarters, groups that share municipalities, persons behind.

    Parameters
    ----------
    parts : mapping of str to tuple of str
        The quarters of each window.
    groups : mapping of str to tuple of str
        The municipalities, or parts, of each group.
    bands : bool
        Whether there are percentiles of the municipalities in each group too.
    """
    dimensions = (Dimension("unit", members=groups), Dimension("window", members=parts))
    limits = ("low_pct", "high_pct") if bands else ()
    measures = (RATE, *(Statistic(name, "percentile", "n_municipalities") for name in limits))
    return Structure(dimensions, measures, labels=("window_end", "complete"), family=family)


EXPECTED_CHANGE = Structure(
    (Dimension("municipality_number"),),
    (
        Open("before", "published", also=("after", "change")),
        Statistic(
            "expected", "regression", "residual_df", also=("expected_low", "expected_high", "common", "regression")
        ),
        Open("n_comparison", "no_persons", also=("level",)),
    ),
    labels=("before_from", "before_to", "after_from", "after_to"),
)
LEFT_OUT = Structure(
    (Dimension("left_out"),),
    (
        Statistic(
            "estimate", "regression", "residual_df", also=("conf_low", "conf_high", "difference"), persons="persons"
        ),
    ),
)
HONEST = Structure(
    (Dimension("row"),),
    (
        Statistic("conf_low", "regression", "residual_df", also=("conf_high",), persons="persons"),
        Open("bound", "no_persons", also=("conf_level",)),
    ),
)
_ALIKE = ("level", "last_year", "slope", "log_size")
POOLS = Structure(
    (Dimension("pool"),),
    (
        Statistic("estimate", "regression", "residual_df", also=("conf_low", "conf_high", *_ALIKE), persons="persons"),
        Open("n_comparison", "no_persons", also=("conf_level",)),
    ),
    labels=("comparison",),
)
PATH = Structure(
    (Dimension("window_end"),), (Ratio("rate_pct", "sum_pct", "n_municipalities", "persons"),), family="paths"
)
CHECKS = Structure(
    (Dimension("check"), Dimension("fact")),
    (Statistic("value", "regression", "residual_df", persons="persons"),),
    labels=("text_key", "answer", "words"),
)


def effect_structure(keys: Iterable[str]) -> Structure:
    """Effects in the vocabulary of ``results.COLUMNS``: what a regression of enough cases gave, and who it rests on."""
    keys = tuple(keys)
    labels = tuple(name for name in ("method", "comparison", "unit") if name not in keys)
    return Structure(tuple(Dimension(key) for key in keys), EFFECT, labels=labels, family="effects")


def open_structure(keys: Iterable[str], numbers: Iterable[str], labels: Iterable[str] = (), *,
                   because: str = "no_persons") -> Structure:  # fmt: skip
    """A table about nobody - files, lines, quarters, municipalities - or one that its source has published itself."""
    measures = tuple(Open(name, because) for name in numbers)
    return Structure(tuple(Dimension(key) for key in keys), measures, labels=tuple(labels))
