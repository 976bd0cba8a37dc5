"""Averages of cohort-by-period effects: overall, by cohort, by event time, by calendar period.

Weights are the masses of the treated cells (numbers of municipalities, or their weights). They are taken as given: the
municipalities that took part are the ones the question is about.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.linear import LinearForm

KINDS = ("overall", "cohort", "event_time", "calendar")


def aggregate_cells(form: LinearForm, kind: str) -> LinearForm:
    """Average the cells of a form.

    Parameters
    ----------
    form : LinearForm
        Cells by cohort and period.
    kind : {"overall", "cohort", "event_time", "calendar"}
        ``overall`` averages all cells from the start on (event time >= 0), so that every treated municipality-quarter
        counts once; ``cohort`` the same within each cohort; ``event_time`` all cells at the same distance from the
        start, leads included; ``calendar`` all cells from the start on in the same period.

    Raises
    ------
    EstimationError
        Unknown kind, or no cell from the start on is identified.

    Notes
    -----
    Cells that are not identified are left out of the average and counted in ``n_left_out``.
    """
    if kind not in KINDS:
        raise EstimationError.of("EST-02", found=kind, allowed=", ".join(KINDS))
    rows = form.rows
    if "identified" not in rows or not (rows["identified"] & rows["event_time"].ge(0).fillna(False)).any():
        raise EstimationError.of("EST-03")
    after = rows["event_time"].ge(0)
    keys = {
        "overall": pd.Series(0, rows.index).where(after),
        "cohort": rows["group"].where(after),
        "event_time": rows["event_time"].astype(float),
        "calendar": rows["position"].where(after),
    }[kind]
    labels = np.sort(keys.dropna().unique())
    member = keys.to_numpy(float)[None, :] == labels[:, None].astype(float)
    identified = rows["identified"].to_numpy(bool)
    mass = np.where(member & identified, rows["mass"].to_numpy(float), 0.0)
    total = mass.sum(axis=1)
    weights = np.divide(mass, total[:, None], out=np.zeros_like(mass), where=total[:, None] > 0)
    described = pd.DataFrame(
        {
            "group": labels.astype(int) if kind == "cohort" else -1,
            "position": labels.astype(int) if kind == "calendar" else -1,
            "event_time": pd.array(labels.astype(int) if kind == "event_time" else [pd.NA] * len(labels), "Int64"),
            "mass": total,
            "identified": total > 0,
            "n_cohorts": [rows.loc[used, "group"].nunique() for used in member & identified],
            "n_left_out": (member & ~identified).sum(axis=1),
        }
    )
    return form.combine(described, weights)
