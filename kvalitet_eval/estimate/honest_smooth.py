"""Honest intervals when the slope of the trend may change by at most so much from one period to the next.

Rambachan and Roth (2023), Review of Economic Studies 90(5), section 2.4.2 (smoothness) and section 4.1 (fixed-length
intervals, after Donoho 1994, Annals of Statistics 22(1), and Armstrong and Kolesar 2018, Econometrica 86(2)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Frontier:
    """Estimators that nobody beats in both bias and variance: a path with straight pieces.

    Parameters
    ----------
    penalty : numpy.ndarray
        (B,) falling penalties on bias at the corners of the path.
    path : numpy.ndarray
        (B, n_pre - 1) weights of the changes of slope before the reference period at these corners.
    to_weights : numpy.ndarray
        (n_pre, n_pre) from (total slope, changes of slope) to weights of the coefficients before the start.
    total : float
        Weight of the slope itself; it is the same for all, or a straight line would bias the estimate.
    fixed_bias : float
        Bias from changes of slope after the reference period, per unit of change.
    """

    penalty: np.ndarray
    path: np.ndarray
    to_weights: np.ndarray
    total: float
    fixed_bias: float

    def at(self, penalty: float) -> tuple[np.ndarray, float]:
        """(n_pre,) weights before the start and largest bias per unit of change at one penalty."""
        rising, path = self.penalty[::-1], self.path[::-1]
        above = min(int(np.searchsorted(rising, penalty)), len(rising) - 1)
        below = max(above - 1, 0)
        width = rising[above] - rising[below]
        share = min(max((penalty - rising[below]) / width, 0.0), 1.0) if width > 0 else 0.0
        changes = path[below] + share * (path[above] - path[below])
        weights = self.to_weights @ np.concatenate([[self.total], changes])
        return weights, self.fixed_bias + float(np.abs(changes).sum())


def smooth_interval(
    beta: np.ndarray,
    sigma: np.ndarray,
    n_pre: int,
    weights: np.ndarray,
    bound: float,
    *,
    level: float,
    frontier: Frontier | None = None,
) -> tuple[float, float]:
    """Shortest fixed-length interval of ``weights @ effects`` when slopes change by at most ``bound`` per period.

    Parameters
    ----------
    beta, sigma, n_pre, weights, level
        As in :func:`honest_relative.relative_interval`.
    bound : float
        Largest change of slope between two neighbouring periods, in the outcome's unit.
    frontier : Frontier, optional
        That of :func:`trace_frontier`, which is the same for all bounds; made here when it is not given.

    Returns
    -------
    low, high : float
        estimate -/+ half length, the estimate being the coefficients after the start plus weighted ones before it.

    Notes
    -----
    With deviation d_t = slope t + sum of changes, an estimator that straight lines do not bias has largest bias
    bound (sum_u |sum_(t>u) (t-u) weights_t| + sum_u |a_u|), a_u = sum_(k>u) (k-u) v_k over the weights v_k of period
    -k. Half length: sd x the ``level`` quantile of |N(bias / sd, 1)|. The estimators that minimise variance at a given
    bias are a lasso path in a; the shortest interval is found along it.
    """
    known = frontier or trace_frontier(sigma, n_pre, weights)

    def spread(penalty: float) -> tuple[float, float, float]:
        before, bias = known.at(penalty)
        both = np.concatenate([before, weights])
        deviation = float(np.sqrt(both @ sigma @ both))
        return deviation * folded_quantile(bound * bias / deviation, level), float(both @ beta), deviation

    top = float(known.penalty.max())
    found = minimize_scalar(lambda share: spread(share * top)[0], bounds=(0, 1), options={"xatol": 1e-10})
    half, estimate, _ = min((spread(share * top) for share in (0.0, float(found.x), 1.0)), key=lambda item: item[0])
    return estimate - half, estimate + half


def trace_frontier(sigma: np.ndarray, n_pre: int, weights: np.ndarray) -> Frontier:
    """Follow the estimators of least variance from the least biased one to the least variable one."""
    back = np.arange(n_pre, 0, -1.0)  # distance of each coefficient before the start
    to_changes = np.maximum(back[None, :] - np.arange(n_pre)[:, None], 0.0)
    to_weights = np.linalg.inv(to_changes)
    after = np.arange(1.0, len(weights) + 1)
    changes_after = np.maximum(after[None, :] - np.arange(len(weights))[:, None], 0.0) @ weights
    total = float(after @ weights)
    quadratic = to_weights.T @ sigma[:n_pre, :n_pre] @ to_weights
    linear = to_weights.T @ sigma[:n_pre, n_pre:] @ weights + quadratic[:, 0] * total
    penalty, path = _lasso_path(quadratic[1:, 1:], linear[1:])
    return Frontier(penalty, path, to_weights, total, float(np.abs(changes_after).sum()))


def _lasso_path(quadratic: np.ndarray, linear: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners of argmin a'Qa + 2 a'l + 2 p |a| as the penalty p falls to zero (Osborne, Presnell and Turlach 2000)."""
    size = len(linear)
    if not size or not np.abs(linear).max():
        return np.zeros(1), np.zeros((1, size))
    penalty, current = float(np.abs(linear).max()), np.zeros(size)
    sign = np.zeros(size)
    first = int(np.abs(linear).argmax())
    sign[first] = -np.sign(linear[first])
    corners = [(penalty, current)]
    while penalty > 0:
        active = np.flatnonzero(sign)
        inner = quadratic[np.ix_(active, active)]
        free, pull = np.linalg.solve(inner, np.column_stack([-linear[active], sign[active]])).T
        following, change = _next_corner(quadratic, linear, sign, (free, pull), penalty)
        penalty, current = following, np.zeros(size)
        current[active] = free - penalty * pull
        corners.append((penalty, current))
        if change is not None:
            index, new_sign = change
            sign[index] = new_sign
            current[index] = 0.0
    return np.array([p for p, _ in corners]), np.array([a for _, a in corners])


