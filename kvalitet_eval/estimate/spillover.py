"""Does the answer hang on neighbours that the programme may have reached as well?

A comparison municipality beside a participant may copy its measures, share its managers or lose employees to it. Then
it is partly treated, and the estimate too small (Butts 2021, arXiv:2105.03737). Leaving the nearest ones out shows
whether that matters; a wider ring costs municipalities and so precision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.leave_out import leave_out_groups

EARTH_RADIUS_KM = 6371.0088
RINGS_KM = (25.0, 50.0, 100.0)


def spillover_ring(
    design: Design,
    places: Mapping[str, tuple[float, float]],
    method: str = "imputation",
    *,
    kilometres: Sequence[float] = RINGS_KM,
    cohort: str | None = None,
    level: float = 0.95,
    **options: Any,
) -> CheckResult:
    """Estimate the overall effect again without the comparison municipalities nearest to a participant.

    Parameters
    ----------
    design : Design
        Panel and comparison. Only municipalities without a start are left out, never participants, and those near any
        participant, of whichever cohort.
    places : mapping of str to (longitude, latitude)
        Degrees, for every municipality of the design.
    method : str
        Estimator.
    kilometres : sequence of float
        Widths of the ring, as the crow flies between the given points.
    cohort : str, optional
        One intake instead of all.
    level : float
        Level of the intervals, as a share.
    **options
        Further arguments of :func:`kvalitet_eval.estimate.effects.estimate`.

    Returns
    -------
    CheckResult
        The columns of :func:`kvalitet_eval.estimate.leave_out.leave_one_out`; ``left_out`` is the width in kilometres,
        empty in the first row, which leaves out nobody. A ring that leaves nobody to compare with has a row without an
        estimate, and then the check is not passed.

    Raises
    ------
    EstimationError
        A municipality without a place, or a place off the globe.

    Examples
    --------
    b lies 11 km from the participant a, c lies 111 km away; without b only c is compared with.

    >>> import pandas as pd
    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aabbcc"), "t": [1, 2] * 3, "y": [4.0, 1, 3, 1, 2, 2],
    ...                       "g": [2, 2] + [None] * 4})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> places = {"a": (10.0, 60.0), "b": (10.0, 60.1), "c": (10.0, 61.0)}
    >>> found = spillover_ring(compare(panel, "never_treated"), places, kilometres=(25,))
    >>> found.table[["left_out", "estimate", "n_comparison"]].values.tolist()
    [['', -2.0, 2], ['25', -3.0, 1]]
    """
    nearest = _nearest_participant_km(design, places)
    units = np.array(design.panel.units, dtype=object)
    rings = {f"{width:g}": units[design.pool & (nearest <= width)].tolist() for width in sorted(kilometres)}
    found = leave_out_groups(design, rings, method, cohort=cohort, level=level, **options)
    answer = found.text_key.rpartition(".")[2]
    return replace(found, name="spillover_ring", text_key=f"check.spillover.{answer}")


def _nearest_participant_km(design: Design, places: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """(N,) great-circle distance to the nearest participant (haversine formula)."""
    units = design.panel.units
    if missing := [unit for unit in units if not _is_place(places.get(unit))]:
        raise EstimationError.of("EST-81", found=", ".join(missing[:20]), n=len(missing))
    longitude, latitude = np.radians(np.array([places[unit] for unit in units], dtype=float)).T
    participants = np.flatnonzero(~np.isnan(design.panel.start))
    across = np.sin((longitude[:, None] - longitude[participants]) / 2) ** 2
    along = np.sin((latitude[:, None] - latitude[participants]) / 2) ** 2
    chord = along + np.cos(latitude)[:, None] * np.cos(latitude[participants]) * across
    return (2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))).min(axis=1)


def _is_place(place: tuple[float, float] | None) -> bool:
    return place is not None and abs(place[0]) <= 180 and abs(place[1]) <= 90
