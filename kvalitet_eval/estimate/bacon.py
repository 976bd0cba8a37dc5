"""What the traditional two-way estimate compares with what: Goodman-Bacon's decomposition.

Goodman-Bacon (2021), "Difference-in-differences with variation in treatment timing", Journal of Econometrics 225(2),
theorem 1. For complete panels whose weights, if any, do not change over time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.prepare.panel import Panel

FORBIDDEN = ("later_vs_earlier_treated", "later_vs_always_treated")


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """The two-way estimate as a weighted mean of two-by-two comparisons.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per comparison: ``type``, ``treated`` and ``comparison`` (first treated period; missing for those
        without one within the panel), ``weight`` (sum to one), ``estimate`` (unit of the outcome).
    two_way : float
        Coefficient of "has started" with municipality and period effects, computed on its own.
    unit : str
        Unit of the estimates.
    """

    frame: pd.DataFrame
    two_way: float
    unit: str

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    def by_type(self) -> pd.DataFrame:
        """Return weight and weighted mean estimate of each type of comparison."""
        product = self.frame.assign(product=self.frame["weight"] * self.frame["estimate"])
        table = product.groupby("type", as_index=False)[["weight", "product"]].sum()
        average = np.divide(
            table["product"], table["weight"], out=np.full(len(table), np.nan), where=table["weight"].to_numpy() > 0
        )
        return table.assign(estimate=average).drop(columns="product")

    @property
    def check(self) -> CheckResult:
        """Share of the estimate that compares with municipalities that have already started; information only."""
        table = self.by_type()
        share = float(table.loc[table["type"].isin(FORBIDDEN), "weight"].sum())
        return CheckResult("bacon", None, table, "check.bacon", {"share": share, "estimate": self.two_way})


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Municipalities that start together: (K, T) mean paths, shares, treated (K, T), start labels."""

    path: np.ndarray
    share: np.ndarray
    treated: np.ndarray
    label: tuple[object, ...]


def bacon(panel: Panel | Design) -> Decomposition:
    """Decompose the two-way estimate.

    Parameters
    ----------
    panel : Panel or Design
        Of a panel: municipalities with a start and those confirmed never to start; who starts before the panel does is
        compared with as "always treated". Of a design: its own municipalities.

    Raises
    ------
    EstimationError
        The panel has holes, weights that change over time, nobody treated, or nobody to compare with.

    Notes
    -----
    Share n_k of municipalities, D_k of periods in which group k is treated. Weights are proportional to
    n_k n_u D_k (1 - D_k) (treated k, untreated u), n_k n_l (D_k - D_l)(1 - D_k) (k before l, l not yet treated),
    n_k n_l D_l (D_k - D_l) (l after k, k already treated).

    Examples
    --------
    Three municipalities, three periods: a starts in 2, b in 3, c never.

    >>> frame = pd.DataFrame({"unit": list("aaabbbccc"), "t": [1, 2, 3] * 3, "g": [2.0] * 3 + [3.0] * 3 + [None] * 3,
    ...                       "y": [0.0, 2, 4, 0, 0, 1, 0, 0, 0]})
    >>> found = bacon(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"))
    >>> found.frame.round(3)
                           type  treated  comparison  weight  estimate
    0      treated_vs_untreated        2         NaN   0.333       3.0
    1      treated_vs_untreated        3         NaN   0.333       1.0
    2  earlier_vs_later_treated        2         3.0   0.167       2.0
    3  later_vs_earlier_treated        3         2.0   0.167      -1.0
    >>> round(found.two_way, 9)
    1.5
    """
    chosen = panel.panel if isinstance(panel, Design) else panel
    pool_weight = panel.pool_weight if isinstance(panel, Design) else np.ones(len(chosen.units))
    role = ["treated" if s == "treated" else "pool" if s == "never_treated" else "" for s in chosen.status]
    keep = np.ones(len(role), dtype=bool) if isinstance(panel, Design) else np.array([r != "" for r in role])
    keep &= chosen.observed.any(axis=1)
    weight = _constant_weights(chosen, keep) * pool_weight[keep]
    groups = _group(chosen, keep, weight)
    rows = [row for k, m in combinations(range(len(groups.share)), 2) for row in _compare(groups, k, m)]
    if not rows:
        raise EstimationError.of("EST-56")
    frame = pd.DataFrame(rows, columns=["type", "treated", "comparison", "weight", "estimate"])
    frame = frame.sort_values("type", key=lambda kind: kind != "treated_vs_untreated", kind="stable", ignore_index=True)
    frame["weight"] /= frame["weight"].sum()
    return Decomposition(frame, _two_way(groups), chosen.unit_of_measure)


