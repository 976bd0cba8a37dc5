"""Honest intervals when trends after the start may break by a multiple of the largest break before it.

Rambachan and Roth (2023), "A More Credible Approach to Parallel Trends", Review of Economic Studies 90(5), "relative
magnitudes"; the test is the conditional-least-favourable one of Andrews, Roth and Pakes (2023), "Inference for Linear
Conditional Moment Inequalities", Review of Economic Studies 90(6).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaincc, ndtr, ndtri

FIRST_STAGE = 0.1  # share of the error probability spent on the least-favourable test
GRID = 401
ANGLES = 1440
DIRECTIONS = 2048
TINY = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class RelativeTest:
    """Test of one value of the effect under one bound, for every place of the largest step before the start.

    Parameters
    ----------
    constant, slope : numpy.ndarray
        (S, K) corners of the dual problem: statistic = constant - slope x effect. S places: each step before the
        reference period, upwards and downwards. Corners are scaled by the standard deviations of the moments in them.
    covariance : numpy.ndarray
        (S, K, K) covariance of the corners.
    critical : numpy.ndarray
        (S,) least-favourable critical values of the first stage.
    level : float
        One less the size.
    """

    constant: np.ndarray
    slope: np.ndarray
    covariance: np.ndarray
    critical: np.ndarray
    level: float

    def accepts(self, effects: np.ndarray) -> np.ndarray:
        """(E,) whether each effect goes with some place of the largest step.

        The second stage conditions on which corner is largest and on what is independent of it: the statistic is then
        normal between two limits.
        """
        every = self.constant[:, None, :] - effects[None, :, None] * self.slope[:, None, :]  # (S, E, K)
        result = np.zeros(len(effects), dtype=bool)
        place, effect = np.nonzero(every.max(axis=2) <= self.critical[:, None])  # the rest fails the first stage
        if not place.size:
            return result
        corner, row = every[place, effect], np.arange(len(place))  # (M, K)
        best = corner.argmax(axis=1)
        value = corner[row, best]
        covariance = self.covariance[place, best]
        variance = covariance[row, best]
        flat = variance <= TINY * np.abs(self.covariance).max()
        safe = np.where(flat, 1.0, variance)
        ratio = covariance / safe[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            limit = (corner - ratio * value[:, None]) / (1 - ratio)
        low = np.where(ratio < 1 - 1e-9, limit, -np.inf).max(axis=1)
        high = np.where(ratio > 1 + 1e-9, limit, np.inf).min(axis=1)
        high = np.minimum(high, self.critical[place])
        deviation, error = np.sqrt(safe), 1 - self.level
        second = (error - FIRST_STAGE * error) / (1 - FIRST_STAGE * error)
        quantile = truncated_quantile(1 - second, low / deviation, high / deviation)
        accepted = np.where(flat, value <= TINY, value / deviation <= np.maximum(quantile, 0.0))
        result[effect[accepted]] = True
        return result

    def reach(self, centre: float) -> float:
        """Distance from the centre beyond which the first stage rejects in both directions."""
        at_centre = np.abs(self.constant - self.slope * centre) + self.critical[:, None]
        moving = self.slope != 0
        return float(np.max(at_centre[moving] / np.abs(self.slope[moving])))


def relative_interval(
    beta: np.ndarray, sigma: np.ndarray, n_pre: int, weights: np.ndarray, mbar: float, *, level: float
) -> tuple[float, float]:
    """Interval of ``weights @ effects`` when no step of the trend is larger than ``mbar`` times the largest before.

    Parameters
    ----------
    beta : numpy.ndarray
        (n_pre + n_post,) event-study coefficients in calendar order, without the reference period between them.
    sigma : numpy.ndarray
        Their covariance.
    n_pre : int
        Coefficients before the reference period, at least one.
    weights : numpy.ndarray
        (n_post,) weights of the effects that are asked for.
    mbar : float
        Largest step after the reference period over the largest step before it.
    level : float
        Level, as a share.

    Returns
    -------
    low, high : float
        Ends of the accepted values; not-a-number when none is accepted.
    """
    test = relative_test(beta, sigma, n_pre, weights, mbar, level=level)
    centre = float(weights @ beta[n_pre:])
    reach = test.reach(centre)
    grid = centre + np.linspace(-reach, reach, GRID)
    accepted = test.accepts(grid)
    if not accepted.any():
        return np.nan, np.nan
    first, last = np.flatnonzero(accepted)[[0, -1]]
    low = _refine(test, grid[max(first - 1, 0)], grid[first])
    return low, _refine(test, grid[min(last + 1, GRID - 1)], grid[last])


def relative_test(
    beta: np.ndarray, sigma: np.ndarray, n_pre: int, weights: np.ndarray, mbar: float, *, level: float
) -> RelativeTest:
    """Build the test behind :func:`relative_interval`; arguments as there.

    Notes
    -----
    For the largest step v (one before the reference period, up or down) every step after it is at most mbar v. Those
    steps are nuisance parameters. With w_t = sum_(s >= t) weights_s the dual problem has the corners (i) all steps up,
    in proportion |w_t|, (ii) all down, (iii) one step up and down at once: they are listed, nothing is searched. With
    one period after the start there is no nuisance parameter; then all moments are corners, those before the start too.
    """
    steps = np.diff(np.insert(np.eye(len(beta)), n_pre, 0.0, axis=0), axis=0)
    find = _single_corners if len(weights) == 1 else _corners
    rows, slopes, critical = [], [], []
    for largest in range(n_pre):
        for sign in (1.0, -1.0):
            row, slope = find(steps, sigma, weights, sign * steps[largest], mbar)
            rows.append(row)
            slopes.append(slope)
        critical += 2 * [_least_favourable(rows[-1] @ sigma @ rows[-1].T, level)]  # the same for both directions
    stacked = np.array(rows)
    covariance = (stacked @ sigma) @ stacked.transpose(0, 2, 1)
    return RelativeTest(stacked @ beta, np.array(slopes), covariance, np.array(critical), level)


def _corners(
    steps: np.ndarray, sigma: np.ndarray, weights: np.ndarray, largest: np.ndarray, mbar: float
) -> tuple[np.ndarray, np.ndarray]:
    """(K, n) corners as sums of coefficients and (K,) slopes, from the moments after the start."""
    n_post = len(weights)
    after, bound = steps[-n_post:], mbar * largest
    up, down = _deviation(after - bound, sigma), _deviation(-after - bound, sigma)
    load = np.cumsum(weights[::-1])[::-1]
    size = np.abs(load)
    rise, fall = size @ np.where(load > 0, up, down), size @ np.where(load > 0, down, up)
    target = np.concatenate([np.zeros(len(bound) - n_post), weights])
    both = (target - size.sum() * bound) / rise, (-target - size.sum() * bound) / fall
    return np.vstack([*both, -2 * bound / (up + down)[:, None]]), np.array([1 / rise, -1 / fall, *np.zeros(n_post)])


def _single_corners(
    steps: np.ndarray, sigma: np.ndarray, weights: np.ndarray, largest: np.ndarray, mbar: float
) -> tuple[np.ndarray, np.ndarray]:
    """The same with one period after the start."""
    ratio = np.append(np.ones(len(steps) - 1), mbar)
    bound = ratio[:, None] * largest
    rows = np.vstack([steps - bound, -steps - bound])
    rows = rows[(rows**2).sum(axis=1) > TINY]
    rows /= _deviation(rows, sigma)[:, None]
    return rows, rows[:, -1] / weights[0]


def _deviation(rows: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    return np.sqrt(((rows @ sigma) * rows).sum(axis=1))


def _least_favourable(covariance: np.ndarray, level: float) -> float:
    """Value that the largest corner exceeds with the first stage's probability when every moment binds.

    In polar coordinates the radius is integrated exactly; directions are equally spaced in the plane, where the corners
    of several periods lie, and seeded draws in more dimensions.
    """
    values, vectors = np.linalg.eigh(covariance)
    keep = values > TINY * values.max(initial=0.0)
    rank = int(keep.sum())
    largest = (_directions(rank) @ (vectors[:, keep] * np.sqrt(values[keep])).T).max(axis=1)
    share = (largest > 0).mean()
    scale = 1 / (2 * largest[largest > 0] ** 2)
    size = FIRST_STAGE * (1 - level)

    def excess(critical: float) -> float:
        radius = critical**2 * scale
        return share * float((np.exp(-radius) if rank == 2 else gammaincc(rank / 2, radius)).mean()) - size

    top = 3.0 * float(largest.max())
    while excess(top) > 0:
        top *= 2
    return float(brentq(excess, 0.0, top, rtol=1e-10))


@cache
def _directions(rank: int) -> np.ndarray:
    """(n, rank) unit vectors spread over all directions."""
    if rank == 1:
        return np.array([[1.0], [-1.0]])
    if rank == 2:
        angle = (np.arange(ANGLES) + 0.5) * 2 * np.pi / ANGLES
        return np.column_stack([np.cos(angle), np.sin(angle)])
    draws = np.random.default_rng(np.random.SeedSequence(0)).standard_normal((DIRECTIONS // 2, rank))
    draws = np.vstack([draws, -draws])
    return draws / np.linalg.norm(draws, axis=1, keepdims=True)


def _refine(test: RelativeTest, outside: float, inside: float) -> float:
    """End of the accepted values between a rejected and an accepted one."""
    for _ in range(6):
        points = np.linspace(outside, inside, 17)
        at = int(np.argmax(test.accepts(points)))
        outside, inside = points[max(at - 1, 0)], points[at]
    return float(inside)


def truncated_quantile(share: float, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Quantile of a standard normal variable that is known to lie between two limits.

    Examples
    --------
    >>> round(float(truncated_quantile(0.5, np.array(-np.inf), np.array(np.inf))), 12)
    0.0
    >>> round(float(truncated_quantile(0.95, np.array(0.0), np.array(np.inf))), 6)  # 97.5 % of the whole
    1.959964
    """
    upper = low > 0
    first, last = np.where(upper, -high, low), np.where(upper, -low, high)
    part = np.where(upper, 1 - share, share)
    inner = ndtri(ndtr(first) + part * (ndtr(last) - ndtr(first)))
    result = np.clip(np.where(upper, -inner, inner), low, high)
    far = low > 30  # the tail is exponential there, and its probability is below the smallest number
    return np.where(far, np.minimum(low - np.log1p(-share) / np.where(far, low, 1.0), high), result)
