"""Multiplier bootstrap of influence values, offered so that results can be set beside those of R's ``did``.

Callaway and Sant'Anna (2021), Journal of Econometrics 225(2), algorithm 1. With few treated municipalities its errors
are too small and its bands too narrow; the workbench's own answer is :mod:`kvalitet_eval.estimate.inference`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.inference import POWER, Inference, infer
from kvalitet_eval.estimate.inference_by_draws import fewest_draws
from kvalitet_eval.estimate.influence import influence_values
from kvalitet_eval.estimate.linear import LinearForm

DRAWS = 999
MULTIPLIERS = ("rademacher", "mammen")
FEW_TREATED = 30
AT_ONCE = 4_000_000  # multipliers in memory at a time


def infer_multiplier(
    form: LinearForm, *, level: float = 0.95, seed: int = 0, draws: int = DRAWS, multipliers: str = "rademacher"
) -> Inference:
    """Uncertainty of the estimates by the multiplier bootstrap of their influence values.

    Parameters
    ----------
    form : LinearForm
        The estimates.
    level : float
        Level of the interval, as a share.
    seed : int
        Seed of the multipliers, the same for all rows.
    draws : int
        Number of draws.
    multipliers : {"rademacher", "mammen"}
        -1 and 1 with equal probability, or Mammen's two points.

    Returns
    -------
    Inference
        As :func:`bootstrap_influence`; rows on one treated municipality have none, as with ``cr2``.

    Raises
    ------
    EstimationError
        ``EST-20``: too few draws for the level. ``EST-22``: no such multipliers.
    """
    base = infer(form, level=level)
    psi = influence_values(form)
    psi[:, ~np.isfinite(base.std_error)] = np.nan
    draw = _draw_by_profile if _pays_by_profile(form) else _draw_one_by_one
    drawn = np.concatenate(list(draw(form, psi, level=level, seed=seed, draws=draws, multipliers=multipliers)))
    return _conclude(form.estimates(), drawn, psi.T @ psi, alone=base.alone, level=level)


def bootstrap_influence(
    estimate: np.ndarray,
    influence: np.ndarray,
    *,
    alone: np.ndarray,
    level: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
    multipliers: str = "rademacher",
) -> Inference:
    """Uncertainty of estimates from any influence values.

    Parameters
    ----------
    estimate : numpy.ndarray
        (R,) estimates.
    influence : numpy.ndarray
        (N, R) contribution of each municipality, so that the estimate less the truth is about their sum; a column with
        not-a-number has no result.
    alone : numpy.ndarray
        (R,) rows that rest on one municipality, passed through.
    level, seed, draws, multipliers
        As in :func:`infer_multiplier`.

    Notes
    -----
    A draw is b = sum_i v_i psi_i. Standard error: the interquartile range of the draws over that of the standard normal
    distribution. Interval: estimate -/+ c x error, c the ``level`` quantile of |b| / error (R's ``did`` takes 1.96).
    p = (1 + #(|b| >= |estimate|)) / (B + 1). There are no degrees of freedom. Quantiles are order statistics (R's type
    1).
    """
    drawn = np.concatenate(list(_draw(influence, level=level, seed=seed, draws=draws, multipliers=multipliers)))
    return _conclude(estimate, drawn, influence.T @ influence, alone=alone, level=level)


def _conclude(
    estimate: np.ndarray, drawn: np.ndarray, covariance: np.ndarray, *, alone: np.ndarray, level: float
) -> Inference:
    """Everything that follows from (B, R) draws."""
    error = _spread(drawn)
    missing = ~np.isfinite(estimate) | ~np.isfinite(error) | alone
    error[missing] = np.nan
    critical = _quantile(np.abs(drawn) / error, level)
    larger = (np.abs(drawn) >= np.abs(estimate)).sum(axis=0)
    return Inference(
        std_error=error,
        statistic=estimate / error,
        degrees_of_freedom=np.full(len(error), np.nan),
        p_value=np.where(missing, np.nan, (1 + larger) / (len(drawn) + 1)),
        conf_low=estimate - critical * error,
        conf_high=estimate + critical * error,
        smallest_detectable=(critical + ndtri(POWER)) * error,
        covariance=covariance,
        alone=alone,
    )


def multiplier_band(
    estimate: np.ndarray,
    influence: np.ndarray,
    *,
    level: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
    multipliers: str = "rademacher",
) -> tuple[np.ndarray, np.ndarray]:
    """Limits that cover all rows at once: algorithm 1's critical value, from the same draws as the errors.

    Parameters
    ----------
    estimate, influence, level, seed, draws, multipliers
        As in :func:`bootstrap_influence`; for a form take :func:`influence.influence_values`. Put not-a-number where
        a row is to have no band.

    Notes
    -----
    c = ``level`` quantile over draws of max over rows of |b| / error; never less than any row's own.
    """
    drawn = np.concatenate(list(_draw(influence, level=level, seed=seed, draws=draws, multipliers=multipliers)))
    error = _spread(drawn)
    use = np.isfinite(error) & np.isfinite(estimate)
    low, high = np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
    if use.any():
        ratio = np.abs(drawn[:, use]) / error[use]
        critical = max(_quantile(ratio.max(axis=1, keepdims=True), level)[0], _quantile(ratio, level).max())
        low[use] = estimate[use] - critical * error[use]
        high[use] = estimate[use] + critical * error[use]
    return low, high


def warn_few_treated(form: LinearForm) -> tuple[Finding, ...]:
    """Say that the multiplier bootstrap is too optimistic for rows with fewer than thirty treated municipalities."""
    few = form.counts(form.treated)[form.rows["identified"].to_numpy(bool)]
    few = few[few < FEW_TREATED]
    if not few.size:
        return ()
    return (finding("EST-23", severity="warning", n=len(few), fewest=int(few.min()), limit=FEW_TREATED),)


def _draw(influence: np.ndarray, *, level: float, seed: int, draws: int, multipliers: str) -> Iterator[np.ndarray]:
    """(piece, R) sums of influence values times multipliers, piece by piece."""
    for drawn in _multiply(len(influence), level=level, seed=seed, draws=draws, multipliers=multipliers):
        yield drawn.astype(float) @ influence


def _draw_one_by_one(form: LinearForm, influence: np.ndarray, **drawing: float | str) -> Iterator[np.ndarray]:
    return _draw(influence, **drawing)


def _draw_by_profile(form: LinearForm, influence: np.ndarray, **drawing: float | str) -> Iterator[np.ndarray]:
    """The same sums through those of the outcomes: T numbers per municipality instead of R.

    Within a profile the influence value is the same function of the outcomes, loadings x outcomes and a constant.
    """
    cells, parts, rest = form.cells, [], int(form.cells.count.argmax())
    figures = np.column_stack([cells.outcome, np.ones(len(cells.outcome))])
    for profile in range(len(cells.count)):
        own, loadings = cells.members(profile), form.loadings[profile].T
        parts.append((own, np.vstack([loadings, influence[own[0]] - cells.outcome[own[0]] @ loadings])))
    _, weights = parts.pop(rest)
    for drawn in _multiply(len(influence), **drawing):
        others = [drawn[:, own].astype(float) @ figures[own] for own, _ in parts]
        total = (drawn.astype(float) @ figures - sum(others)) @ weights
        yield sum((other @ own_weights for other, (_, own_weights) in zip(others, parts, strict=True)), start=total)


def _pays_by_profile(form: LinearForm) -> bool:
    """Whether sums of outcomes are fewer numbers than influence values, by half at least."""
    n_profiles, n_rows, n_periods = form.loadings.shape
    n_units = len(form.cells.profile)
    by_profile = (n_periods + 1) * (n_units + n_profiles * n_rows)
    return form.adjustments is None and 2 * by_profile < n_units * n_rows


def _multiply(n_units: int, *, level: float, seed: int, draws: int, multipliers: str) -> Iterator[np.ndarray]:
    """(piece, N) multipliers, piece by piece."""
    if multipliers not in MULTIPLIERS:
        raise EstimationError.of("EST-22", found=multipliers, allowed=", ".join(MULTIPLIERS))
    if draws < fewest_draws(level):
        raise EstimationError.of("EST-20", found=draws, fewest=fewest_draws(level), level=f"{100 * level:g}")
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    size = max(1, AT_ONCE // n_units)
    for first in range(0, draws, size):
        shape = (min(size, draws - first), n_units)
        yield _rademacher(rng, shape) if multipliers == "rademacher" else _mammen(rng, shape)


def _rademacher(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """-1 and 1, one byte each."""
    n = shape[0] * shape[1]
    bits = np.unpackbits(rng.integers(0, 256, size=-(-n // 8), dtype=np.uint8), count=n)
    return 2 * bits.view(np.int8).reshape(shape) - 1


def _mammen(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Two points with mean 0, variance 1 and third moment 1 (Mammen 1993)."""
    golden = (np.sqrt(5) + 1) / 2
    return np.where(rng.random(shape) < golden / np.sqrt(5), 1 - golden, golden)


def _spread(drawn: np.ndarray) -> np.ndarray:
    """(R,) interquartile range of the draws over that of the normal distribution; missing where there is none."""
    range_ = _quantile(drawn, 0.75) - _quantile(drawn, 0.25)
    return np.where(range_ > 0, range_ / (ndtri(0.75) - ndtri(0.25)), np.nan)


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    """(R,) order statistics of the columns."""
    position = int(np.ceil(share * len(values) - 1e-9)) - 1
    return np.partition(values, position, axis=0)[position]