def _next_corner(
    quadratic: np.ndarray, linear: np.ndarray, sign: np.ndarray, line: tuple[np.ndarray, np.ndarray], penalty: float
) -> tuple[float, tuple[int, float] | None]:
    """Largest lower penalty at which a weight reaches zero or a new one leaves it; zero when nothing happens."""
    free, pull = line
    active = np.flatnonzero(sign)
    limit, best, change = penalty * (1 - TOLERANCE), 0.0, None
    for at, index in enumerate(active):
        candidate = free[at] / pull[at] if pull[at] else -1.0
        if best < candidate < limit:
            best, change = candidate, (int(index), 0.0)
    level = -(linear + quadratic[:, active] @ free)
    tilt = quadratic[:, active] @ pull
    for index in np.flatnonzero(sign == 0):
        for direction in (1.0, -1.0):
            below = direction - tilt[index]
            candidate = level[index] / below if abs(below) > TOLERANCE else -1.0
            if best < candidate < limit:
                best, change = candidate, (int(index), direction)
    return best, change


def folded_quantile(shift: float, level: float) -> float:
    """Quantile of the absolute value of a normal variable with this mean and variance one.

    Examples
    --------
    >>> round(folded_quantile(0.0, 0.95), 6), round(folded_quantile(10.0, 0.95), 6)
    (1.959964, 11.644854)
    """
    value = max(float(ndtri((1 + level) / 2)), shift + float(ndtri(level)))
    for _ in range(100):
        gap = float(ndtr(value - shift) - ndtr(-value - shift)) - level
        density = np.exp(-((value - shift) ** 2) / 2) + np.exp(-((value + shift) ** 2) / 2)
        move = gap * np.sqrt(2 * np.pi) / density
        value -= move
        if abs(move) < 1e-13 * value:
            break
    return float(value)
