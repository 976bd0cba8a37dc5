"""Weights that are not negative and sum to one: the quadratic problem behind the synthetic family.

Minimise x'Gx - 2 c'x + ridge x'x over the simplex, for many c at once. Two answers are offered. ``descend`` is the
conditional-gradient method with the starting point, the sparsening and the stopping rule under which the published
values of the family were computed; it stops a little before the optimum, and the published values depend on that.
``solve_exactly`` goes all the way.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

FIRST_ROUND, MOST_STEPS = 100, 10_000
NEWTON_STEPS, HALVINGS, NEWTON_TOLERANCE = 60, 30, 1e-12
BATCH = 128  # problems that walk together; so many stay in the processor's cache
SPARSE_SHARE = 0.25  # weights up to a quarter of the largest are set to zero between the rounds


def descend(
    gram: np.ndarray, cross: np.ndarray, allowed: np.ndarray, *, ridge: float, least_decrease: float
) -> np.ndarray:
    """Frank and Wolfe (1956) with exact line search: from equal weights, sparsened once, to the stopping rule.

    Parameters
    ----------
    gram : numpy.ndarray
        (M, M), shared by all problems, or (B, M, M).
    cross : numpy.ndarray
        (B, M) linear part c of each problem.
    allowed : numpy.ndarray
        (B, M) whether a weight may differ from zero; at least one per problem.
    ridge : float
        Penalty on the sum of squared weights, not negative.
    least_decrease : float
        A round ends, after two steps at least, when a step lowers the objective by no more than this.

    Returns
    -------
    numpy.ndarray
        (B, M) weights.

    Examples
    --------
    The point of the simplex nearest to (0.2, 0.6): equal parts of the surplus are added to both.

    >>> descend(np.eye(2), np.array([[0.2, 0.6]]), np.ones((1, 2), bool), ridge=0.0, least_decrease=0.0).round(9)
    array([[0.3, 0.7]])
    """
    gram = np.broadcast_to(gram, (len(cross), *gram.shape[-2:]))
    options = {"ridge": ridge, "least_decrease": least_decrease}
    found = np.empty(cross.shape)
    for first in range(0, len(cross), BATCH):
        part = slice(first, first + BATCH)
        x = allowed[part] / allowed[part].sum(axis=1, keepdims=True)
        x = _walk(gram[part], cross[part], x, allowed[part], most=FIRST_ROUND, **options)
        x = np.where(x <= SPARSE_SHARE * x.max(axis=1, keepdims=True), 0.0, x)
        x /= x.sum(axis=1, keepdims=True)
        found[part] = _walk(gram[part], cross[part], x, allowed[part], most=MOST_STEPS, **options)
    return found


def solve_exactly(matrix: np.ndarray, targets: np.ndarray, allowed: np.ndarray, *, ridge: float) -> np.ndarray:
    """Minimise |matrix x - target|^2 + ridge x'x over the simplex, for many targets.

    Parameters
    ----------
    matrix : numpy.ndarray
        (K, M).
    targets : numpy.ndarray
        (B, K).
    allowed : numpy.ndarray
        (B, M) whether a weight may differ from zero; at least one per problem.
    ridge : float
        Penalty on the sum of squared weights, not negative.

    Returns
    -------
    numpy.ndarray
        (B, M) weights.

    Notes
    -----
    Optimality: x = max(0, v - matrix'r), ridge r + target = matrix x, sum x = 1, for some r (K,) and v. That is the
    stationary point of a convex, piecewise quadratic function of K + 1 variables, found by Newton's method (Qi and Sun
    1993, Mathematical Programming 58) for all targets at once. Problems for which it does not arrive (next to no
    ridge) go to non-negative least squares, see :func:`solve_one`.

    Examples
    --------
    >>> solve_exactly(np.eye(3), np.array([[0.2, 0.6, -0.5]]), np.ones((1, 3), bool), ridge=0.0).round(9)
    array([[0.3, 0.7, 0. ]])
    """
    found, arrived = _newton(matrix, targets, allowed, ridge) if ridge > 0 else (np.zeros(allowed.shape), [False])
    for b in np.flatnonzero(~np.broadcast_to(arrived, len(targets))):
        found[b] = 0.0
        found[b, allowed[b]] = solve_one(matrix[:, allowed[b]], targets[b], ridge=ridge)
    return found


def solve_one(matrix: np.ndarray, target: np.ndarray, *, ridge: float) -> np.ndarray:
    """Solve one problem of :func:`solve_exactly` by non-negative least squares (Lawson and Hanson 1974).

    Notes
    -----
    On the simplex the objective is a quadratic form q(x), because the target can be subtracted from every column. The
    non-negative u that minimises q(u) + (sum u - 1)^2 is a multiple of the solution: for u = s x the best s gives
    q(x) / (1 + q(x)), which grows with q(x).
    """
    columns = matrix - target[:, None]
    size = max(np.abs(columns).max(initial=0.0), np.sqrt(ridge)) or 1.0
    m = columns.shape[1]
    stacked = np.vstack([columns / size, np.sqrt(ridge) / size * np.eye(m), np.ones((1, m))])
    right = np.zeros(len(stacked))
    right[-1] = 1.0
    found, _ = nnls(stacked, right, maxiter=100 * m)
    return found / found.sum()


def _newton(
    matrix: np.ndarray, targets: np.ndarray, allowed: np.ndarray, ridge: float
) -> tuple[np.ndarray, np.ndarray]:
    """(B, M) weights and (B,) whether they are optimal; see :func:`solve_exactly`."""
    size = max(np.abs(matrix).max(initial=0.0), np.abs(targets).max(initial=0.0)) or 1.0
    k, m = matrix.shape
    sides = np.vstack([-matrix / size, np.ones((1, m))])
    pairs = (sides[:, None] * sides[None]).reshape(-1, m).T
    curve = np.append(np.full(k, ridge / size**2), 0.0)
    linear = np.column_stack([targets / size, -np.ones(len(targets))])

    def height(point: np.ndarray, x: np.ndarray) -> np.ndarray:
        return ((curve * point / 2 + linear) * point).sum(axis=1) + (x * x).sum(axis=1) / 2

    def weights(point: np.ndarray) -> np.ndarray:
        return np.where(allowed, np.maximum(0.0, point @ sides), 0.0)

    z = np.column_stack([np.zeros((len(targets), k)), 1 / allowed.sum(axis=1)])
    x = weights(z)
    for _ in range(NEWTON_STEPS):
        slope = curve * z + linear + x @ sides.T
        if np.abs(slope).max() <= NEWTON_TOLERANCE:
            break
        hessian = ((x > 0) @ pairs).reshape(-1, k + 1, k + 1) + np.diag(curve + 1e-13)
        step = np.linalg.solve(hessian, -slope[:, :, None])[:, :, 0]
        down, before, share = (slope * step).sum(axis=1), height(z, x), np.ones(len(z))
        for _ in range(HALVINGS):
            moved = z + share[:, None] * step
            short = height(moved, weights(moved)) > before + 1e-4 * share * down + 1e-15
            if not short.any():
                break
            share = np.where(short, share / 2, share)
        z = z + share[:, None] * step
        x = weights(z)
    arrived = np.abs(curve * z + linear + x @ sides.T).max(axis=1) <= 10 * NEWTON_TOLERANCE
    return x / np.where(arrived, x.sum(axis=1), 1.0)[:, None], arrived


def _walk(
    gram: np.ndarray,
    cross: np.ndarray,
    start: np.ndarray,
    allowed: np.ndarray,
    *,
    ridge: float,
    least_decrease: float,
    most: int,
) -> np.ndarray:
    """One round of all problems in step; those that have stopped leave the others behind.

    With slope g = Gx - c + ridge x the next corner i has the smallest g, the direction is d = e_i - x, and everything
    that the exact step -g'd / d'(G + ridge)d needs follows from x'g, x'(G + ridge)x and x'c, which are carried along.
    """
    place, x = np.arange(len(start)), start.copy()
    slope = np.where(allowed, np.einsum("bij,bj->bi", gram, x) - cross + ridge * x, np.inf)
    linear = (x * cross).sum(axis=1)
    square = (x * np.where(allowed, slope, 0.0)).sum(axis=1) + linear
    finished = start.copy()
    for step in range(1, most + 1):
        every = np.arange(len(place))
        corner = slope.argmin(axis=1)
        g, c = slope[every, corner], cross[place, corner]
        own = gram[place, corner, corner] + ridge
        along = g - (square - linear)
        curve = own - 2 * (g + c) + square
        size = np.clip(np.divide(-along, curve, out=np.zeros_like(curve), where=curve > 0), 0.0, 1.0)
        decrease = -size * (2 * along + size * curve)
        keep = 1 - size
        square = keep**2 * square + 2 * size * keep * (g + c) + size**2 * own
        linear = keep * linear + size * c
        x *= keep[:, None]
        x[every, corner] += size
        slope *= np.maximum(keep, np.finfo(float).tiny)[:, None]  # infinity stays infinity in a step to a corner
        slope += size[:, None] * (gram[place, corner] - cross[place])
        slope[every, corner] += size * ridge
        going = (decrease > least_decrease) if step > 1 else np.ones(len(place), dtype=bool)
        if not going.all():
            finished[place[~going]] = x[~going]
            place, x, slope = place[going], x[going], slope[going]
            square, linear = square[going], linear[going]
            if not place.size:
                return finished
    finished[place] = x
    return finished
