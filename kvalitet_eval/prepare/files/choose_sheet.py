"""Which sheet of a workbook is meant: the one that was asked for, or the only one that can be."""

from __future__ import annotations

from collections.abc import Sequence

from kvalitet_eval.errors import DataError, finding
from kvalitet_eval.prepare.files.header_place import is_wide
from kvalitet_eval.prepare.files.locate import TextTable, locate
from kvalitet_eval.prepare.files.raw_sheet import RawSheet
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.rules.header_rules import fitting, value_column
from kvalitet_eval.prepare.rules.header_spellings import column_names


def choose_table(sheets: Sequence[RawSheet], layout: Layout | None, sheet: str | None) -> TextTable:
    """Find the table in the sheet that is meant.

    Parameters
    ----------
    sheets : sequence of RawSheet
        All sheets of a file; one for a text file.
    layout : Layout, optional
        What the file must look like.
    sheet : str, optional
        The sheet asked for.

    Raises
    ------
    DataError
        INN-B20: there is no sheet of that name. INN-B21: several sheets fit. INN-B22: none of several fits. Otherwise
        the faults of the sheet.
    """
    where = {"file": sheets[0].path, "sheets": ", ".join(str(one.sheet) for one in sheets)}
    if sheet is not None:
        named = [one for one in sheets if one.sheet == sheet]
        if not named:
            raise DataError.of("INN-B20", found=sheet, **where)
        return locate(named[0], layout)
    filled = [one for one in sheets if any(cell.strip() for row in one.rows for cell in row.cells)]
    if len(filled) < 2:
        return locate((filled or sheets)[0], layout)
    tables = [table for one in filled if (table := _table_that_fits(one, layout))]
    if len(tables) == 1:
        return tables[0]
    names = ", ".join(str(one.sheet) for one in (tables or filled))
    code = "INN-B21" if tables else "INN-B22"
    raise DataError([finding(code, file=sheets[0].path, found=names, layout=layout.id if layout else "-")])


def _table_that_fits(raw: RawSheet, layout: Layout | None) -> TextTable | None:
    try:
        table = locate(raw, layout)
    except DataError:
        return None
    if layout is None:
        return table if fitting(table.header) else None
    wide = value_column(layout) is not None and is_wide(table.header, layout)
    return table if wide or set(layout.required) <= set(column_names(table.header, layout)) else None
