"""Mean paths: what participants and comparison look like before any model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import DesignError


def mean_paths(design: Design, cohort: str) -> pd.DataFrame:
    """Average the outcome of one cohort and of its comparison period by period.

    Parameters
    ----------
    design : Design
        Panel and comparison; later cohorts are part of the comparison until they start, less anticipation.
    cohort : str
        Name of the cohort.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``cohort`` and ``comparison`` (means in the outcome's unit, weighted as the panel is), ``n_cohort``
        and ``n_comparison`` (municipalities with a figure), ``origin``; one row per period.

    Raises
    ------
    DesignError
        No such cohort.
    """
    panel = design.panel
    member = np.array([name == cohort for name in panel.cohort])
    if not member.any():
        names = ", ".join(dict.fromkeys(c.name for c in design.cohorts))
        raise DesignError.of("DES-14", found=cohort, allowed=names)
    free = np.repeat(design.pool[:, None], len(panel.periods), axis=1)
    if design.uses_later_cohorts:
        waiting = panel.ordinals[None, :] < (panel.start - design.anticipation)[:, None]
        free = free | (waiting & ~member[:, None])
    weights = np.ones_like(panel.outcome) if panel.weights is None else panel.weights
    weights = np.where(panel.observed, weights * design.pool_weight[:, None], 0.0)
    columns = {"period": panel.periods}
    for name, side in (("cohort", np.broadcast_to(member[:, None], free.shape)), ("comparison", free)):
        weight = np.where(side, weights, 0.0)
        total = weight.sum(axis=0)
        sums = (weight * np.nan_to_num(panel.outcome)).sum(axis=0)
        columns[name] = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
        columns[f"n_{name}"] = (weight > 0).sum(axis=0)
    return pd.DataFrame(columns).assign(origin=panel.origin)
