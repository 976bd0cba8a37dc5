"""Averages of cohort-by-period effects: overall, by cohort, by event time, by calendar period.

Weights are the masses of the treated cells (numbers of municipalities, or their weights). They are taken as given: the
municipalities that took part are the ones the question is about. What sampling them anew would add is kept beside
(``shares``), for the errors that other programs report.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.linear import LinearForm

KINDS = ("overall", "cohort", "event_time", "calendar")
MEANS = {"cohort_mean": "cohort", "event_time_mean": "event_time", "calendar_mean": "calendar"}
"""Averages of averages, one row each: which averages each is made of."""


def aggregate_cells(form: LinearForm, kind: str) -> LinearForm:
    """Average the cells of a form.

    Parameters
    ----------
    form : LinearForm
        Cells by cohort and period.
    kind : {"overall", "cohort", "event_time", "calendar", "cohort_mean", "event_time_mean", "calendar_mean"}
        ``overall`` averages all cells from the start on (event time >= 0), so that every treated municipality-quarter
        counts once; ``cohort`` the same within each cohort; ``event_time`` all cells at the same distance from the
        start, leads included; ``calendar`` all cells from the start on in the same period. ``cohort_mean`` averages
        the cohorts by their size, so that every treated municipality counts once; ``event_time_mean`` the event times
        from the start on and ``calendar_mean`` the periods, each of them evenly.

    Raises
    ------
    EstimationError
        Unknown kind, or no cell from the start on is identified.

    Notes
    -----
    Cells that are not identified are left out of the average and counted in ``n_left_out``. Municipality i moves an
    average A of cells k also through its weights, by sum_k u_ki (ATT_k - A) / sum_k m_k, u_ki its part of the mass m_k.
    """
    if kind not in (*KINDS, *MEANS):
        raise EstimationError.of("EST-02", found=kind, allowed=", ".join((*KINDS, *MEANS)))
    rows = form.rows
    if "identified" not in rows or not (rows["identified"] & rows["event_time"].ge(0).fillna(False)).any():
        raise EstimationError.of("EST-03")
    if kind in MEANS:
        return _average_averages(form, kind)
    labels, member = _members(rows, kind)
    identified = rows["identified"].to_numpy(bool)
    mass = np.where(member & identified, rows["mass"].to_numpy(float), 0.0)
    described = pd.DataFrame(
        {
            "group": labels.astype(int) if kind == "cohort" else -1,
            "position": labels.astype(int) if kind == "calendar" else -1,
            "event_time": pd.array(labels.astype(int) if kind == "event_time" else [pd.NA] * len(labels), "Int64"),
            "mass": mass.sum(axis=1),
            "identified": mass.sum(axis=1) > 0,
            "n_cohorts": [rows.loc[used, "group"].nunique() for used in member & identified],
            "n_left_out": (member & ~identified).sum(axis=1),
        }
    )
    return _combine(form, described, mass, _unit_mass(form))


def _members(rows: pd.DataFrame, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(K,) labels of an average's rows and (K, R) which cells belong to each."""
    after = rows["event_time"].ge(0)
    keys = {
        "overall": pd.Series(0, rows.index).where(after),
        "cohort": rows["group"].where(after),
        "event_time": rows["event_time"].astype(float),
        "calendar": rows["position"].where(after),
    }[kind]
    labels = np.sort(keys.dropna().unique())
    return labels, keys.to_numpy(float)[None, :] == labels[:, None].astype(float)


def _average_averages(form: LinearForm, kind: str) -> LinearForm:
    """One row from the rows of an average that begin at the start."""
    inner = aggregate_cells(form, MEANS[kind])
    rows = inner.rows
    wanted = rows["identified"].to_numpy(bool) & rows["event_time"].ge(0).fillna(True).to_numpy(bool)
    unit_mass = np.zeros(inner.treated.shape)
    if kind == "cohort_mean":
        _, member = _members(form.rows, "cohort")
        member = member & form.rows["identified"].to_numpy(bool)
        unit_mass = _unit_mass(form) @ (member / np.maximum(member.sum(axis=1, keepdims=True), 1)).T
    mass = np.where(wanted, form.cells.count @ unit_mass if kind == "cohort_mean" else 1.0, 0.0)[None, :]
    used = form.rows["identified"] & form.rows["event_time"].ge(0).fillna(False)
    described = pd.DataFrame(
        {
            "group": [-1],
            "position": [-1],
            "event_time": pd.array([pd.NA], "Int64"),
            "mass": mass.sum(axis=1),
            "identified": [True],
            "n_cohorts": [form.rows.loc[used, "group"].nunique()],
            "n_left_out": [int((form.rows["event_time"].ge(0).fillna(False) & ~used).sum())],
        }
    )
    return _combine(inner, described, mass, unit_mass)


def _unit_mass(form: LinearForm) -> np.ndarray:
    """(P, R) what one municipality of a profile adds to the mass of a cell."""
    return np.where(form.treated, form.cells.omega[:, form.rows["position"].to_numpy(int)], 0.0)


def _combine(form: LinearForm, described: pd.DataFrame, mass: np.ndarray, unit_mass: np.ndarray) -> LinearForm:
    """Average by mass (K, R), with what a municipality does to the weights; ``unit_mass`` is its part, (P, R)."""
    total = mass.sum(axis=1)
    weights = np.divide(mass, total[:, None], out=np.zeros_like(mass), where=total[:, None] > 0)
    values = np.nan_to_num(form.estimates())
    average = form.combine(described, weights)
    distance = np.where(weights > 0, values[None, :] - (weights @ values)[:, None], 0.0)
    distance = np.divide(distance, total[:, None], out=np.zeros_like(distance), where=total[:, None] > 0)
    shares = unit_mass @ distance.T
    return replace(average, shares=shares if average.shares is None else average.shares + shares)
