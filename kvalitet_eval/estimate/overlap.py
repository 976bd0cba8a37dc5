"""Do the participants lie where there is anybody to compare them with?"""

from __future__ import annotations

from kvalitet_eval.design.balance import balance
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.check_result import CheckResult


def overlap(design: Design, *, cohort: str | None = None, year: int = 4) -> CheckResult:
    """Count the participants that lie outside the range of their comparison before the start.

    Parameters
    ----------
    design : Design
        Panel and comparison.
    cohort : str, optional
        One cohort instead of all.
    year : int
        Periods of a year, for the last year before the start.

    Returns
    -------
    CheckResult
        The rows of :func:`kvalitet_eval.design.balance.balance`. Passed when in no measure a participant lies lower
        than the lowest or higher than the highest of the comparison; for those outside, an estimate extrapolates.

    Raises
    ------
    DesignError
        No such cohort.

    Examples
    --------
    Levels of 6 and 4 against 1, 3 and 5: one of the two lies above everybody. In their slopes (6 and 4 up a period
    against 1, 3 and 5) the same one is outside:

    >>> import pandas as pd
    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> rows = [(unit, t, level * t, 3 if unit in "ab" else None)
    ...         for unit, level in zip("abcde", (6.0, 4, 1, 3, 5)) for t in (1, 2, 3)]
    >>> frame = pd.DataFrame(rows, columns=["unit", "t", "y", "g"])
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> found = overlap(compare(panel, "never_treated"), year=1)
    >>> found.table.set_index("measure")["n_outside"].to_dict(), found.passed
    ({'level': 1, 'last_year': 1, 'slope': 1}, False)
    """
    table = balance(design, cohort=cohort, year=year)
    known = table[(table["n_treated"] > 0) & (table["n_comparison"] > 0)]
    passed = None if known.empty else bool((known["n_outside"] == 0).all())
    key = {True: "passed", False: "failed", None: "not_applicable"}[passed]
    worst = {} if known.empty else {"n_outside": int(known["n_outside"].max()), "n": int(known["n_treated"].max())}
    return CheckResult("overlap", passed, table, f"check.overlap.{key}", worst)
