"""An attacker that has the published table and knows which rows are sums of which; no code of the gate."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import linprog


def all_rows(codes, values, groups):
    """Every printed row of a table from its smallest cells.

    Parameters
    ----------
    codes : list of list of str
        Smallest codes of each dimension.
    values : dict
        From a tuple of smallest codes to persons.
    groups : list of dict
        For each dimension, from a code to the smallest codes it stands for; the smallest codes themselves included.
    """
    rows = []
    for labels in itertools.product(*groups):
        inner = list(itertools.product(*(groups[place][label] for place, label in enumerate(labels))))
        rows.append((labels, inner, sum(values[cell] for cell in inner)))
    return rows


def bounds_of(rows, is_printed, wanted):
    """Smallest and largest value of the wanted rows (positions) that fit with the printed ones."""
    inner = sorted({cell for _, cells, _ in rows for cell in cells})
    place = {cell: index for index, cell in enumerate(inner)}
    matrix = np.zeros((len(rows), len(inner)))
    for row, (_, cells, _) in enumerate(rows):
        matrix[row, [place[cell] for cell in cells]] = 1
    printed = np.flatnonzero(is_printed)
    right = np.array([rows[row][2] for row in printed], dtype=float)
    found = {}
    for row in wanted:
        limits = []
        for sense in (1.0, -1.0):
            answer = linprog(sense * matrix[row], A_eq=matrix[printed], b_eq=right, bounds=(0, None), method="highs-ds")
            assert answer.status in (0, 3), answer.message
            limits.append(sense * answer.fun if answer.status == 0 else np.inf)
        found[row] = tuple(limits)
    return found


def as_frame(rows, columns, count="n"):
    """The rows as the gate takes them."""
    frame = pd.DataFrame([labels for labels, _, _ in rows], columns=columns)
    return frame.assign(**{count: [value for _, _, value in rows]})
