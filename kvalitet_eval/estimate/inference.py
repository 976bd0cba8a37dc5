"""Standard errors, degrees of freedom, p-values, intervals, bands and smallest detectable effects: here and only here.

HC2 at municipality level with Satterthwaite degrees of freedom (Bell and McCaffrey 2002, Survey Methodology 28(2);
Imbens and Kolesar 2016, Review of Economics and Statistics 98(4); Pustejovsky and Tipton 2018, Journal of Business and
Economic Statistics 36(4)). With few treated municipalities a normal interval is too narrow (12 of 431: a true null is
rejected in 8-9 per cent of cases instead of 5); this one holds its level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS

from kvalitet_eval.estimate.cells import Cells, solve_periods
from kvalitet_eval.estimate.linear import LinearForm

POWER = 0.8
BAND_DRAWS = 100_000
LEVERAGE_LIMIT = 1 - 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """Uncertainty of R estimates; every array is (R,), not-a-number where it cannot be computed.

    ``covariance`` is (R, R), in squared units of the outcome.
    """

    std_error: np.ndarray
    statistic: np.ndarray
    degrees_of_freedom: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    smallest_detectable: np.ndarray
    covariance: np.ndarray
    alone: np.ndarray


def infer(form: LinearForm, *, level: float = 0.95) -> Inference:
    """Uncertainty of estimates that are sums of independent contributions of municipalities.

    Parameters
    ----------
    form : LinearForm
        The estimates.
    level : float
        Level of the interval, as a share.

    Returns
    -------
    Inference
        A row that leans on one treated municipality, or on a cohort of one, has no standard error: how it would have
        moved cannot be told from its own figures (``alone`` marks these rows).

    Notes
    -----
    Municipality i of group c contributes psi_i = l_i . e_i, l_i its loadings and e_i its residuals from a two-way model
    of its own group (municipality effects and a path of the group). V = sum psi_i^2 / (1 - h_i) with leverage
    h_i = l_i' G l_i / v_i, G the generalised inverse of the group's period matrix and v_i = sum_t l_it^2 / w_it. For a
    complete unweighted panel h_i is 1/n_c and V is sum_c L_c' S_c L_c / n_c, the unbiased variance of a difference of
    group means, whatever the serial correlation. Degrees of freedom are 2 E(V)^2 / Var(V) under normal errors with
    variance 1/w_it (weights relative to the group's mean); two groups give
    (1/n1 + 1/n0)^2 / (1/(n1^2 (n1-1)) + 1/(n0^2 (n0-1))).
    """
    estimate = form.estimates()
    scaled, degrees, alone = _vary(form)
    covariance = scaled.T @ scaled
    variance = np.diag(covariance).copy()
    size = (form.loadings**2).sum(axis=(0, 2))
    floor = 1e-22 * size * (np.abs(form.cells.outcome).max(initial=0.0) ** 2)
    usable = (variance > floor) & ~alone & np.isfinite(estimate) & (degrees > 0)
    std_error = np.where(usable, np.sqrt(variance), np.nan)
    degrees = np.where(usable, degrees, np.nan)
    statistic = estimate / std_error
    low, high = t_interval(estimate, std_error, degrees, level=level)
    return Inference(
        std_error=std_error,
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=2 * stats.t.sf(np.abs(statistic), degrees),
        conf_low=low,
        conf_high=high,
        smallest_detectable=detectable(std_error, degrees, level=level),
        covariance=covariance,
        alone=alone,
    )


def t_interval(
    estimate: np.ndarray, std_error: np.ndarray, degrees_of_freedom: np.ndarray, *, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Limits estimate -/+ t x std_error; not-a-number where an ingredient is missing."""
    half = stats.t.ppf((1 + level) / 2, degrees_of_freedom) * std_error
    return estimate - half, estimate + half


def detectable(std_error: np.ndarray, degrees_of_freedom: np.ndarray, *, level: float) -> np.ndarray:
    """Smallest true effect that a test at this level finds with 80 per cent probability (Bloom 1995).

    Examples
    --------
    With many degrees of freedom the factor is 1.96 + 0.84:

    >>> round(float(detectable(np.array(0.1), np.array(1e9), level=0.95)), 3)
    0.28
    """
    df = degrees_of_freedom
    return (stats.t.ppf((1 + level) / 2, df) + stats.t.ppf(POWER, df)) * std_error


def simultaneous_band(
    estimate: np.ndarray, inference: Inference, *, level: float, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Limits that cover all rows at once, from the multivariate t distribution with the rows' own correlation.

    The degrees of freedom are the smallest of the rows. Rows without a standard error have no band.
    """
    low, high = np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
    use = np.flatnonzero(np.isfinite(inference.std_error))
    if not use.size:
        return low, high
    se = inference.std_error[use]
    correlation = inference.covariance[np.ix_(use, use)] / np.outer(se, se)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    df = float(inference.degrees_of_freedom[use].min())
    normal = rng.standard_normal((BAND_DRAWS, len(use))) @ root.T
    largest = np.abs(normal).max(axis=1) / np.sqrt(rng.chisquare(df, BAND_DRAWS) / df)
    critical = max(float(np.quantile(largest, level)), float(stats.t.ppf((1 + level) / 2, df)))
    low[use], high[use] = estimate[use] - critical * se, estimate[use] + critical * se
    return low, high


def predict_on_line(x: np.ndarray, y: np.ndarray, at: float, *, level: float) -> tuple[float, float, float, float]:
    """Least-squares line through (x, y): prediction at one x for a new municipality, its limits, and the slope.

    Limits: t with n - 2 degrees of freedom, residual SD x sqrt(1 + 1/n + (at - mean x)^2 / sum (x - mean x)^2).
    """
    model = OLS(y, np.column_stack([np.ones_like(x), x])).fit()
    new = model.get_prediction(np.array([[1.0, at]])).summary_frame(alpha=1 - level).iloc[0]
    return float(new["mean"]), float(new["obs_ci_lower"]), float(new["obs_ci_upper"]), float(model.params[1])


def _vary(form: LinearForm) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, R) contributions psi_i / sqrt(1 - h_i), (R,) degrees of freedom, (R,) rows without company."""
    cells, n_rows = form.cells, form.loadings.shape[1]
    companions = _companions(form)
    scaled = np.zeros((len(cells.profile), n_rows))
    mean, spread = np.zeros(n_rows), np.zeros(n_rows)
    alone = form.counts(form.treated) == 1
    for pattern in np.unique(companions, axis=1).T:
        rows = np.flatnonzero((companions == pattern[:, None]).all(axis=0))
        for group in np.unique(pattern):
            part = _vary_group(form, np.flatnonzero(pattern == group), group, rows)
            scaled[np.ix_(part.members, rows)] = part.scaled
            mean[rows] += part.mean
            spread[rows] += part.spread
            alone[rows] |= part.alone
    degrees = np.divide(mean**2, spread, out=np.zeros(n_rows), where=spread > 0)
    return scaled, degrees, alone


def _companions(form: LinearForm) -> np.ndarray:
    """(P, R) group whose path a profile is measured against: its own, or the pool's for a lone comparison municipality.

    One municipality of a cohort that is only compared with, before its start, is measured against the pool. One whose
    own effect is estimated stays alone.
    """
    cells = form.cells
    active = (form.loadings != 0).any(axis=2)
    size = np.zeros((cells.n_groups, active.shape[1]))
    np.add.at(size, cells.group, cells.count[:, None] * active)
    lone = active & (size[cells.group] == 1) & ~form.treated
    return np.where(lone, cells.pool_group, cells.group[:, None])


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What one group adds to some rows; see :func:`_vary`."""

    members: np.ndarray
    scaled: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    alone: np.ndarray


def _vary_group(form: LinearForm, profiles: np.ndarray, group: int, rows: np.ndarray) -> _Part:
    """Contributions of one group's municipalities, expectation of their squares' sum and half its variance."""
    cells = form.cells
    omega, count = _group_weights(cells, profiles, group), cells.count[profiles]
    loadings = form.loadings[np.ix_(profiles, rows)].transpose(1, 0, 2)
    members = [cells.members(p) for p in profiles]
    sums = np.array([cells.outcome[m].sum(axis=0) for m in members])
    share = np.divide(omega, omega.sum(axis=1, keepdims=True), out=np.zeros_like(omega), where=omega > 0)
    right = (omega * sums).sum(axis=0) - (omega * sums).sum(axis=1) @ share
    inverse, _ = solve_periods(omega, count, np.eye(omega.shape[1]))
    path = inverse @ right
    variance = (loadings**2 * np.divide(1.0, omega, out=np.zeros_like(omega), where=omega > 0)).sum(axis=2)
    explained = ((loadings @ inverse) * loadings).sum(axis=2)
    leverage = np.divide(explained, variance, out=np.zeros_like(variance), where=variance > 0)
    full = leverage >= LEVERAGE_LIMIT
    inflation = 1 / (1 - np.where(full, 0.0, leverage))
    scaled = [(cells.outcome[m] - path) @ loadings[:, p].T * np.sqrt(inflation[:, p]) for p, m in enumerate(members)]
    moment = (loadings * (inflation * count)[:, :, None]).transpose(0, 2, 1) @ loadings
    between = inverse @ moment
    return _Part(
        members=np.concatenate(members),
        scaled=np.concatenate(scaled),
        mean=variance @ count,
        spread=(between * between.transpose(0, 2, 1)).sum(axis=(1, 2))
        + (variance**2 - (inflation * explained) ** 2) @ count,
        alone=(full & (variance > 0)).any(axis=1),
    )


def _group_weights(cells: Cells, profiles: np.ndarray, group: int) -> np.ndarray:
    """(P_group, T) weights relative to the group's mean; a municipality from another group only before its start."""
    omega = cells.omega[profiles].copy()
    for row, p in enumerate(profiles):
        if cells.group[p] != group:
            omega[row, ~cells.clean(cells.group[p])] = 0.0
    observed = omega > 0
    return omega / (cells.count[profiles] @ omega).sum() * (cells.count[profiles] @ observed).sum()
