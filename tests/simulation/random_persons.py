"""Random persons with something about each, and tables of them with totals: shares, ratios and amounts."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from kvalitet_eval import publish

ALL = "all"
COLUMNS = ("place", "sector", "sex")
LARGEST = ("largest_1", "largest_2")
SHOWN = (("whole",), ("whole", "part"), ("part",), ())


def random_persons(seed):
    """One row per person: codes, whether counted, days lost of the days agreed, and an amount with a long tail."""
    random = np.random.default_rng(7000 + seed)
    sizes = (int(random.integers(3, 6)), int(random.integers(2, 5)), 2)
    codes = [[f"{name}{place}" for place in range(size)] for name, size in zip(COLUMNS, sizes, strict=True)]
    mean = float(random.choice([2.0, 5.0, 12.0]))
    rows = [(*(labels[0] for labels in codes), True)]
    for cell in itertools.product(*codes):
        n_persons = random.negative_binomial(0.8, 0.8 / (0.8 + mean))
        rows += [(*cell, is_counted) for is_counted in random.random(n_persons) < random.beta(1, 2)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "is_counted"])
    agreed = random.integers(20, 90, len(frame))
    lost = np.minimum(agreed, random.integers(1, 90, len(frame))) * frame["is_counted"]
    amount = np.round(random.lognormal(2.0, 1.4, len(frame)) * (random.random(len(frame)) < 0.9), 1)
    return frame.assign(agreed=agreed, lost=lost, amount=amount)


def groups_of(persons, columns):
    """For each row of a table by some columns, totals included: codes, persons, and the smallest cells it covers."""
    every = [sorted(persons[column].unique()) for column in COLUMNS]
    by_cell = dict(tuple(persons.groupby(list(COLUMNS))))
    for labels in itertools.product(*([*persons[column].sort_values().unique(), ALL] for column in columns)):
        wanted = dict(zip(columns, labels, strict=True))
        covered = [
            cell
            for cell in itertools.product(*every)
            if all(wanted.get(name, ALL) in (ALL, code) for name, code in zip(COLUMNS, cell, strict=True))
        ]
        yield labels, pd.concat([persons.iloc[:0], *(by_cell[cell] for cell in covered if cell in by_cell)]), covered


def shares(group, seed):
    """Persons who are counted, those who are not, and all; what is printed of them, and how it is declared."""
    part, whole = int(group["is_counted"].sum()), len(group)
    printed = {"part": part, "whole": whole, "pct": 100 * part / whole if whole else np.nan}
    truth = {"part": part, "rest": whole - part, "whole": whole, "persons": whole}
    return truth, printed, publish.Share("pct", "part", "whole", shown=SHOWN[seed % 4])


def ratios(group, seed):
    """Days lost over days agreed, which are at least as many."""
    part, whole = float(group["lost"].sum()), float(group["agreed"].sum())
    printed = {"part": part, "whole": whole, "persons": len(group), "pct": 100 * part / whole if whole else np.nan}
    truth = {"part": part, "rest": whole - part, "whole": whole, "persons": len(group)}
    return truth, printed, publish.Ratio("pct", "part", "whole", "persons", shown=SHOWN[seed % 4])


def amounts(group, seed):
    """An amount with the two largest contributions to it."""
    largest = [*sorted(group["amount"], reverse=True)[:2], 0.0, 0.0][:2]
    truth = {"amount": float(group["amount"].sum()), "persons": len(group)}
    printed = {**truth, **dict(zip(LARGEST, largest, strict=True))}
    return {**truth, "largest": sum(largest)}, printed, publish.Magnitude("amount", "persons", LARGEST)
