"""Group-time effects with 999 draws: at least 10 x what R's did took (10.6 s), and not slower than diff-diff."""

from __future__ import annotations

from benchmarks.comparison import Comparison
from benchmarks.measure import Side

DRAWS = 999
RECORDED_SECONDS = 10.6  # R's did 2.3.0 at 43 100 x 40 on this kind of machine, recorded, not measured here


def _compare(n_units: int, *, from_frame: bool) -> Comparison:
    options = {"n_units": n_units, "n_periods": 40, "draws": DRAWS}
    name = "frame to estimates" if from_frame else "design to estimates"
    return Comparison(
        f"group_time, {DRAWS} draws, {n_units} x 40",
        Side(
            name,
            "package",
            "estimation.ours:group_time",
            {**options, "from_frame": from_frame},
            calls=1 if from_frame else 3,
        ),
        Side("diff-diff, frame to estimates", "peers", "estimation.peers_diff_diff:group_time", options),
        least=1,
        most_seconds=RECORDED_SECONDS / 10 if n_units == 43_100 else None,
        same={"overall": 1e-8},
    )


COMPARISONS = [_compare(n_units, from_frame=from_frame) for n_units in (431, 43_100) for from_frame in (False, True)]
