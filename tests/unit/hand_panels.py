"""Panels small enough to work out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kvalitet_eval.prepare.panel import Panel

Row = tuple[object, Sequence[float]]


def table(rows: Mapping[str, Row], periods: Sequence[object] | None = None) -> pd.DataFrame:
    """Long frame from ``{"a": (first treated period or None, [outcome per period])}``; a GAP is a missing row."""
    length = len(next(iter(rows.values()))[1])
    labels = list(periods if periods is not None else range(1, length + 1))
    lines = [(u, t, y, g) for u, (g, values) in rows.items() for t, y in zip(labels, values, strict=True)]
    frame = pd.DataFrame(lines, columns=["unit", "t", "y", "g"])
    return frame[frame["y"].notna()].reset_index(drop=True)


def panel(rows: Mapping[str, Row], periods: Sequence[object] | None = None, **columns: Mapping[str, object]) -> Panel:
    """Panel of :func:`table`; ``weights``, ``status``, ``size`` and ``cohort_name`` give a value per unit."""
    frame = table(rows, periods)
    for name, values in columns.items():
        frame[name] = frame["unit"].map(dict(values))
    given = {name: name for name in columns}
    return Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", **given)


NEVER = None
THREE = {"a": (3, [5.0, 6, 6]), "b": (NEVER, [1.0, 2, 3]), "c": (NEVER, [0.0, 1, 2])}
"""Periods add 0, 1, 2; without the programme a would have had 7 in period 3. It had 6: the effect is -1."""

GAP = float("nan")


def noisy(starts: Sequence[float], n_periods: int = 6, seed: int = 0) -> dict[str, Row]:
    """Units u0, u1, ... with random outcomes."""
    rng = np.random.default_rng(seed)
    return {
        f"u{i}": (NEVER if np.isnan(start) else int(start), rng.standard_normal(n_periods).tolist())
        for i, start in enumerate(starts)
    }
