"""Comparison adjusted for covariates: outcome regression, inverse probability weights, or both (doubly robust).

Sant'Anna and Zhao (2020), "Doubly robust difference-in-differences estimators", Journal of Econometrics 219(1): the
estimators for panels with normalised weights, and their influence functions. Given who is treated and the covariates,
each is linear in the changes of the outcome, and so are its influence values; both are kept as matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ADJUSTMENTS = ("dr", "ipw", "reg")
LARGEST_PROPENSITY = 0.999  # above it somebody treated has next to nobody to be compared with
TRIM = 0.995  # comparison municipalities above it are left out of the weights
DEPENDENT = 1e-7  # share of a column's length that the columns before it leave unexplained
MOST_STEPS = 60
LAST_STEP = 1e-9  # of the log odds per standard deviation; the error left is its square
MOST_LOG_ODDS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """One comparison of n municipalities, adjusted; nothing here depends on their outcomes.

    Parameters
    ----------
    units : numpy.ndarray
        (n,) positions of the municipalities.
    loading : numpy.ndarray
        (n,) the effect is the sum of loading x change; they sum to zero.
    spread, fit : numpy.ndarray
        (n, k) and (k, n): influence values are loading x change - spread @ (fit @ change).
    leverage : numpy.ndarray
        (n,) share of a municipality in the fitted value that it is measured against.
    weight : numpy.ndarray
        (n,) weights, mean 1.
    overlaps : bool
        False where somebody treated has nobody alike to be compared with; the numbers then mean nothing.
    dropped : tuple of int
        Columns of the covariates that were linear combinations of those before them, among the compared with.
    """

    units: np.ndarray
    loading: np.ndarray
    spread: np.ndarray
    fit: np.ndarray
    leverage: np.ndarray
    weight: np.ndarray
    overlaps: bool
    dropped: tuple[int, ...]

    def influence(self, change: np.ndarray) -> np.ndarray:
        """(n,) influence of each municipality on the effect, in units of the outcome; they sum to zero."""
        return self.loading * change - self.centre(change)

    def centre(self, change: np.ndarray) -> np.ndarray:
        """(n,) what is taken from loading x change to give the influence values."""
        return self.spread @ (self.fit @ change)


@dataclass(frozen=True, slots=True, eq=False)
class Adjustments:
    """The adjusted comparisons behind the R rows of a form.

    Parameters
    ----------
    parts : tuple of Adjusted or None
        (R_cells,) one per cohort and period; None where there was nobody to compare.
    contrasts : numpy.ndarray
        (R_cells, T) change as a sum of periods: 1 in the period itself, -1/m in each of m base periods.
    weights : numpy.ndarray
        (R, R_cells) rows as weighted sums of the comparisons.
    """

    parts: tuple[Adjusted | None, ...]
    contrasts: np.ndarray
    weights: np.ndarray

    def combine(self, weights: np.ndarray) -> Adjustments:
        """Return the adjustments of weighted sums of the rows; ``weights`` is (R_new, R)."""
        return Adjustments(self.parts, self.contrasts, weights @ self.weights)

    def take(self, keep: np.ndarray) -> Adjustments:
        """Return the rows where ``keep`` (R,) is true."""
        return Adjustments(self.parts, self.contrasts, self.weights[keep])

    @classmethod
    def stack(cls, some: list[Adjustments]) -> Adjustments | None:
        """Put the rows of several one after the other; None of none."""
        if not some:
            return None
        weights = np.zeros((sum(len(a.weights) for a in some), sum(len(a.parts) for a in some)))
        row = column = 0
        for a in some:
            weights[row : row + len(a.weights), column : column + len(a.parts)] = a.weights
            row, column = row + len(a.weights), column + len(a.parts)
        parts = tuple(part for a in some for part in a.parts)
        return cls(parts, np.concatenate([a.contrasts for a in some]), weights)


def adjust_for(
    covariates: np.ndarray, treated: np.ndarray, weight: np.ndarray, *, units: np.ndarray, how: str = "dr"
) -> Adjusted:
    """Adjust one comparison.

    Parameters
    ----------
    covariates : numpy.ndarray
        (n, k) without a constant; finite.
    treated : numpy.ndarray
        (n,) who is treated; the others are compared with.
    weight : numpy.ndarray
        (n,) positive weights.
    units : numpy.ndarray
        (n,) positions, kept in the answer.
    how : {"dr", "ipw", "reg"}
        Doubly robust, inverse probability weights (logit), outcome regression.

    Notes
    -----
    Equations (2.2), (2.4) and (3.1) of the source, with normalised weights. Let v be the weights of the treated (sum
    one), c those of the comparison, proportional to w p / (1 - p) with p the fitted logit (sum one; zero for ``reg``),
    B the coefficients of the weighted regression of changes on covariates among the comparison (zero for ``ipw``) and
    e = change - x B. Effect = v'e - c'e. Influence: v (e - v'e) - c (e - c'e), less each comparison's part in B times
    the difference in mean covariates (v - c)'x, less each one's part in the logit times sum_j c_j (e_j - c'e) x_j.

    Examples
    --------
    The comparison changes by its covariate, so that the treated (covariate 3) were expected to change by 3:

    >>> x, d = np.array([[3.0], [0], [1], [2]]), np.array([True, False, False, False])
    >>> found = adjust_for(x, d, np.ones(4), units=np.arange(4), how="reg")
    >>> float(round(found.loading @ np.array([5.0, 0, 1, 2]), 9))
    2.0
    """
    w = weight / weight.mean()
    x, dropped = _independent(_standardised(covariates, w), ~treated)
    nobody = np.zeros(len(w))
    own = np.where(treated, w, 0.0) / w[treated].sum()
    regression, hat = (np.zeros(x.T.shape), nobody) if how == "ipw" else _regress(x, np.where(treated, 0.0, w))
    odds, scores, overlaps = (nobody, x[:, :0], True) if how == "reg" else _weigh(x, treated, w)

    def residual(rows: np.ndarray) -> np.ndarray:
        return rows - (rows @ x) @ regression

    loading = residual((own - odds)[None])[0]
    moments = (x.T * odds - np.outer(odds @ x, odds))[: scores.shape[1]]
    return Adjusted(
        units=units,
        loading=loading,
        spread=np.column_stack([loading[:, None] * x, own, -odds, scores]),
        fit=np.vstack([regression, residual(np.vstack([own, odds, moments]))]),
        leverage=np.maximum(own + odds, hat),
        weight=w,
        overlaps=overlaps,
        dropped=dropped,
    )


def _standardised(covariates: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(n, 1 + k) a constant, and covariates with mean 0 and length 1: no answer depends on their units."""
    centred = covariates - np.average(covariates, axis=0, weights=weight)
    scale = np.sqrt(np.average(centred**2, axis=0, weights=weight))
    rounding = 1e-12 * np.abs(covariates).max(axis=0, initial=0.0)
    usable = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > rounding)
    return np.column_stack([np.ones(len(weight)), usable])


