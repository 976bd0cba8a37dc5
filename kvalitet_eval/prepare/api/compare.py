"""A new download beside the one in use: what was revised, what is gone, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

DOWNLOAD = "download"
REVISION_COLUMNS = ("line", "cell", "column", "before", "after", "kind")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What differs between the rows in use and the new ones.

    Parameters
    ----------
    revisions : pandas.DataFrame
        One row per value that another one stands for now (``kind`` "revised") and one per row that is no longer there
        ("gone", ``column`` and ``after`` empty): line in the file in use, cell (``Region=0542, Tid=2007K3``), column,
        before, after, kind.
    n_new : int
        Rows that were not there before.
    kept, added : pandas.DataFrame
        The rows in use that still hold, and the rows of the new download that are new or revised; together they are
        what would be in use with the revisions accepted.
    """

    revisions: pd.DataFrame
    n_new: int
    kept: pd.DataFrame
    added: pd.DataFrame


def compare(old: pd.DataFrame, new: pd.DataFrame, key: Sequence[str], asked: Sequence[bool] | np.ndarray) -> Comparison:
    """Compare two tables of text row by row.

    Parameters
    ----------
    old : pandas.DataFrame
        The rows in use, in the order of their file, with the column ``download``.
    new : pandas.DataFrame
        The rows that have come, with the same columns.
    key : sequence of str
        Columns that name a row; unique in both.
    asked : sequence of bool
        Which of the old rows were asked for again, shape (n_old,); the others are never gone.
    """
    keys = list(key)
    columns = [name for name in new.columns if name not in (*keys, DOWNLOAD)]
    numbered = old.assign(line=np.arange(len(old)) + 2, asked=np.asarray(asked, dtype=bool))
    both = numbered.merge(new, on=keys, how="left", suffixes=("", "_after"), indicator=True, validate="1:1")
    is_gone = (both["_merge"] == "left_only") & both["asked"]
    changed = {
        name: (both["_merge"] == "both") & (both[name] != both[f"{name}_after"].fillna(both[name])) for name in columns
    }
    is_revised = pd.concat(changed, axis=1).any(axis=1)
    listed = [_listed(both[mask], keys, name) for name, mask in changed.items()]
    listed.append(_listed(both[is_gone], keys, None))
    holds = ~(is_gone | is_revised).to_numpy()
    rest = new.merge(old.loc[holds, keys], on=keys, how="left", indicator=True)
    added = rest[rest["_merge"] == "left_only"].drop(columns="_merge")
    return Comparison(
        revisions=pd.concat(listed, ignore_index=True).sort_values(["line", "column"], ignore_index=True),
        n_new=len(added) - int(is_revised.sum()),
        kept=old[holds],
        added=added[list(old.columns)].reset_index(drop=True),
    )


def _listed(rows: pd.DataFrame, keys: list[str], column: str | None) -> pd.DataFrame:
    cells = [
        ", ".join(f"{name}={code}" for name, code in zip(keys, codes, strict=True))
        for codes in rows[keys].itertuples(index=False, name=None)
    ]
    listed = {
        "line": rows["line"].to_numpy(),
        "cell": cells,
        "column": column or "",
        "before": rows[column].to_numpy() if column else "",
        "after": rows[f"{column}_after"].to_numpy() if column else "",
        "kind": "revised" if column else "gone",
    }
    return pd.DataFrame(listed, columns=list(REVISION_COLUMNS))
