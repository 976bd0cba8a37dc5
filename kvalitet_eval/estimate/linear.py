"""Every estimator here is a weighted sum of cells: its loadings say everything about it.

``estimate[r] = sum_i sum_t loading[profile(i), r, t] * outcome[i, t]``. Aggregation is then a sum of loadings, and the
inference is the same for all methods: each municipality contributes one number to a row, and these are independent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.adjust import Adjustments
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
    centre : numpy.ndarray, optional
        (P, R) what is taken from loadings x outcomes to give the influence value of a municipality, where the estimator
        has residuals of its own; absent where residuals are those from the path of the municipality's group.
    fitted : numpy.ndarray, optional
        (P, R) loadings x what the estimator itself fits, where that is offered beside the path (imputation).
    shares : numpy.ndarray, optional
        (P, R) influence of a municipality through the weights of an average: who is in the sample moves them too.
    adjustments : Adjustments, optional
        How covariates entered; only of forms in which every municipality is a profile of its own.
    n_coefficients : int
        Coefficients of the regression behind the cells, for the small-sample factor of clustered errors.
    """

    cells: Cells
    rows: pd.DataFrame
    loadings: np.ndarray
    treated: np.ndarray
    comparison: np.ndarray
    centre: np.ndarray | None = None
    fitted: np.ndarray | None = None
    shares: np.ndarray | None = None
    adjustments: Adjustments | None = None
    n_coefficients: int = 0

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
        return replace(
            self,
            rows=rows,
            loadings=np.einsum("kr,prt->pkt", weights, self.loadings),
            treated=(self.treated[:, None, :] & used[None]).any(axis=2),
            comparison=(self.comparison[:, None, :] & used[None]).any(axis=2),
            centre=None if self.centre is None else self.centre @ weights.T,
            fitted=None if self.fitted is None else self.fitted @ weights.T,
            shares=None if self.shares is None else self.shares @ weights.T,
            adjustments=None if self.adjustments is None else self.adjustments.combine(weights),
        )

    def take(self, keep: np.ndarray) -> LinearForm:
        """Return the rows where ``keep`` (R,) is true."""
        return replace(
            self,
            rows=self.rows[keep].reset_index(drop=True),
            loadings=self.loadings[:, keep],
            treated=self.treated[:, keep],
            comparison=self.comparison[:, keep],
            centre=None if self.centre is None else self.centre[:, keep],
            fitted=None if self.fitted is None else self.fitted[:, keep],
            shares=None if self.shares is None else self.shares[:, keep],
            adjustments=None if self.adjustments is None else self.adjustments.take(keep),
        )

    def estimates(self) -> np.ndarray:
        """(R,) the estimates, in units of the outcome; not-a-number where not identified."""
        values = np.einsum("prt,pt->r", self.loadings, self.cells.sums())
        return np.where(self.rows["identified"].to_numpy(bool), values, np.nan)

    def counts(self, mask: np.ndarray) -> np.ndarray:
        """(R,) municipalities in a (P, R) mask."""
        return self.cells.count @ mask


def clear_rounding(loadings: np.ndarray) -> np.ndarray:
    """(P, R, T) loadings with zero where they are only the rounding of an exact zero; who has none is not counted."""
    largest = np.abs(loadings).max(axis=(0, 2), keepdims=True, initial=0.0)
    return np.where(np.abs(loadings) < ROUNDING * largest, 0.0, loadings)


def stack(forms: list[LinearForm]) -> LinearForm:
    """Put forms of one estimator on the same cells one after the other."""
    return LinearForm(
        cells=forms[0].cells,
        rows=pd.concat([form.rows for form in forms], ignore_index=True),
        loadings=np.concatenate([form.loadings for form in forms], axis=1),
        treated=np.concatenate([form.treated for form in forms], axis=1),
        comparison=np.concatenate([form.comparison for form in forms], axis=1),
        centre=_stack([form.centre for form in forms]),
        fitted=_stack([form.fitted for form in forms]),
        shares=_stack([form.shares for form in forms]),
        adjustments=Adjustments.stack([form.adjustments for form in forms if form.adjustments is not None]),
        n_coefficients=sum(form.n_coefficients for form in forms),
    )


def _stack(parts: list[np.ndarray | None]) -> np.ndarray | None:
    given = [part for part in parts if part is not None]
    return np.concatenate(given, axis=1) if len(given) == len(parts) else None
