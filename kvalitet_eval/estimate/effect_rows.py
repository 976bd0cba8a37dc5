"""Estimates in the words of the common vocabulary, with what a reader must be told about single rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.estimate.linear import LinearForm

MAX_LISTED = 20


def describe_rows(form: LinearForm, cohort: str | None) -> dict[str, object]:
    """What each row is about and how many municipalities stand behind it."""
    panel, rows = form.cells.design.panel, form.rows
    names = np.array([*form.cells.names[:-1], pd.NA, pd.NA], dtype=object)
    periods = np.array([*map(str, panel.periods), pd.NA], dtype=object)
    used = (np.abs(form.loadings) > 0).any(axis=2)
    return {
        "comparison": form.cells.design.comparison,
        "weighting": "municipality" if panel.weights is None else "employee",
        "outcome": panel.outcome_id,
        "unit": panel.unit_of_measure,
        "cohort": cohort if cohort is not None else list(names[rows["group"].to_numpy()]),
        "period": list(periods[rows["position"].to_numpy()]),
        "event_time": rows["event_time"].to_list(),
        "n_treated": form.counts(form.treated),
        "n_comparison": form.counts(form.comparison),
        "n_clusters": form.counts(used),
        "n_cohorts": rows["n_cohorts"] if "n_cohorts" in rows else np.where(rows["group"] >= 0, 1, pd.NA),
        "origin": panel.origin,
    }


def warn_of_rows(frame: pd.DataFrame, form: LinearForm, alone: np.ndarray) -> list[Finding]:
    """Name every row that lacks an estimate or a standard error, once per cohort and reason."""
    told = ~form.rows["overlap"].to_numpy(bool) if "overlap" in form.rows else np.zeros(len(frame), dtype=bool)
    missing_estimate = frame["estimate"].isna().to_numpy()
    lonely = alone & ~missing_estimate
    flat = frame["std_error"].isna().to_numpy() & ~missing_estimate & ~lonely
    found = []
    for code, where in (("EST-07", missing_estimate & ~told), ("EST-05", lonely), ("EST-08", flat)):
        if where.any():
            facts = {"rows": "; ".join(_labels(frame[where][:MAX_LISTED])), "n": int(where.sum())}
            if code == "EST-05":
                facts["alone"] = "; ".join(_singles(form, where)[:MAX_LISTED])
            found.append(finding(code, severity="warning", method=frame["method"].iloc[0], **facts))
    left_out = form.rows["n_left_out"].sum() if "n_left_out" in form.rows else 0
    if left_out:
        found.append(finding("EST-09", severity="warning", n=int(left_out)))
    return found


def _labels(frame: pd.DataFrame) -> list[str]:
    """What each row is about: intake, period and event time as far as it has them, else its estimand."""
    named = frame[["cohort", "period", "event_time"]].astype(object).itertuples(index=False)
    return [" ".join(str(v) for v in row if pd.notna(v)) or frame["estimand"].iloc[0] for row in named]


def _singles(form: LinearForm, where: np.ndarray) -> list[str]:
    """Intakes with one municipality behind some rows, "-" for a comparison of one: why these have no error."""
    cells, found = form.cells, []
    for g, name in enumerate(cells.names[:-1]):
        own = cells.group == g
        if (cells.count[own] @ form.treated[np.ix_(own, where)] == 1).any():
            found.append(name)
    return found + ["-"] * bool((form.counts(form.comparison)[where] == 1).any())
