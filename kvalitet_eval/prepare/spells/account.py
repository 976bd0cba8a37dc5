"""The account of the microdata: every row read is used, excluded with a reason, or refused, and changes are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import Counts
from kvalitet_eval.prepare.spells.layouts import EMPLOYMENTS, SPELLS
from kvalitet_eval.prepare.spells.read import Staged

MOST_REFUSED_SHARE = 0.01
"""A file with a larger share of faulty rows is refused as a whole."""

REPEATED = "repeated_row"
ACCOUNT_COLUMNS = ("file", "kind", "reason", "n", "unit")
ROWS, PERSON_DAYS = "rows", "person-days"
_SHOWN_COLUMNS = 10


def file_findings(file: Staged, most_refused_share: float = MOST_REFUSED_SHARE) -> list[Finding]:
    """Return what is to be said about one file: faulty rows, as errors when they are too many, and the file as a whole.

    Parameters
    ----------
    file : Staged
        What became of its rows.
    most_refused_share : float
        Largest share (0 to 1) of faulty rows.
    """
    path, found = file.source.path, list(file.findings)
    n_refused = sum(n for rule, n in file.problems.items() if rule.kind == "refused")
    if not file.n_read:
        return [finding("INN-A06", file=path)]
    if n_refused > most_refused_share * file.n_read:
        facts = {"n": n_refused, "n_read": file.n_read, "limit_pct": f"{100 * most_refused_share:g}".replace(".", ",")}
        found = [_as_error(item) for item in found] + [finding("SPE-13", file=path, **facts)]
    elif not file.n_accepted:
        found.append(finding("SPE-22", file=path, n_read=file.n_read))
    for column, largest in file.largest_pct.items():
        if largest <= 1:
            found.append(finding("SPE-14", file=path, column=column, found=f"{largest:g}".replace(".", ",")))
    if file.source.left_out:
        names = ", ".join(file.source.left_out[:_SHOWN_COLUMNS])
        found.append(finding("SPE-19", severity="info", file=path, line=1, names=names, n=len(file.source.left_out)))
    return found


def raise_errors(findings: Iterable[Finding]) -> None:
    """Raise all errors at once, if there are any."""
    errors = [item for item in findings if item.severity == "error"]
    if errors:
        raise DataError(errors)


def count_rows(files: Sequence[Staged], n_repeated: int) -> Counts:
    """Return the account of the rows of some files.

    Parameters
    ----------
    files : sequence of Staged
        Files of one layout.
    n_repeated : int
        How many of the accepted rows were identical to another one and are excluded for it.
    """
    totals = dict.fromkeys(("excluded", "refused"), 0)
    for file in files:
        for rule, n in file.problems.items():
            totals[rule.kind] += n
    return Counts(
        read=sum(file.n_read for file in files),
        used=sum(file.n_accepted for file in files) - n_repeated,
        excluded=totals["excluded"] + n_repeated,
        refused=totals["refused"],
    )


def account_frame(
    spells: Sequence[Staged], jobs: Sequence[Staged], counts: Mapping[str, Counts], lost: pd.DataFrame
) -> pd.DataFrame:
    """Return the account as a table: file (name, or the layout's id for all its files), kind, reason, n, unit.

    ``over_whole_job`` is the person-days that overlapping spells stated beyond the whole of a job, and that are not
    counted.
    """
    rows: list[tuple[str, str, str, float, str]] = []
    for file in (*spells, *jobs):
        name = file.source.path.name
        rows.append((name, "read", "", file.n_read, ROWS))
        rows += [(name, rule.kind, f"{rule.code} {rule.column}".strip(), n, ROWS) for rule, n in file.problems.items()]
        rows += [(name, "changed", reason, n, ROWS) for reason, n in file.changes.items()]
        rows += [(name, "changed", "read_as_latin_1", file.n_read, ROWS)] if file.source.encoding == "latin-1" else []
    for layout in (SPELLS.id, EMPLOYMENTS.id):
        if layout in counts:
            files = jobs if layout == EMPLOYMENTS.id else spells
            n_repeated = sum(file.n_accepted for file in files) - counts[layout].used
            rows += [(layout, "excluded", REPEATED, n_repeated, ROWS), (layout, "used", "", counts[layout].used, ROWS)]
    counted = lost["lost_days_self"].sum() + lost["lost_days_doctor"].sum()
    rows.append((SPELLS.id, "excluded", "over_whole_job", round(lost["stated_days"].sum() - counted, 6), PERSON_DAYS))
    return pd.DataFrame(rows, columns=list(ACCOUNT_COLUMNS))


def _as_error(item: Finding) -> Finding:
    return Finding(item.code, "error", item.file, item.sheet, item.line, item.column, item.found, item.facts)
