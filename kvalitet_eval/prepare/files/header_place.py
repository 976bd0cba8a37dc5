"""Where the header of a table stands, and what it says: in one row or two, with one column per quarter or none."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from kvalitet_eval.prepare.files.raw_sheet import TextRow
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.periods import parse_quarter
from kvalitet_eval.prepare.rules.header_spellings import column_names
from kvalitet_eval.prepare.schema import LAYOUTS

_SEARCHED = 60  # rows with text among which the header is looked for


def has_text(row: TextRow) -> bool:
    """Whether any cell of a row has more than space."""
    cells = row.cells
    return bool(cells and cells[0].strip()) or any(cell.strip() for cell in cells)


def find_header(rows: Sequence[TextRow], layout: Layout | None) -> tuple[int, TextRow, int]:
    """Return where the header starts, the header, and how many rows it takes; see :func:`locate.locate`."""
    layouts = [layout] if layout else list(LAYOUTS.values())
    places = list(itertools.islice((place for place, row in enumerate(rows) if has_text(row)), _SEARCHED))
    for place in places:
        if any(_share(rows[place].cells, one) == 1 for one in layouts):
            return place, rows[place], 1
    doubled = [(place, _unfolded(rows[place], rows[place + 1])) for place in places if place + 1 < len(rows)]
    for place, header in doubled:
        if any(_share(header.cells, one) == 1 or is_wide(header.cells, one) for one in layouts):
            if any(is_wide(rows[place + 1].cells, one) for one in layouts):
                break
            return place, header, 2
    shares = {place: max(_share(rows[place].cells, one, wide=True) for one in layouts) for place in places}
    best = max(places, key=lambda place: (shares[place], -place))
    if shares[best] == 0:
        widest = max(len(_filled(rows[place])) for place in places)
        best = next(place for place in places if len(_filled(rows[place])) * 2 > widest)
    return best, rows[best], 1


def _filled(row: TextRow) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _share(cells: tuple[str, ...], layout: Layout, *, wide: bool = False) -> float:
    """Share of the required columns of a layout that stand in a row (two at least, where there are two)."""
    if wide and is_wide(cells, layout):
        return 1
    present = set(column_names(cells, layout)) & set(layout.required)
    return len(present) / len(layout.required) if len(present) > 1 or len(layout.required) == 1 else 0


def is_wide(cells: tuple[str, ...], layout: Layout) -> bool:
    """Whether a header has one column per quarter and none for the quarter itself."""
    names = column_names(cells, layout)
    quarters = [cell for cell in cells if quarter_named(cell)]
    wanted = layout.of_kind("quarter")
    return (
        len(wanted) == 1
        and len(quarters) > 1
        and wanted[0].name not in names
        and any(column.name in names for column in layout.of_kind("municipality"))
    )


def quarter_named(text: str) -> str | None:
    """Return the label of the quarter that a text names, or nothing."""
    try:
        return parse_quarter(text)
    except ValueError:
        return None


def _unfolded(upper: TextRow, lower: TextRow) -> TextRow:
    """Put two rows of a header together; a text above several columns stands in the first of them only."""
    width = max(len(upper.cells), len(lower.cells))
    above = upper.cells + ("",) * (width - len(upper.cells))
    cells, last = [], ""
    for over, under in zip(above, lower.cells + ("",) * (width - len(lower.cells)), strict=True):
        last = over.strip() or last
        both = f"{last} {under.strip()}"
        quarter = quarter_named(f"{last}{under.strip()}") or quarter_named(f"{under.strip()} {last}")
        same = over.strip() == under.strip()
        cells.append(quarter or (under.strip() if same or not over.strip() else both.strip()) or over.strip())
    return TextRow(lower.line, tuple(cells))
