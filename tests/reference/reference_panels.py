"""Small panels for tests of the estimators, and the same estimates by slower and plainer means."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import WLS

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.prepare.panel import Panel

STARTS = (4.0,) * 6 + (6.0,) * 5 + (np.nan,) * 8


def long_frame(
    *, seed: int = 1, starts: tuple[float, ...] = STARTS, n_periods: int = 8, missing: float = 0.0, weighted: str = ""
) -> pd.DataFrame:
    """Units u00, u01, ... over periods 1..T with effects that grow; ``weighted`` is "", "unit" or "cell"."""
    rng = np.random.default_rng(seed)
    n = len(starts)
    unit, period = np.repeat(np.arange(n), n_periods), np.tile(np.arange(1, n_periods + 1), n)
    start = np.repeat(np.array(starts), n_periods)
    noise = rng.standard_normal((n, n_periods)) + 0.5 * rng.standard_normal((n, 1)) * np.arange(n_periods)
    effect = np.where(period >= start, -0.5 * (period - start + 1), 0.0)
    weight = {"": np.ones(n), "unit": rng.uniform(0.2, 5, n), "cell": rng.uniform(0.2, 5, n * n_periods)}[weighted]
    frame = pd.DataFrame(
        {
            "unit": [f"u{i:02d}" for i in unit],
            "t": period,
            "g": start,
            "y": 9 + unit % 4 + 0.3 * period + effect + noise.ravel(),
            "w": weight if weighted == "cell" else np.repeat(weight, n_periods),
        }
    )
    return frame[rng.random(len(frame)) >= missing].reset_index(drop=True)


def panel_of(frame: pd.DataFrame, *, weighted: bool = False) -> Panel:
    """The panel of a frame from :func:`long_frame`."""
    return Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w" if weighted else None)


def design_of(
    frame: pd.DataFrame, comparison: str = "not_yet_treated", *, weighted: bool = False, anticipation: int = 0
) -> Design:
    """The design of a frame from :func:`long_frame`."""
    return compare(panel_of(frame, weighted=weighted), comparison, anticipation=anticipation)


def impute_by_regression(
    frame: pd.DataFrame,
    cohort: float,
    period: int,
    *,
    anticipation: int = 0,
    lead_from: int | None = None,
    later: bool = True,
) -> float:
    """Effect of one cohort in one period: weighted least squares with dummies on the untreated cells (statsmodels).

    ``lead_from`` is the first event time that is kept out of the fit for the cohort itself; ``later`` says whether the
    other cohorts' untreated cells are in the fit.
    """
    first = frame["g"] - anticipation
    own = frame["g"] == cohort
    clean = (frame["t"] < first) | frame["g"].isna()
    clean &= own | frame["g"].isna() | later
    if lead_from is not None:
        clean &= ~own | (frame["t"] < cohort + lead_from)
    fit = frame[clean]
    dummies = _dummies(frame)
    dummies = dummies.loc[:, dummies.loc[fit.index].any()]
    model = WLS(fit["y"], dummies.loc[fit.index], weights=fit["w"]).fit()
    target = frame[own & (frame["t"] == period) & frame["unit"].isin(fit["unit"])]
    difference = target["y"] - model.predict(dummies.loc[target.index])
    return float(np.average(difference, weights=target["w"]))


def two_way_by_regression(frame: pd.DataFrame) -> float:
    """Coefficient of "started" in weighted least squares with unit and period dummies (statsmodels)."""
    dummies = _dummies(frame)
    dummies.insert(0, "started", (frame["t"] >= frame["g"]).astype(float))
    return float(WLS(frame["y"], dummies, weights=frame["w"]).fit().params["started"])


def _dummies(frame: pd.DataFrame) -> pd.DataFrame:
    """One column per unit, one per period but the first."""
    units = pd.get_dummies(frame["unit"], dtype=float)
    return units.join(pd.get_dummies(frame["t"].astype(str), dtype=float).drop(columns="1"))


def dense_inference(form: LinearForm, row: int) -> tuple[float, float]:
    """Standard error and degrees of freedom of one row by full matrices over all cells.

    The model has a dummy for every municipality and for every group x period; municipality i's square is divided by
    the share of its variance that the residuals keep. No algebra is shared with ``estimate.inference``.
    """
    cells = form.cells
    omega = cells.omega[cells.profile]
    group = cells.group[cells.profile]
    unit, period = np.nonzero(omega > 0)
    for g in np.unique(group):
        omega[group == g] /= omega[group == g][omega[group == g] > 0].mean()
    weight = omega[unit, period]
    y = cells.outcome[unit, period]
    path = pd.Series([f"{group[i]}-{t}" for i, t in zip(unit, period, strict=True)])
    x = np.column_stack([pd.get_dummies(unit, dtype=float), pd.get_dummies(path, dtype=float)])
    maker = np.eye(len(y)) - x @ np.linalg.pinv(x.T @ (weight[:, None] * x)) @ (x * weight[:, None]).T
    omega_inverse = np.diag(1 / weight)
    form_matrix, variance = np.zeros((len(y), len(y))), 0.0
    loading = form.loadings[cells.profile, row][unit, period]
    for i in np.unique(unit):
        own = np.where(unit == i, loading, 0.0)
        if not own.any():
            continue
        full, kept = own @ omega_inverse @ own, own @ maker @ omega_inverse @ maker.T @ own
        left = maker.T @ own
        form_matrix += full / kept * np.outer(left, left)
        variance += full / kept * (own @ maker @ y) ** 2
    moved = form_matrix @ omega_inverse
    return float(np.sqrt(variance)), float(np.trace(moved) ** 2 / np.trace(moved @ moved))
