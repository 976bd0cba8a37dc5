"""P-values and intervals from draws under a hypothesis: one rule for the wild bootstrap and for permutations.

For each draw the estimate and its variance under "the effect is estimate - gap" are polynomials of the gap, so that a
test can be inverted to an interval without drawing again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TIE = 1e-9  # two statistics that differ by less than this share are the same number
GRID = np.concatenate([np.arange(0.25, 10.01, 0.25), 10 * 1.5 ** np.arange(1, 26)])  # in standard errors
HALVINGS = 40


@dataclass(frozen=True, slots=True, eq=False)
class NullDraws:
    """Draws of one row under the hypothesis that its effect is the estimate less a gap.

    Parameters
    ----------
    numerator : numpy.ndarray
        (2, B) the drawn estimate less the hypothesis is ``numerator[0] + gap * numerator[1]``.
    variance : numpy.ndarray
        (3, B) its variance is ``variance[0] + gap * variance[1] + gap**2 * variance[2]``.
    observed_variance : float
        The same variance of the figures as they are.
    exact : bool
        All possible draws are there, the observed one among them.
    """

    numerator: np.ndarray
    variance: np.ndarray
    observed_variance: float
    exact: bool

    def p_value(self, gap: float) -> float:
        """Share of draws with a statistic as large as the observed one; ties count.

        Examples
        --------
        Three draws, one as large as the observed statistic of 2: (1 + 1) / (3 + 1); as all there are: 1 / 3.

        >>> numerator = np.array([[1.0, -2.0, 0.5], [0.0, 0.0, 0.0]])
        >>> variance = np.array([[1.0, 1.0, 1.0], [0.0] * 3, [0.0] * 3])
        >>> NullDraws(numerator, variance, 1.0, exact=False).p_value(2.0)
        0.5
        >>> round(NullDraws(numerator, variance, 1.0, exact=True).p_value(2.0), 4)
        0.3333
        """
        drawn = (self.numerator[0] + gap * self.numerator[1]) ** 2 * self.observed_variance
        spread = self.variance[0] + gap * self.variance[1] + gap**2 * self.variance[2]
        larger = int((drawn >= gap**2 * spread * (1 - TIE)).sum())
        n_draws = self.numerator.shape[1]
        return larger / n_draws if self.exact else (1 + larger) / (n_draws + 1)

    def statistics(self, gap: float) -> np.ndarray:
        """(B,) drawn statistics; infinite where a draw has no variance."""
        spread = self.variance[0] + gap * self.variance[1] + gap**2 * self.variance[2]
        drawn = self.numerator[0] + gap * self.numerator[1]
        root = np.sqrt(np.maximum(spread, 0.0))
        return np.divide(drawn, root, out=np.copysign(np.full(len(root), np.inf), drawn), where=root > 0)

    def interval(self, estimate: float, *, level: float) -> tuple[float, float]:
        """Lowest and highest hypothesis that the test does not reject; not-a-number where every one is accepted.

        The hull of the accepted hypotheses: between the limits a single one may be rejected, outside none is accepted
        out to 250 000 standard errors.
        """
        low, high = (self._limit(sign, level) for sign in (1.0, -1.0))
        return estimate - low, estimate - high

    def _limit(self, sign: float, level: float) -> float:
        """Gap at which the test turns from acceptance to rejection, outermost."""
        unit = sign * float(np.sqrt(self.observed_variance))
        accepted = np.array([self.p_value(unit * step) > (1 - level) * (1 + TIE) for step in GRID])
        if accepted[-1]:
            return np.nan
        last = np.flatnonzero(accepted)
        inner = GRID[last[-1]] if last.size else 0.0
        outer = GRID[last[-1] + 1] if last.size else GRID[0]
        for _ in range(HALVINGS):
            middle = (inner + outer) / 2
            if self.p_value(unit * middle) > (1 - level) * (1 + TIE):
                inner = middle
            else:
                outer = middle
        return unit * outer


def fewest_draws(level: float) -> int:
    """Number of draws below which no p-value can be as small as 1 - level.

    Examples
    --------
    >>> fewest_draws(0.95)
    19
    """
    return int(np.ceil(1 / (1 - level) - TIE)) - 1
