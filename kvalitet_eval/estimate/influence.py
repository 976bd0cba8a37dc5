"""Influence of each municipality on each estimate, as other programs report errors from it.

An estimate less its truth is about the sum of the influence values, and these are independent between municipalities.
They differ from what the default inference uses in three ways: nothing is corrected for the few treated, all that are
compared with are measured against their common change (not against the path of their own intake), and the weights of an
average count as drawn with the municipalities (Callaway and Sant'Anna 2021, theorem 2 and corollaries 1 and 2).
"""

from __future__ import annotations

import numpy as np

from kvalitet_eval.estimate.inference_paths import vary_around_paths
from kvalitet_eval.estimate.linear import LinearForm


def influence_values(form: LinearForm) -> np.ndarray:
    """(N, R) influence of each municipality, in units of the outcome; each column sums to zero.

    Notes
    -----
    Group-time effects without covariates: (w_i / sum w)(change_i - mean change) on either side; with covariates those
    of :func:`kvalitet_eval.estimate.adjust.adjust_for`; the two-way coefficient: loadings x residuals of its own
    regression; imputation: loadings x residuals from the path of the municipality's group.
    """
    values = clustered_contributions(form)
    return values if form.shares is None else values + form.shares[form.cells.profile]


def clustered_contributions(form: LinearForm) -> np.ndarray:
    """(N, R) loadings x residuals of each municipality, without its part in the weights of an average."""
    if form.centre is None:
        return vary_around_paths(form, corrected=False)[0]
    cells = form.cells
    values = np.empty((len(cells.profile), len(form.rows)))
    for profile in range(len(cells.count)):
        members = cells.members(profile)
        values[members] = cells.outcome[members] @ form.loadings[profile].T - form.centre[profile]
    return values
