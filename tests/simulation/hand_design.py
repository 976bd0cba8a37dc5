"""A small design that can be drawn a thousand times: one intake, one pool, years."""

from __future__ import annotations

import numpy as np

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.prepare.panel import Panel


def two_groups(
    seed: int,
    *,
    n_treated: int = 12,
    n_pool: int = 100,
    n_before: int = 4,
    n_after: int = 3,
    steps: tuple[float, ...] = (),
) -> Design:
    """Municipalities with lasting levels and shocks that fade; ``steps`` are those of the treated into each year from
    the second on, beyond what all do; none by default.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    n, n_periods = n_treated + n_pool, n_before + n_after
    shock = rng.standard_normal((n, n_periods))
    for t in range(1, n_periods):
        shock[:, t] += 0.4 * shock[:, t - 1]
    treated = np.arange(n) < n_treated
    course = np.concatenate([[0.0], np.cumsum(steps or (0.0,) * (n_periods - 1))])
    outcome = 9 + rng.standard_normal((n, 1)) + shock + treated[:, None] * course
    start = np.where(treated, 2001.0 + n_before, np.nan)
    panel = Panel(
        units=tuple(f"{i:04d}" for i in range(n)),
        periods=tuple(range(2001, 2001 + n_periods)),
        ordinals=np.arange(2001.0, 2001 + n_periods),
        outcome=outcome,
        weights=None,
        start=start,
        cohort=tuple("intake" if t else "" for t in treated),
        status=tuple("treated" if t else "never_treated" for t in treated),
    )
    return compare(panel, "never_treated")
