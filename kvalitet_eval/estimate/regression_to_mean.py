"""How much of a before-after change is to be expected without any programme.

A municipality that lies high in one year lies, on average, lower in the next, because part of "high" was chance. The
comparison municipalities tell how much: their level after, as a line on their level before (analysis of covariance;
Barnett, van der Pols and Dobson 2005, International Journal of Epidemiology 34(1), for the idea).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.inference import predict_on_line

FEWEST_COMPARISONS = 10
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """A before-after change beside the one that is expected without programme; percentage points.

    Parameters
    ----------
    before, after, change : float
        The municipality's own levels and their difference; negative is a fall.
    expected : float
        Change expected of a municipality that started at this level: ``common + regression``.
    expected_low, expected_high : float
        Prediction interval of the expected change of one municipality.
    common : float
        Mean change of the comparison municipalities.
    regression : float
        What is expected on top because the municipality did not start at their mean.
    slope : float
        Share of a difference in level that is left afterwards; 1 means no regression to the mean.
    n_comparison : int
        Comparison municipalities behind the line.
    level : float
        Level of the interval, as a share.
    """

    before: float
    after: float
    change: float
    expected: float
    expected_low: float
    expected_high: float
    common: float
    regression: float
    slope: float
    n_comparison: int
    level: float


def expect_change(
    before: float,
    after: float,
    comparison_before: np.ndarray,
    comparison_after: np.ndarray,
    *,
    level: float = LEVEL,
) -> ExpectedChange:
    """Set one municipality's change beside the change expected of its level.

    Parameters
    ----------
    before, after : float
        Level of the municipality in the two windows, per cent.
    comparison_before, comparison_after : numpy.ndarray
        (n,) levels of the comparison municipalities in the same windows, per cent; pairs with a missing figure are
        left out.
    level : float
        Level of the prediction interval, as a share.

    Raises
    ------
    EstimationError
        Fewer than ten comparison municipalities, or all of them on the same level before.

    Notes
    -----
    after_j = a + b before_j + e_j over the comparison; expected change = a + b before - before, common = mean change of
    the comparison, regression = (b - 1)(before - mean before). It answers "what happens to municipalities on this
    level?" and nothing about municipalities that were chosen for several years' level at once.

    Examples
    --------
    Half of a difference is left and nothing else happens: from 12, four above the mean of 8, two are expected to go.

    >>> pool = np.arange(3.0, 14.0)
    >>> found = expect_change(12.0, 11.0, pool, 4 + pool / 2)
    >>> round(found.expected, 9), round(found.regression, 9), found.change
    (-2.0, -2.0, -1.0)
    """
    both = np.isfinite(comparison_before) & np.isfinite(comparison_after)
    x, y = comparison_before[both], comparison_after[both]
    if len(x) < FEWEST_COMPARISONS:
        raise EstimationError.of("EST-11", found=len(x), fewest=FEWEST_COMPARISONS)
    if np.ptp(x) == 0:
        raise EstimationError.of("EST-12", found=x[0])
    predicted, low, high, slope = predict_on_line(x, y, before, level=level)
    common = float((y - x).mean())
    return ExpectedChange(
        before=before,
        after=after,
        change=after - before,
        expected=predicted - before,
        expected_low=low - before,
        expected_high=high - before,
        common=common,
        regression=predicted - before - common,
        slope=slope,
        n_comparison=len(x),
        level=level,
    )
