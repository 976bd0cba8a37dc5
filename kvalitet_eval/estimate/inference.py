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

from kvalitet_eval.estimate.inference_fits import vary_around_fits
from kvalitet_eval.estimate.inference_paths import vary_around_paths
from kvalitet_eval.estimate.influence import clustered_contributions, influence_values
from kvalitet_eval.estimate.linear import LinearForm

POWER = 0.8
BAND_DRAWS = 100_000


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
    (1/n1 + 1/n0)^2 / (1/(n1^2 (n1-1)) + 1/(n0^2 (n0-1))). With covariates see :mod:`inference_fits`.
    """
    adjusted = form.adjustments is not None
    scaled, degrees, alone = vary_around_fits(form) if adjusted else vary_around_paths(form)
    return _conclude(form, scaled.T @ scaled, degrees, alone, level=level)


def infer_influence(form: LinearForm, *, level: float = 0.95) -> Inference:
    """Uncertainty from the plain squares of the influence values, the weights of averages included.

    The standard errors are those of R's ``did``; with few treated they are too small. Intervals and p-values use the t
    distribution with the Satterthwaite degrees of freedom of :func:`infer`, never the normal; where these are missing
    because one of several intakes is a single municipality, one less than the number of treated.
    """
    influence = influence_values(form)
    return _conclude(form, influence.T @ influence, *_plain_degrees(form), level=level)


def infer_cluster(form: LinearForm, *, level: float = 0.95) -> Inference:
    """Uncertainty from errors clustered by municipality with the small-sample factor of R's ``fixest`` (CR1).

    Notes
    -----
    V = G / (G - 1) x (n - 1) / (n - K) x sum_i (l_i . e_i)^2, e_i the residuals of the estimator's own regression, G
    municipalities, n cells with a figure, K coefficients and periods: municipality effects are nested in the clusters
    and do not count. Degrees of freedom are those of :func:`infer_influence`, not G - 1.
    """
    own = clustered_contributions(form)
    cells = form.cells
    clusters, observed = len(cells.profile), int(cells.count @ (cells.omega > 0).sum(axis=1))
    left = observed - form.n_coefficients - int((cells.count @ cells.omega > 0).sum())
    factor = clusters / (clusters - 1) * (observed - 1) / left if left > 0 and clusters > 1 else np.nan
    return _conclude(form, factor * own.T @ own, *_plain_degrees(form), level=level)


def infer_conservative(form: LinearForm, *, level: float = 0.95) -> Inference:
    """Uncertainty of imputation from the residuals of its own regression, as R's ``didimputation`` reports it.

    Notes
    -----
    V = sum_i (sum_t l_it e_it)^2 (Borusyak, Jaravel and Spiess 2024, theorem 3): e_it is the residual of the regression
    on untreated cells and, from the start on, the cell's effect less the mean effect of its cohort and period.
    Nothing is corrected for few treated. Degrees of freedom are those of :func:`infer_influence`.
    """
    cells = form.cells
    own = np.einsum("irt,it->ir", form.loadings[cells.profile], cells.outcome) - form.fitted[cells.profile]
    return _conclude(form, own.T @ own, *_plain_degrees(form), level=level)


def _plain_degrees(form: LinearForm) -> tuple[np.ndarray, np.ndarray]:
    """(R,) degrees of freedom and rows on one municipality, for errors that do not look at intakes one by one."""
    n_treated, n_comparison = form.counts(form.treated), form.counts(form.comparison)
    degrees = infer(form).degrees_of_freedom
    return np.where(np.isfinite(degrees), degrees, n_treated - 1.0), (n_treated < 2) | (n_comparison < 2)


def _conclude(
    form: LinearForm, covariance: np.ndarray, degrees: np.ndarray, alone: np.ndarray, *, level: float
) -> Inference:
    """The inference of a linear form; a variance that is rounding, or degrees that are none, mean nothing."""
    size = (form.loadings**2).sum(axis=(0, 2))
    floor = 1e-22 * size * (np.abs(form.cells.outcome).max(initial=0.0) ** 2)
    usable = (np.diag(covariance) > floor) & (degrees > 0)
    return conclude(form.estimates(), covariance, degrees, usable=usable, alone=alone, level=level)


def conclude(
    estimate: np.ndarray,
    covariance: np.ndarray,
    degrees_of_freedom: np.ndarray,
    *,
    usable: np.ndarray,
    alone: np.ndarray,
    level: float,
) -> Inference:
    """Everything that follows from a covariance and degrees of freedom, by the t distribution.

    Parameters
    ----------
    estimate, degrees_of_freedom : numpy.ndarray
        (R,) estimates in the outcome's unit and degrees of freedom.
    covariance : numpy.ndarray
        (R, R), in squared units of the outcome.
    usable : numpy.ndarray
        (R,) whether the variance is more than rounding.
    alone : numpy.ndarray
        (R,) rows that lean on one municipality.
    level : float
        Level of the interval, as a share.

    Returns
    -------
    Inference
        Missing where a row is not usable, leans on one municipality or has no estimate.
    """
    usable = usable & ~alone & np.isfinite(estimate)
    std_error = np.sqrt(np.where(usable, np.diag(covariance), np.nan))
    degrees = np.where(usable, degrees_of_freedom, np.nan)
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


def mean_interval(values: np.ndarray, *, level: float) -> tuple[float, float, float]:
    """Mean of independent figures and its limits, t distribution with n - 1 degrees of freedom; fewer than two: none.

    Examples
    --------
    Mean 2 and standard error 1/sqrt(3), 2 degrees of freedom (quantile 4.303):

    >>> tuple(round(float(x), 3) for x in mean_interval(np.array([1.0, 2, 3]), level=0.95))
    (2.0, -0.484, 4.484)
    """
    mean, n = np.array(values.mean() if len(values) else np.nan), len(values)
    std_error = np.array(values.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan)
    low, high = t_interval(mean, std_error, np.array(n - 1.0), level=level)
    return float(mean), float(low), float(high)


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
