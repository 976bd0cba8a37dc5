"""Three tables of the same persons, two dimensions each, and an attacker who puts all three beside each other."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from kvalitet_eval import publish

NAMES = ("geo", "sector", "age")
PAIRS = (("geo", "sector"), ("sector", "age"), ("geo", "age"))
ALL = "all"


def codes_of(cube):
    return {name: [f"{name}{place}" for place in range(size)] for name, size in zip(NAMES, cube.shape, strict=True)}


def tables_of(cube):
    """Each pair of dimensions with its totals, as a frame and a structure."""
    codes = codes_of(cube)
    inner = [(dict(zip(NAMES, labels, strict=True)), int(n)) for labels, n in zip(
        itertools.product(*(codes[name] for name in NAMES)), cube.ravel(), strict=True)]  # fmt: skip
    for pair in PAIRS:
        rows = [
            (*labels, sum(n for key, n in inner if _fits(dict(zip(pair, labels, strict=True)), key)))
            for labels in itertools.product(*([*codes[name], ALL] for name in pair))
        ]
        dimensions = tuple(publish.Dimension(name, total=ALL) for name in pair)
        structure = publish.Structure(dimensions, (publish.Count("n", is_attribute=False),))
        yield pd.DataFrame(rows, columns=[*pair, "n"]), structure


def _fits(labels, key):
    return all(code in (ALL, key[name]) for name, code in labels.items())


def published(cube, policy):
    """The three tables one after the other, each knowing what was published before."""
    memory = publish.Memory()
    return [publish.table(frame, policy, structure, memory=memory) for frame, structure in tables_of(cube)]


def upper_bounds(cube, tables):
    """The most that each withheld small cell can be, for somebody who has all tables; no code of the gate."""
    inner = list(itertools.product(*codes_of(cube).values()))
    known, right, wanted = [], [], []
    for (frame, structure), table in zip(tables_of(cube), tables, strict=True):
        marks = table.marks()["n"].to_numpy()
        for position, row in enumerate(frame.itertuples(index=False)):
            labels = dict(zip(structure.keys, row[:-1], strict=True))
            vector = np.array([_fits(labels, dict(zip(NAMES, cell, strict=True))) for cell in inner], dtype=float)
            if marks[position] == "":
                known.append(vector)
                right.append(row.n)
            else:
                wanted.append((tuple(row[:-1]), row.n, vector))
    found = {}
    for key, value, vector in wanted:
        answer = linprog(-vector, A_eq=np.array(known), b_eq=right, bounds=(0, None), method="highs-ds")
        assert answer.status in (0, 3), answer.message
        found[key] = (value, -answer.fun if answer.status == 0 else np.inf)
    return found


class Hidden:
    """A table of which nothing is printed."""

    def __init__(self, table):
        self._marks = table.marks().assign(n=":")

    def marks(self):
        return self._marks


def before_the_last(cube, tables):
    """The most that each cell of the last table can be for somebody who has only the others."""
    *others, last = tables
    return upper_bounds(cube, [*others, Hidden(last)])


def too_near(cube, policy):
    """Small withheld cells whose largest possible value is at or under the minimum."""
    bounds = upper_bounds(cube, published(cube, policy))
    return {
        key: (value, high) for key, (value, high) in bounds.items()
        if 0 < value < policy.minimum and high < policy.minimum + 1 - 1e-6
    }  # fmt: skip


def sparse_cube(seed, shape=(3, 2, 3)):
    random = np.random.default_rng(seed)
    return random.poisson(12, shape) * (random.random(shape) < 0.45) + random.integers(0, 3, shape) * (
        random.random(shape) < 0.3
    )
