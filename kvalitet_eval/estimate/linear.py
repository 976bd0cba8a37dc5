"""Every estimator here is a weighted sum of cells: its loadings say everything about it.

``estimate[r] = sum_i sum_t loading[profile(i), r, t] * outcome[i, t]``. Aggregation is then a sum of loadings, and the
inference is the same for all methods: each municipality contributes one number to a row, and these are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.cells import Cells

ROUNDING = 1e-13  # share of a row's largest loading


@dataclass(frozen=True, slots=True, eq=False)
class LinearForm:
    """R estimates as sums of cells.

    Parameters
    ----------
    cells : Cells
        The design as matrices.
    rows : pandas.DataFrame
        One row per estimate: ``group`` (index of the cohort), ``position`` (index of the period), ``event_time``,
        ``mass`` (weight of the treated cells behind it) and ``identified``.
    loadings : numpy.ndarray
        (P, R, T) weight of one municipality's cell in each estimate; 0 for what is not identified.
    treated, comparison : numpy.ndarray
        (P, R) whether the profile's effect is estimated, and whether it is compared with.
    """

    cells: Cells
    rows: pd.DataFrame
    loadings: np.ndarray
    treated: np.ndarray
    comparison: np.ndarray

    def combine(self, rows: pd.DataFrame, weights: np.ndarray) -> LinearForm:
        """Return new estimates as weighted sums of these.

        Parameters
        ----------
        rows : pandas.DataFrame
            Description of the new estimates.
        weights : numpy.ndarray
            (R_new, R) weights.
        """
        used = weights != 0
        return LinearForm(
            cells=self.cells,
            rows=rows,
            loadings=np.einsum("kr,prt->pkt", weights, self.loadings),
            treated=(self.treated[:, None, :] & used[None]).any(axis=2),
            comparison=(self.comparison[:, None, :] & used[None]).any(axis=2),
        )

    def take(self, keep: np.ndarray) -> LinearForm:
        """Return the rows where ``keep`` (R,) is true."""
        return LinearForm(
            cells=self.cells,
            rows=self.rows[keep].reset_index(drop=True),
            loadings=self.loadings[:, keep],
            treated=self.treated[:, keep],
            comparison=self.comparison[:, keep],
        )

    def estimates(self) -> np.ndarray:
        """(R,) the estimates, in units of the outcome; not-a-number where not identified."""
        sums = np.zeros(self.cells.omega.shape)
        np.add.at(sums, self.cells.profile, self.cells.outcome)
        values = np.einsum("prt,pt->r", self.loadings, sums)
        return np.where(self.rows["identified"].to_numpy(bool), values, np.nan)

    def counts(self, mask: np.ndarray) -> np.ndarray:
        """(R,) municipalities in a (P, R) mask."""
        return self.cells.count @ mask


def clear_rounding(loadings: np.ndarray) -> np.ndarray:
    """(P, R, T) loadings with zero where they are only the rounding of an exact zero; who has none is not counted."""
    largest = np.abs(loadings).max(axis=(0, 2), keepdims=True, initial=0.0)
    return np.where(np.abs(loadings) < ROUNDING * largest, 0.0, loadings)


def stack(forms: list[LinearForm]) -> LinearForm:
    """Put forms on the same cells one after the other."""
    return LinearForm(
        cells=forms[0].cells,
        rows=pd.concat([form.rows for form in forms], ignore_index=True),
        loadings=np.concatenate([form.loadings for form in forms], axis=1),
        treated=np.concatenate([form.treated for form in forms], axis=1),
        comparison=np.concatenate([form.comparison for form in forms], axis=1),
    )
