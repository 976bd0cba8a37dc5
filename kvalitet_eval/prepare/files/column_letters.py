"""The letters of a spreadsheet's columns; runs in the workbook's process."""

from __future__ import annotations

_LETTERS = 26


class _Columns(dict[bytes, int]):
    """Positions of column letters, from 0, each worked out once."""

    def __missing__(self, letters: bytes) -> int:
        position = 0
        for letter in letters:
            position = position * _LETTERS + letter - ord("A") + 1
        self[letters] = position - 1
        return position - 1


_COLUMNS = _Columns()


def column_position(letters: bytes) -> int:
    """Return the position of a column by its letters, from 0.

    Examples
    --------
    >>> column_position(b"A"), column_position(b"AA")
    (0, 26)
    """
    return _COLUMNS[letters]
