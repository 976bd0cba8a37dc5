"""What may be said about an estimate: one function, used by every sentence.

No single estimator is safe when municipalities may have been chosen for the level of the outcome: some lean on the
year of the choice and take the return to normal for an effect, others compare on the past and err towards the other
side. So the answer rests on all of them, the bracket (:mod:`kvalitet_eval.estimate.bracket`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Verdict = Literal["better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"]
HEADLINE = "imputation"
OWN_PAST = ("group_time_recent", "group_time_early", HEADLINE, "imputation_donut")
SAME_PAST = ("lagged_outcome", "synthetic", "same_level")
MEMBERS = (*OWN_PAST, *SAME_PAST)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the members of a bracket agree with the headline estimate.

    Parameters
    ----------
    n_members : int
        Members that have an estimate with an interval.
    n_agreeing : int
        Those whose whole interval lies on the headline's side of zero, the headline among them; 0 when the headline
        has no side.
    is_complete : bool
        Whether municipalities were compared in both ways: with their own past, by more than the headline, and with
        others of the same past.
    """

    n_members: int
    n_agreeing: int
    is_complete: bool

    @property
    def is_full(self) -> bool:
        """Whether the answer is the same whichever way it is asked."""
        return self.is_complete and self.n_agreeing == self.n_members


def judge(rows: pd.DataFrame, *, improvement: str) -> Verdict:
    """Say what a bracket allows to be said.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per member of the bracket of one cohort (or of all): ``member``, ``conf_low`` and ``conf_high`` in the
        outcome's unit, missing where there is no interval.
    improvement : {"decrease", "increase"}
        Direction in which the outcome improves.

    Returns
    -------
    {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}
        ``cannot_be_told``: the headline's interval holds zero, or there is none. ``better`` and ``worse``: every
        member's interval lies on the same side of zero, and municipalities were compared both with their own past and
        with others of the same past. Else ``consistent_with_regression_to_the_mean``. Never "no effect".

    Raises
    ------
    ValueError
        An unknown direction or member, or a member that stands twice.

    Examples
    --------
    >>> rows = pd.DataFrame({"member": MEMBERS, "conf_low": -0.6, "conf_high": -0.1})
    >>> judge(rows, improvement="decrease"), judge(rows, improvement="increase")
    ('better', 'worse')
    >>> judge(rows.assign(conf_high=[-0.1] * 6 + [0.2]), improvement="decrease")
    'consistent_with_regression_to_the_mean'
    >>> judge(rows[rows["member"] == "imputation"], improvement="decrease")
    'consistent_with_regression_to_the_mean'
    >>> judge(rows.assign(conf_high=0.0), improvement="decrease")
    'cannot_be_told'
    """
    if improvement not in ("decrease", "increase"):
        raise ValueError(f"improvement must be decrease or increase, not {improvement!r}")
    side = _sides(rows).get(HEADLINE, 0)
    if side == 0:
        return "cannot_be_told"
    if not agreement(rows).is_full:
        return "consistent_with_regression_to_the_mean"
    return "better" if (side < 0) == (improvement == "decrease") else "worse"


def agreement(rows: pd.DataFrame) -> Agreement:
    """Count the members that agree with the headline; rows as for :func:`judge`.

    Examples
    --------
    >>> low, high = [-0.6] * 5 + [0.1, None], [-0.1] * 5 + [2.0, None]
    >>> rows = pd.DataFrame({"member": MEMBERS, "conf_low": low, "conf_high": high})
    >>> agreement(rows)
    Agreement(n_members=6, n_agreeing=5, is_complete=True)
    """
    sides = _sides(rows)
    headline = sides.get(HEADLINE, 0)
    others = set(sides) - {HEADLINE}
    return Agreement(
        n_members=len(sides),
        n_agreeing=sum(side == headline for side in sides.values()) if headline else 0,
        is_complete=bool(others & set(OWN_PAST)) and bool(others & set(SAME_PAST)),
    )


def _sides(rows: pd.DataFrame) -> dict[str, int]:
    """Side of zero that each member's whole interval lies on, 0 when it holds zero; members without one are absent."""
    unknown = sorted(set(rows["member"]) - set(MEMBERS))
    if unknown or rows["member"].duplicated().any():
        raise ValueError(f"needs one row per member of the bracket ({', '.join(MEMBERS)}), got {list(rows['member'])}")
    low, high = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("conf_low", "conf_high"))
    side = np.where(low > 0, 1, np.where(high < 0, -1, 0))
    known = ~(np.isnan(low) | np.isnan(high))
    return {member: int(s) for member, s, k in zip(rows["member"], side, known, strict=True) if k}
