"""What may be said about an estimate: one function, used by every sentence."""

from __future__ import annotations

import math
from typing import Literal

Verdict = Literal["better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"]


def judge(low: float, high: float, *, improvement: str, selected_on_outcome: bool = False) -> Verdict:
    """Say what an interval allows to be said.

    Parameters
    ----------
    low, high : float
        Limits of the interval of the effect, in the outcome's unit; not-a-number when there is none.
    improvement : {"decrease", "increase"}
        Direction in which the outcome improves.
    selected_on_outcome : bool
        The municipalities were chosen for the level of the outcome. Then an improvement is what regression to the mean
        produces without any programme, and one estimator alone cannot tell them apart.

    Returns
    -------
    {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}
        Never "no effect": an interval that holds zero cannot tell.

    Examples
    --------
    >>> judge(-0.6, -0.1, improvement="decrease")
    'better'
    >>> judge(-0.6, -0.1, improvement="decrease", selected_on_outcome=True)
    'consistent_with_regression_to_the_mean'
    >>> judge(-0.6, 0.0, improvement="decrease"), judge(float("nan"), 1.0, improvement="decrease")
    ('cannot_be_told', 'cannot_be_told')
    >>> judge(-0.6, -0.1, improvement="increase")
    'worse'
    """
    if improvement not in ("decrease", "increase"):
        raise ValueError(f"improvement must be decrease or increase, not {improvement!r}")
    if math.isnan(low) or math.isnan(high) or low <= 0 <= high:
        return "cannot_be_told"
    if (high < 0) != (improvement == "decrease"):
        return "worse"
    return "consistent_with_regression_to_the_mean" if selected_on_outcome else "better"
