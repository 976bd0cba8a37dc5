"""Standard errors, degrees of freedom, p-values, intervals, bands and smallest detectable effects: here and only here.

HC2 at municipality level with Satterthwaite degrees of freedom (Bell and McCaffrey 2002, Survey Methodology 28(2);
Imbens and Kolesar 2016, Review of Economics and Statistics 98(4), equations 8-10; Pustejovsky and Tipton 2018, JBES
36(4), equation 8). With few treated municipalities a normal interval is too narrow (12 of 431: a true null is rejected
in 8-9 per cent of cases instead of 5); this one holds its level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS

from kvalitet_eval.estimate.cells import solve_periods
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
        A row that leans on a cohort of one municipality has no standard error: how it would have moved cannot be
        told from its own figures (``alone`` marks these rows).

    Notes
    -----
    Municipality i of group c contributes psi_i = loading_i . (Y_i - mean path of its group). With h_i its share of the
    group's loading, V = sum psi_i^2 / (1 - h_i). For a complete unweighted panel this is sum_c s_c^2 / n_c, the
    unbiased variance of a difference of group means. Degrees of freedom: 2 E(V)^2 / Var(V) when contributions are
    independent normal with equal variance per unit of loading (for weighted panels: variance falling with the weight);
    two groups give (1/n1 + 1/n0)^2 / (1/(n1^2 (n1-1)) + 1/(n0^2 (n0-1))).
    """
    estimate = form.estimates()
    scaled, alone = _contributions(form)
    covariance = scaled.T @ scaled
    variance = np.diag(covariance).copy()
    size = (form.loadings**2).sum(axis=(0, 2))
    floor = 1e-22 * size * (np.abs(form.cells.outcome).max(initial=0.0) ** 2)
    degrees = _degrees_of_freedom(form)
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
    """Smallest true effect that a test at this level finds with 80 per cent probability (Bloom 1995, equation 2).

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


def _contributions(form: LinearForm) -> tuple[np.ndarray, np.ndarray]:
    """(N, R) contributions psi_i / sqrt(1 - h_i), and (R,) rows that lean on a municipality without company."""
    cells = form.cells
    residual = _residuals(form)
    leverage, _ = _leverage(form)
    alone = ((leverage >= LEVERAGE_LIMIT) & (np.abs(form.loadings) > 0).any(axis=2)).any(axis=0)
    factor = 1 / np.sqrt(1 - np.where(leverage >= LEVERAGE_LIMIT, 0.0, leverage))
    scaled = np.empty((len(cells.profile), form.loadings.shape[1]))
    for p in range(len(cells.count)):
        members = cells.members(p)
        scaled[members] = (residual[members] @ form.loadings[p].T) * factor[p]
    return scaled, alone


def _companions(form: LinearForm) -> np.ndarray:
    """(P,) group whose path a profile is measured against: its own, or the pool's for a lone comparison municipality.

    A cohort of one that is only compared with (before its start) is measured against the pool; one whose own effect is
    estimated stays alone and gets no standard error.
    """
    cells = form.cells
    size = np.bincount(cells.group, weights=cells.count, minlength=cells.n_groups)
    lone = (size[cells.group] == 1) & ~form.treated.any(axis=1)
    return np.where(lone, cells.pool_group, cells.group)


def _residuals(form: LinearForm) -> np.ndarray:
    """(N, T) outcome less the mean path of the companions, for municipalities with different observed periods too."""
    cells = form.cells
    companion = _companions(form)
    residual = np.zeros_like(cells.outcome)
    for group in np.unique(companion):
        profiles = np.flatnonzero(companion == group)
        omega, count = cells.omega[profiles], cells.count[profiles]
        moved = cells.group[profiles] != group
        omega = np.where(moved[:, None], np.array([cells.clean(g) for g in cells.group[profiles]]) * omega, omega)
        sums = np.array([cells.outcome[cells.members(p)].sum(axis=0) for p in profiles])
        total = omega.sum(axis=1)
        inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        unit_sum = (omega * sums).sum(axis=1)
        right = (omega * sums).sum(axis=0) - (inverse * unit_sum) @ omega
        path = solve_periods(omega, count, right[:, None])[0][:, 0]
        for p in profiles:
            members = cells.members(p)
            residual[members] = np.where(cells.omega[p] > 0, cells.outcome[members] - path, 0.0)
    return residual


def _leverage(form: LinearForm) -> tuple[np.ndarray, np.ndarray]:
    """(P, R) share of a municipality in its companions' loading, and (P, R) length of its loading."""
    cells = form.cells
    companion = _companions(form)
    length = np.sqrt((form.loadings**2).sum(axis=2))
    totals = np.zeros((cells.n_groups, length.shape[1]))
    np.add.at(totals, companion, cells.count[:, None] * length)
    total = totals[companion]
    return np.divide(length, total, out=np.zeros_like(length), where=total > 0), length


def _degrees_of_freedom(form: LinearForm) -> np.ndarray:
    """(R,) Satterthwaite degrees of freedom; 0 where there is nothing to compute them from."""
    cells = form.cells
    companion = _companions(form)
    h, length = _leverage(form)
    active = length > 0
    n = np.zeros((cells.n_groups, length.shape[1]))
    np.add.at(n, companion, cells.count[:, None] * active)
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(active, 1 / (n[companion] * h), 0.0)
        d = np.where(active, length**2 / (1 - np.minimum(h, LEVERAGE_LIMIT)), 0.0)

    def over(values: np.ndarray) -> np.ndarray:
        sums = np.zeros_like(n)
        np.add.at(sums, companion, cells.count[:, None] * values)
        return sums

    mean = over(length**2 * q)
    hh, dd, hd, s = over(h * h * q), over(d * d * q), over(h * d * q), over(d)
    corner = over(d * q * q * (-2 * h * d)) + s * over(d * q * q * h * h)
    spread = over(d * d * q * q) + 2 * corner + 2 * (hh * dd + hd**2) - 4 * s * hh * hd + s**2 * hh**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(mean.sum(axis=0) ** 2 / spread.sum(axis=0), nan=0.0, posinf=0.0)
