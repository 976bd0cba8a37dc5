"""pyfixest's side."""

from __future__ import annotations

from collections.abc import Callable

import pyfixest

from benchmarks.estimation.panels import individual_frame


def individual_rows(n_rows: int) -> Callable[[], dict[str, float]]:
    """The two-way coefficient from rows of persons, with its default error, settings and threads."""
    rows = individual_frame(n_rows)

    def call() -> dict[str, float]:
        return {"estimate": float(pyfixest.feols("y ~ d | unit + period", rows).coef()["d"])}

    return call
