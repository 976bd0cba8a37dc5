"""Rows and expectations of a municipality's report, and the words it may never use."""

from __future__ import annotations

import itertools

import pandas as pd
from publish_samples import STANDARD

from kvalitet_eval import publish
from kvalitet_eval.estimate.verdict import HEADLINE, MEMBERS, judge
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.report.structures import EXPECTED_CHANGE
from kvalitet_eval.results import effect_frame

FORBIDDEN = ("ingen effekt", "signifikant", "kontrollgruppe", "kontrollkommune", "beviser", "bevist at", "skyldtes")
MISSING = float("nan")
INTERVALS = {
    "below": (-0.4, -0.7, -0.1),
    "around": (-0.4, -0.9, 0.1),
    "touching": (-0.4, -0.8, 0.0),
    "above": (0.4, 0.1, 0.7),
    "missing": (-0.4, MISSING, MISSING),
}
CASES = list(itertools.product(INTERVALS, ("decrease", "increase"), (False, True), ("syntetisk", "observed")))
"""Interval, direction of improvement, whether the bracket agrees, origin."""


def effect_row(interval: str, origin: str = "observed", **changes: object) -> pd.Series:
    """One average effect of an intake."""
    estimate, low, high = INTERVALS[interval]
    values = {
        "estimand": "cohort",
        "method": "imputation",
        "comparison": "not_yet_treated",
        "weighting": "municipality",
        "outcome": "sick_leave_total",
        "unit": "percentage points",
        "cohort": "innsats",
        "estimate": estimate,
        "conf_low": low,
        "conf_high": high,
        "conf_level": 0.95,
        "smallest_detectable": MISSING if interval == "missing" else 0.45,
        "n_treated": 12,
        "n_comparison": 1410,
        "origin": origin,
        **changes,
    }
    return effect_frame({name: [value] for name, value in values.items()}).iloc[0]


def bracket_sample(interval: str, *, agree: bool, **changes: object) -> pd.DataFrame:
    """The seven rows of an intake's bracket: all alike, or only the headline with a side of zero."""
    rows = [effect_row(interval if agree or member == HEADLINE else "around", **changes) for member in MEMBERS]
    return pd.DataFrame(rows).reset_index(drop=True).assign(member=MEMBERS)


def verdict(interval: str, improvement: str, *, agree: bool) -> str:
    """What may be said of one of the intervals, with a bracket that agrees or does not."""
    return judge(bracket_sample(interval, agree=agree), improvement=improvement)


def expected_change(change: float = -1.0, low: float = -2.5, high: float = 1.5, **changes: object) -> PublishedTable:
    """From 12 per cent; -0.5 is expected: 0.1 because everybody rose, -0.6 because of the level."""
    row = {
        "municipality_number": "0423",
        "before_from": "2006Q1",
        "before_to": "2006Q4",
        "after_from": "2008Q1",
        "after_to": "2008Q4",
        "before": 12.0,
        "after": 12.0 + change,
        "change": change,
        "expected": -0.5,
        "expected_low": low,
        "expected_high": high,
        "common": 0.1,
        "regression": -0.6,
        "n_comparison": 1143,
        "level": 0.95,
        "residual_df": 1141,
        **changes,
    }
    return publish.table(pd.DataFrame([row]), STANDARD, EXPECTED_CHANGE)


def said_wrongly(sentence: str) -> list[str]:
    """Words of a sentence that must never be used."""
    return [word for word in FORBIDDEN if word in sentence.lower()]
