"""Small tables for the gate, worked out by hand."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.report.published_effects import publish_checks

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


def opened(frame, *, hidden=None, policy=STANDARD, output="sample", **changes):
    """Publish any frame as it is, for what is made of published tables; ``hidden`` gives rows withheld by column."""
    shown = frame.reset_index(drop=True).assign(row=[str(number) for number in range(len(frame))], **changes)
    for column, rows in (hidden or {}).items():
        status = pd.Series("", index=shown.index)
        status[list(rows)] = "confidential"
        shown = shown.assign(**{column: shown[column].where(status == ""), f"{column}_status": status})
    columns = [name for name in shown if name not in ("row", "origin") and not name.endswith("_status")]
    kinds = pd.api.types
    numeric = [c for c in columns if kinds.is_numeric_dtype(shown[c]) and not kinds.is_bool_dtype(shown[c])]
    labels = tuple(name for name in columns if name not in numeric)
    measures = tuple(publish.Open(name, "no_persons") for name in numeric)
    structure = publish.Structure((publish.Dimension("row"),), measures, labels=labels)
    return publish.table(shown, policy, structure, output=output)


def published_checks(*checks, persons=500.0, residual_df=100.0):
    """Checks as a report gets them."""
    about = {"persons": persons, "residual_df": residual_df, "origin": "syntetisk"}
    return publish_checks(checks, STANDARD, **about, output="checks")


def no_rows(frame):
    """A published table of the same columns without a row."""
    return opened(frame).select(row="none")