def _independent(x: np.ndarray, compared: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """Columns that those before them do not explain among the compared with, and the covariates left out."""
    basis, kept = np.zeros((int(compared.sum()), 0)), []
    for column in range(x.shape[1]):
        own = x[compared, column]
        left = own - basis @ (basis.T @ own)
        left = left - basis @ (basis.T @ left)
        length = np.linalg.norm(left)
        if length > DEPENDENT * np.sqrt(len(own)):
            basis = np.column_stack([basis, left / length])
            kept.append(column)
    return x[:, kept], tuple(c - 1 for c in range(1, x.shape[1]) if c not in kept)


def _regress(x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k, n) coefficients as sums of the outcomes with weight, and (n,) leverage of each."""
    q, r = np.linalg.qr(x * np.sqrt(weight)[:, None])
    return np.linalg.solve(r, (q * np.sqrt(weight)[:, None]).T), (q**2).sum(axis=1)


def _weigh(x: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    """(n,) weights of the comparison by its odds of treatment, (n, k) each one's part in the logit, overlap."""
    share, converged = _logit(x, treated, weight)
    odds = np.where(treated | (share >= TRIM), 0.0, weight * share / (1 - share))
    total = odds.sum()
    if not converged or share.max() >= LARGEST_PROPENSITY or total <= 0:
        return np.zeros(len(weight)), np.zeros_like(x), False
    information = (x.T * (weight * share * (1 - share))) @ x
    scores = (weight * (treated - share))[:, None] * x
    return odds / total, np.linalg.solve(information, scores.T).T, True


def _logit(x: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, bool]:
    """(n,) fitted probabilities by Newton's method, never 0 or 1, and whether it found a maximum."""
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(np.average(treated, weights=weight) / np.average(~treated, weights=weight))
    share = np.full(len(weight), 0.5)
    for _ in range(MOST_STEPS):
        share = 1 / (1 + np.exp(-np.clip(x @ beta, -MOST_LOG_ODDS, MOST_LOG_ODDS)))
        information = (x.T * (weight * share * (1 - share))) @ x
        step = np.linalg.lstsq(information, x.T @ (weight * (treated - share)), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < LAST_STEP:
            return share, True
    return share, False
