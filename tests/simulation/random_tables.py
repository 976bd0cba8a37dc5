"""Random tables of the shapes that occur: flat, three dimensions, a hierarchy, rolling windows."""

from __future__ import annotations

import itertools

import numpy as np
from outside_attacker import all_rows, as_frame

from kvalitet_eval import publish

SHAPES = ("flat", "deep", "tree", "windows")


def flat_group(codes):
    return {code: [code] for code in codes} | {"all": list(codes)}


def random_table(seed):
    """One table: its rows, its frame and its declared structure."""
    random = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    places = [f"k{index}" for index in range(int(random.integers(3, 8)))]
    sectors = [f"s{index}" for index in range(int(random.integers(2, 5)))]
    dimensions = [publish.Dimension("place", total="all"), publish.Dimension("sector", total="all")]
    codes, groups = [places, sectors], [flat_group(places), flat_group(sectors)]
    if shape == "deep":
        codes.append(["f", "m"])
        groups.append(flat_group(["f", "m"]))
        dimensions.append(publish.Dimension("sex", total="all"))
    elif shape == "tree":
        half = len(places) // 2
        counties = {"north": places[:half], "south": places[half:]}
        groups[0] |= counties
        parents = {place: county for county, members in counties.items() for place in members}
        dimensions[0] = publish.Dimension("place", total="all", parents=parents)
    elif shape == "windows":
        quarters = [f"q{index}" for index in range(5)]
        windows = {f"w{index}": quarters[index : index + 3] for index in range(3)}
        codes[1], groups[1] = quarters, {quarter: [quarter] for quarter in quarters} | windows
        dimensions[1] = publish.Dimension("sector", members={name: tuple(parts) for name, parts in windows.items()})
    mean = float(random.choice([4.0, 10.0, 25.0]))
    values = {cell: int(random.negative_binomial(0.8, 0.8 / (0.8 + mean))) for cell in itertools.product(*codes)}
    rows = all_rows(codes, values, groups)
    columns = [dimension.column for dimension in dimensions]
    structure = publish.Structure(tuple(dimensions), (publish.Count("n"),))
    return rows, as_frame(rows, columns), structure


def random_shares(seed):
    """Shares by place with a total: rows of those counted, of the groups and of the others, and the frame."""
    random = np.random.default_rng(1000 + seed)
    places = [f"k{index}" for index in range(int(random.integers(3, 9)))]
    counted = {(place,): int(random.negative_binomial(0.7, 0.7 / 8.7)) for place in places}
    others = {(place,): int(random.negative_binomial(0.7, 0.7 / 12.7)) for place in places}
    group = flat_group(places)
    ill = all_rows([places], counted, [group])
    rest = all_rows([places], others, [group])
    ill = [(labels, [("ill", *cell) for cell in cells], value) for labels, cells, value in ill]
    rest = [(labels, [("rest", *cell) for cell in cells], value) for labels, cells, value in rest]
    whole = [(a[0], [*a[1], *b[1]], a[2] + b[2]) for a, b in zip(ill, rest, strict=True)]
    frame = as_frame(ill, ["geo"], "ill").assign(n=[value for _, _, value in whole])
    frame["pct"] = 100 * frame["ill"] / frame["n"].where(frame["n"] > 0)
    return ill, whole, rest, frame


def random_breakdowns(seed):
    """The same persons by place and sector, and by place and sex: rows over the smallest cells of all three, frames.

    The first has no totals over sectors: the second gives them.
    """
    random = np.random.default_rng(2000 + seed)
    places = [f"k{index}" for index in range(int(random.integers(2, 5)))]
    codes = [places, ["s0", "s1", "s2"], ["f", "m"]]
    values = {cell: int(random.negative_binomial(0.8, 0.8 / 4.8)) for cell in itertools.product(*codes)}
    everybody = {"all": ["f", "m"]}, {"all": ["s0", "s1", "s2"]}
    by_sector = all_rows(codes, values, [flat_group(places), flat_group(codes[1]), everybody[0]])
    by_sector = [row for row in by_sector if row[0][1] != "all"]
    by_sex = all_rows(codes, values, [flat_group(places), everybody[1], flat_group(codes[2])])
    frames = (
        as_frame(by_sector, ["place", "sector", "-"]).drop(columns="-"),
        as_frame(by_sex, ["place", "-", "sex"]).drop(columns="-"),
    )
    structures = tuple(
        publish.Structure(
            (publish.Dimension("place", total="all"), publish.Dimension(column, total="all")), (publish.Count("n"),)
        )
        for column in ("sector", "sex")
    )
    return (by_sector, by_sex), frames, structures
