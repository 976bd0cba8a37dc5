"""Table columns whose headings come from the catalogue (``notebook.column.<key>``)."""

from __future__ import annotations

from typing import Any

from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Kind, TableColumn


def column(key: str, kind: Kind = "text", *, label: str = "", language: str = "nb", **options: Any) -> TableColumn:
    """Return one column of a table.

    Parameters
    ----------
    key : str
        Column of the frame; for an interval that with the lower limit.
    kind : str
        How values are printed, see `TableColumn`.
    label : str
        Last part of the heading's key in the catalogue, where it is not ``key``.
    language : str
        Of the heading.
    **options
        As for `TableColumn`; ``unit`` is ``percent`` or ``points`` and is put into words.

    Examples
    --------
    >>> column("change_pp", "signed", unit="points").heading
    'Endring (prosentpoeng)'
    """
    unit = options.pop("unit", "")
    words = text(f"chart.unit.{unit}", language) if unit else ""
    return TableColumn(key, text(f"notebook.column.{label or key}", language), kind, words, **options)
