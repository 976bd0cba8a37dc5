"""Effects of single municipalities pulled towards their common mean, the less certain the more.

Of many uncertain effects the most extreme are mostly those with the most luck. Empirical Bayes takes out of each what
chance is expected to have put in. Morris (1983), Journal of the American Statistical Association 78(381).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 4  # three are used up by the mean and by the spread
STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Shrinkage:
    """Shrunken effects, in units of the outcome.

    Parameters
    ----------
    mean : float
        Common mean, each effect weighted by its precision.
    spread : float
        Standard deviation of the true effects between municipalities; 0 when chance alone explains the differences.
    reliance : numpy.ndarray
        (n,) how far each rests on its own figures: 0 is the common mean, 1 its own effect.
    effect : numpy.ndarray
        (n,) shrunken effects; not-a-number where an ingredient is missing, or for all with fewer than four.
    variance : numpy.ndarray
        (n,) their posterior variance.
    """

    mean: float
    spread: float
    reliance: np.ndarray
    effect: np.ndarray
    variance: np.ndarray


def shrink(effect: np.ndarray, std_error: np.ndarray) -> Shrinkage:
    """Pull effects towards their common mean.

    Parameters
    ----------
    effect, std_error : numpy.ndarray
        (n,) effects and their standard errors, in units of the outcome; missing ones stay missing.

    Notes
    -----
    effect_i ~ N(theta_i, V_i), theta_i ~ N(m, A). A solves sum (effect_i - m)^2 / (V_i + A) = k - 1, m the mean by
    weights 1 / (V_i + A) (Paule and Mandel 1982, Journal of Research of the National Bureau of Standards 87(5)); 0 if
    there is no positive solution. B_i = (k - 3) / (k - 1) V_i / (V_i + A), shrunken effect m + (1 - B_i)(effect_i - m),
    variance V_i (1 - (1 - l_i) B_i) + 2 / (k - 3) B_i^2 (V + A) / (V_i + A) (effect_i - m)^2 with l_i the share of i in
    the mean and V the mean of the V_i by the weights: what the estimation of m and A adds is in it.

    Examples
    --------
    Five equally uncertain effects with sum of squares 10 about their mean 0, V = 1: A = 10 / 4 - 1 = 1.5 and
    B = 2 / 4 x 1 / 2.5 = 0.2, so that a fifth of each distance from the mean is taken away.

    >>> found = shrink(np.array([-2.0, -1, 0, 1, 2]), np.ones(5))
    >>> round(found.spread**2, 9), (found.effect + 1).round(9).tolist()
    (1.5, [-0.6, 0.2, 1.0, 1.8, 2.6])
    """
    usable = np.isfinite(effect) & np.isfinite(std_error) & (std_error > 0)
    k = int(usable.sum())
    empty = np.full(len(effect), np.nan)
    if k < FEWEST:
        return Shrinkage(np.nan, np.nan, empty, empty.copy(), empty.copy())
    own, noise = effect[usable], std_error[usable] ** 2
    between = _between(own, noise)
    precision = 1 / (noise + between)
    share = precision / precision.sum()
    mean = float(share @ own)
    pull = (k - 3) / (k - 1) * noise * precision
    distance = own - mean
    variance = noise * (1 - (1 - share) * pull)
    variance += 2 / (k - 3) * pull**2 * (share @ noise + between) * precision * distance**2
    reliance, shrunken, spread = empty, empty.copy(), empty.copy()
    reliance[usable], shrunken[usable], spread[usable] = 1 - pull, mean + (1 - pull) * distance, variance
    return Shrinkage(mean, float(np.sqrt(between)), reliance, shrunken, spread)


def _between(effect: np.ndarray, noise: np.ndarray) -> float:
    """Variance between municipalities, by bisection of a function that falls with it."""

    def surplus(between: float) -> float:
        weight = 1 / (noise + between)
        mean = weight @ effect / weight.sum()
        return float(weight @ (effect - mean) ** 2) - (len(effect) - 1)

    if surplus(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(((effect - effect.mean()) ** 2).sum())
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    return (low + high) / 2
