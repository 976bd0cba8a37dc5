"""Small tables for the gate, worked out by hand."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval import publish

SSB, STANDARD = publish.Policy.load("ssb"), publish.Policy.load("standard")
GEO = publish.Dimension("geo", total="all")


def counts(values, *, codes=None, total=True, column="n", key="geo"):
    """One dimension with counts and, unless told otherwise, their total."""
    codes = codes or [chr(ord("a") + place) for place in range(len(values))]
    labels, shown = list(codes), list(values)
    if total:
        labels, shown = [*labels, "all"], [*shown, sum(values)]
    return pd.DataFrame({key: labels, column: shown})


def count_structure(*dimensions, family="table"):
    return publish.Structure(dimensions or (GEO,), (publish.Count("n"),), family=family)


def withheld(table, column="n"):
    """Codes of the rows that are withheld."""
    frame, marks = table.to_frame(), table.marks()
    return [
        " ".join(map(str, key)) for key in frame.loc[marks[column] == ":", list(table.keys)].itertuples(index=False)
    ]


def share_frame(counted, group):
    """Shares of persons with a total row."""
    frame = counts(counted, column="ill").assign(n=[*group, sum(group)])
    return frame.assign(pct=100 * frame["ill"] / frame["n"])


def share_structure(*, shown=("n",)):
    return publish.Structure((GEO,), (publish.Share("pct", "ill", "n", shown=shown),))
