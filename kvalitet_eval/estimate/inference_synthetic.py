"""Uncertainty in the synthetic family: jackknife with fixed weights, and placebo among the comparison.

Sources: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review 111(12), algorithms 3 and 4;
Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105(490), for the exact placebo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from kvalitet_eval.estimate.inference import POWER, Inference, conclude

ROUNDING = 1e-9  # of the estimate: placebo estimates this near count as ties


def infer_jackknife(
    estimate: np.ndarray,
    changes: np.ndarray,
    members: np.ndarray,
    degrees_of_freedom: np.ndarray,
    alone: np.ndarray,
    *,
    level: float,
) -> Inference:
    """Leave out one municipality at a time, with the weights of the others as they were.

    Parameters
    ----------
    estimate : numpy.ndarray
        (R,) estimates.
    changes : numpy.ndarray
        (N, R) estimate without a municipality less the estimate.
    members : numpy.ndarray
        (N, R) who is in a row, treated or compared with; nobody else is left out, and nobody else counts.
    degrees_of_freedom : numpy.ndarray
        (R,) of the t distribution.
    alone : numpy.ndarray
        (R,) rows that do not exist without some municipality; they have no standard error.

    Notes
    -----
    V = (n - 1) / n sum_i (change_i - mean change)^2 over the n municipalities of the row.
    """
    n = np.maximum(members.sum(axis=0), 1)
    mean = np.where(members, changes, 0.0).sum(axis=0) / n
    centred = np.where(members, changes - mean, 0.0) * np.sqrt((n - 1) / n)
    covariance = centred.T @ centred
    size = np.abs(estimate) + np.abs(changes).max(axis=0, initial=0.0)
    usable = np.sqrt(np.diag(covariance)) > 1e-11 * size
    return conclude(estimate, covariance, degrees_of_freedom, usable=usable, alone=alone, level=level)


def infer_placebo(estimate: np.ndarray, placebos: np.ndarray, *, level: float) -> Inference:
    """Place the estimates among those of municipalities where nothing happened.

    Parameters
    ----------
    estimate : numpy.ndarray
        (R,) estimates.
    placebos : numpy.ndarray
        (B, R) the same estimates with comparison municipalities in the place of the treated.

    Returns
    -------
    Inference
        Interval: all effects that the placebo test does not reject at this level; missing when B is too small for the
        level. There are no degrees of freedom.

    Notes
    -----
    p = (1 + number of placebos at least as far from zero) / (B + 1). Standard error: standard deviation of the
    placebos. Smallest detectable effect: the shift of the placebos of which 80 per cent would be rejected.
    """
    exists = np.isfinite(estimate)
    spread = placebos.std(axis=0)
    std_error = np.where(exists & (spread > 0), spread, np.nan)
    half = critical_value(np.abs(placebos), level=level)
    centred = placebos - placebos.mean(axis=0)
    return Inference(
        std_error=std_error,
        statistic=estimate / std_error,
        degrees_of_freedom=np.full(len(estimate), np.nan),
        p_value=np.where(exists, placebo_p(np.abs(estimate), np.abs(placebos)), np.nan),
        conf_low=estimate - half,
        conf_high=estimate + half,
        smallest_detectable=np.where(exists, half - np.quantile(_both_signs(placebos), 1 - POWER, axis=0), np.nan),
        covariance=centred.T @ centred / len(placebos),
        alone=np.zeros(len(estimate), dtype=bool),
    )


def placebo_p(statistic: np.ndarray, placebos: np.ndarray) -> np.ndarray:
    """(R,) share of placebos (B, R), and the statistic itself, that are at least as large; ties count.

    Examples
    --------
    >>> placebo_p(np.array([2.0]), np.array([[1.0], [2.0], [3.0]]))
    array([0.75])
    """
    as_large = placebos >= statistic * (1 - ROUNDING)
    return (1 + as_large.sum(axis=0)) / (len(placebos) + 1)


def critical_value(sizes: np.ndarray, *, level: float) -> np.ndarray:
    """(R,) largest distance from zero that the placebo test does not reject; missing when the test can reject nothing.

    With k = floor((1 - level)(B + 1)) it is the k-th largest of the (B, R) sizes.

    Examples
    --------
    Nineteen placebos just suffice for the 5 per cent level; eighteen do not:

    >>> critical_value(np.arange(1.0, 20.0)[:, None], level=0.95), critical_value(np.ones((18, 1)), level=0.95)
    (array([19.]), array([nan]))
    """
    k = int(np.floor((1 - level) * (len(sizes) + 1) + ROUNDING))
    if k == 0:
        return np.full(sizes.shape[1], np.nan)
    return np.sort(sizes, axis=0)[-k]


def placebo_band(
    estimate: np.ndarray, inference: Inference, placebos: np.ndarray, *, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Limits that cover all rows at once: estimate -/+ k-th largest of the placebos' largest studentised distance."""
    use = np.isfinite(inference.std_error)
    if not use.any():
        return np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
    largest = (np.abs(placebos[:, use]) / inference.std_error[use]).max(axis=1)
    half = critical_value(largest[:, None], level=level)[0] * inference.std_error
    return estimate - half, estimate + half


@dataclass(frozen=True, slots=True, eq=False)
class ScaledPlacement:
    """(R,) p-values, standard errors and limits of effects placed among placebos of different unrest."""

    p_value: np.ndarray
    std_error: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


def place_scaled(
    effect: np.ndarray, unrest: np.ndarray, placebos: np.ndarray, placebo_unrest: np.ndarray, *, level: float
) -> ScaledPlacement:
    """Place effects (R,) among placebos (B,) after dividing each by its own unrest before the start.

    Notes
    -----
    p as in :func:`placebo_p` for the ratios; limits effect -/+ k-th largest ratio x unrest; standard error: root mean
    square of the placebos' ratios x unrest. Placebos without unrest have an infinite ratio unless their effect is zero;
    an effect without unrest has no placement.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(np.abs(placebos) / placebo_unrest, nan=0.0, posinf=np.inf)
        own = np.where(unrest > 0, np.abs(effect) / unrest, np.nan)
    usable = np.isfinite(own)
    half = critical_value(ratios[:, None], level=level)[0] * np.where(usable, unrest, np.nan)
    std_error = np.sqrt((ratios**2).mean()) * np.where(usable, unrest, np.nan)
    return ScaledPlacement(
        p_value=np.where(usable, placebo_p(own, ratios[:, None]), np.nan),
        std_error=np.where(np.isfinite(std_error) & (std_error > 0), std_error, np.nan),
        conf_low=effect - half,
        conf_high=effect + half,
    )


def posterior_interval(mean: np.ndarray, variance: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Normal interval of a shrunken effect; missing where the variance is."""
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(variance)
    return mean - half, mean + half


def _both_signs(placebos: np.ndarray) -> np.ndarray:
    return np.vstack([placebos, -placebos])