def _constant_weights(panel: Panel, keep: np.ndarray) -> np.ndarray:
    """(n,) weights of the municipalities, after refusing what the theorem does not cover."""
    holes = int((~panel.observed[keep]).any(axis=1).sum())
    if holes:
        raise EstimationError.of("EST-54", n=holes)
    if panel.weights is None:
        return np.ones(int(keep.sum()))
    weights = panel.weights[keep]
    if not np.allclose(weights, weights[:, :1], rtol=1e-12, atol=0):
        raise EstimationError.of("EST-55")
    return weights[:, 0]


def _group(panel: Panel, keep: np.ndarray, weight: np.ndarray) -> _Groups:
    start = np.where(panel.start[keep] > panel.ordinals[-1], np.nan, panel.start[keep])
    start = np.where(start <= panel.ordinals[0], panel.ordinals[0], start)
    values = [*np.unique(start[~np.isnan(start)]), *([np.nan] if np.isnan(start).any() else [])]
    member = [np.isnan(start) if np.isnan(v) else start == v for v in values]
    names = dict(zip(panel.ordinals, panel.periods, strict=True))
    outcome = panel.outcome[keep] - panel.outcome[keep].mean(axis=1, keepdims=True)
    return _Groups(
        path=np.array([np.average(outcome[m], axis=0, weights=weight[m]) for m in member]),
        share=np.array([weight[m].sum() for m in member]) / weight.sum(),
        treated=np.array([panel.ordinals >= v for v in values]),
        label=tuple(None if np.isnan(v) else names.get(v, int(v)) for v in values),
    )


def _compare(groups: _Groups, k: int, later: int) -> list[tuple[str, object, object, float, float]]:
    """Comparisons of two groups, k starting before ``later``."""
    first, second = groups.treated[k], groups.treated[later]
    early, late = first.mean(), second.mean()
    size = groups.share[k] * groups.share[later]
    if early == 1:
        if late == 0:
            return []
        name = "later_vs_always_treated"
        return [
            (
                name,
                groups.label[later],
                groups.label[k],
                size * late * (1 - late),
                _did(groups, later, k, first, second),
            )
        ]
    if late == 0:
        everywhere = np.ones(len(first), dtype=bool)
        value = _did(groups, k, later, everywhere, first)
        return [("treated_vs_untreated", groups.label[k], groups.label[later], size * early * (1 - early), value)]
    forward = _did(groups, k, later, ~second, first)
    backward = _did(groups, later, k, first, second)
    return [
        (
            "earlier_vs_later_treated",
            groups.label[k],
            groups.label[later],
            size * (early - late) * (1 - early),
            forward,
        ),
        ("later_vs_earlier_treated", groups.label[later], groups.label[k], size * late * (early - late), backward),
    ]


def _did(groups: _Groups, treated: int, comparison: int, window: np.ndarray, after: np.ndarray) -> float:
    gap = groups.path[treated] - groups.path[comparison]
    return float(gap[window & after].mean() - gap[window & ~after].mean())


def _two_way(groups: _Groups) -> float:
    dummy = groups.treated.astype(float)
    residual = dummy - dummy.mean(axis=1, keepdims=True) - groups.share @ dummy
    residual += groups.share @ dummy.mean(axis=1)
    weighted = groups.share[:, None] * residual
    return float((weighted * groups.path).sum() / (weighted * dummy).sum())
