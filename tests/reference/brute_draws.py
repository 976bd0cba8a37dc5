"""The same draws by full matrices and plain loops, for tests of the bootstrap and of permutations."""

from __future__ import annotations

import numpy as np

from kvalitet_eval.estimate.group_paths import companion_groups
from kvalitet_eval.estimate.linear import LinearForm


def wild_by_matrices(
    form: LinearForm, row: int, signs: np.ndarray, hypothesis: float, *, two_way: bool
) -> tuple[float, np.ndarray]:
    """Observed statistic and (B,) drawn ones under "the effect is ``hypothesis``", with dummies and a fit per draw."""
    cells = form.cells
    unit, period = np.nonzero(cells.omega[cells.profile] > 0)
    group = companion_groups(form)[:, row][cells.profile][unit]
    own_group = cells.group[cells.profile][unit]
    lent = group != own_group
    keep = ~lent | np.array([cells.clean(g)[t] for g, t in zip(own_group, period, strict=True)])
    unit, period, group = unit[keep], period[keep], group[keep]
    weight = np.sqrt(cells.omega[cells.profile][unit, period])
    loading = form.loadings[cells.profile, row][unit, period] / weight
    started = cells.design.panel.ordinals[period] >= cells.start[cells.group[cells.profile][unit]]
    path = [(period == t) & (two_way | (group == g)) for t in np.unique(period) for g in np.unique(group)]
    columns = [unit == i for i in np.unique(unit)] + path[:: len(np.unique(group)) if two_way else 1]
    x = np.column_stack(columns + ([started] if two_way else [])).astype(float) * weight[:, None]
    y = cells.outcome[unit, period] * weight
    basis = orthonormal(x)
    normal = basis.T @ loading
    inside = basis @ (np.eye(basis.shape[1]) - np.outer(normal, normal) / (normal @ normal))
    particular = basis @ normal * hypothesis / (normal @ normal)
    restricted = particular + inside @ (basis.T @ (y - particular))

    def statistic(values: np.ndarray) -> float:
        residual = values - basis @ (basis.T @ values)
        scores = [(loading * residual)[unit == i].sum() for i in np.unique(unit)]
        return (loading @ values - hypothesis) / np.sqrt(np.sum(np.square(scores)))

    drawn = [statistic(restricted + v[unit] * (y - restricted)) for v in signs]
    return statistic(y), np.array(drawn)


def orthonormal(x: np.ndarray) -> np.ndarray:
    """Basis of the columns' space."""
    left, values, _ = np.linalg.svd(x, full_matrices=False)
    return left[:, values > 1e-9 * values.max()]
