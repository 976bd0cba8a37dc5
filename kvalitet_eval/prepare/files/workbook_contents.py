"""What the cells of a worksheet hold: each different content understood once, and numbers without help.

Runs in the workbook's process. A piece is what :mod:`workbook_cells` finds between two addresses: the rest of a cell
and the start of the next.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

from kvalitet_eval.prepare.files.cell_text import number_texts
from kvalitet_eval.prepare.files.column_letters import column_position
from kvalitet_eval.prepare.files.workbook_marks import Content, UnusualError, understood
from kvalitet_eval.prepare.files.workbook_styles import Styles

WRITTEN_WIDTH = 256
END = -1
"""There is no next cell in the row."""
_NEXT = re.compile(rb'<c r="([A-Z]{1,3})\Z')
_HEAD = re.compile(rb'(?:\s[^<>]*)?>\s*(?:<c r="[A-Z]{1,3})?')
_REST = re.compile(rb"((?:\s[^<>]*?)?)(?:/>|>(.*)</c>)\s*", re.DOTALL)
_NESTED = re.compile(rb"<(?:\w+:)?/?(?:c|row)[\s/>]")
_IN_NUMBERS = b"0123456789.-+eE\n"


class CutError(UnusualError):
    """A row was perhaps cut at something that only looks like an address."""


class Contents:
    """What the cells of a workbook hold; 0 is nothing, other numbers are places in ``texts``.

    Parameters
    ----------
    styles : Styles
        The number formats that matter.
    """

    def __init__(self, styles: Styles) -> None:
        self.texts = [""]
        self.marked: dict[int, Content] = {}
        self._styles, self._known, self._next = styles, {b"": 0}, {b"": END}
        self._heads: dict[bytes, int] = {}
        self._waiting: list[tuple[int, bytes]] = []
        special = b"|".join(styles.special) or rb"(?!)"
        may_lack_style = b"" if b"0" in styles.special else b"?"  # a cell without a style has style 0
        plain = rb'(?: s="(?!(?:' + special + rb')")[0-9]{1,6}")' + may_lack_style
        formula = rb"(?:<f[^<>]*(?:/>|>[^<]*</f>))?"
        self._ordinary = (
            plain
            + rb'(?: t="(?:s|n|str)")?>'
            + formula
            + rb"<v>[^<\x00]+</v></c>|"
            + plain
            + rb' t="inlineStr"><is><t(?: xml:space="preserve")?>[^<\x00]*</t></is></c>'
        )
        style = rb'(?: s="(?:' + (b"|".join(sorted(styles.numeric)) or rb"(?!)") + rb')")' + may_lack_style
        numeric = style + rb'(?: t="n")?'
        self._numeric = re.compile(rb"(" + numeric + rb"><v>)[0-9.eE+-]+(</v></c>.*)", re.DOTALL)

    def column_after(self, head: bytes) -> int:
        """Return the column of the first cell of a row, from 0, by what stands before it."""
        if head not in self._heads:
            if not _HEAD.fullmatch(head):
                raise CutError
            self._heads[head] = _following(head)
        return self._heads[head]

    def take(self, piece: bytes) -> tuple[int, int]:
        """Return the number of a cell, and the column of the next."""
        if piece not in self._known:
            self._learn(piece)
        return self._known[piece], self._next[piece]

    def take_column(self, pieces: Sequence[bytes]) -> tuple[array, int] | None:
        """Return the numbers of one column of many rows, and the column of the next; nothing if that differs."""
        different = set(pieces)
        if len(different) * 2 > len(pieces):  # then looking each up would cost more than it saves
            numbers = self._as_numbers(pieces) or self._one_by_one(pieces)
            if numbers:
                return numbers, _following(pieces[0])
        for piece in different.difference(self._known):
            self._learn(piece)
        following = set(map(self._next.__getitem__, different))
        return (array("I", map(self._known.__getitem__, pieces)), following.pop()) if len(following) == 1 else None

    def written(self) -> bytes:
        """Return a sheet with every content that waits for its text, in rows of ``WRITTEN_WIDTH`` below a full one."""
        cells = (b"<c" + content for _, content in self._waiting)
        rows = iter(lambda: b"".join(islice(cells, WRITTEN_WIDTH)), b"")
        first = b"<c><v>0</v></c>" * WRITTEN_WIDTH
        body = b"</row><row>".join((first, *rows))
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return b'<worksheet xmlns="%b"><sheetData><row>%b</row></sheetData></worksheet>' % (main, body)

    def fill_in(self, texts: Iterator[str]) -> None:
        """Take the texts of what was written, in its order."""
        for (number, _), text in zip(self._waiting, texts, strict=False):
            self.texts[number] = text

    def _learn(self, piece: bytes) -> None:
        following = _following(piece)
        rest = _NEXT.sub(b"", piece)
        match = _REST.fullmatch(rest)
        if match is None:
            raise CutError
        if match[2] and _NESTED.search(match[2]):
            raise UnusualError
        content = understood(match[1], match[2] or b"", self._styles)
        number = 0
        if content.is_there:
            number = self._wait(rest)
            if content.is_marked:
                self.marked[number] = content
        self._known[piece], self._next[piece] = number, following

    def _wait(self, rest: bytes) -> int:
        self.texts.append("")
        self._waiting.append((len(self.texts) - 1, rest))
        return len(self.texts) - 1

    def _as_numbers(self, pieces: Sequence[bytes]) -> array | None:
        """Return plain numbers without anybody else's help, when all of a column are such."""
        match = self._numeric.fullmatch(pieces[0])
        if match is None:
            return None
        lines = b"\n" + b"\n".join(pieces) + b"\n"
        lines = lines.replace(b"\n" + match[1], b"\n").replace(match[2] + b"\n", b"\n")[1:-1]
        if lines.translate(None, _IN_NUMBERS):
            return None
        try:
            texts = number_texts(map(float, lines.split(b"\n")))
        except ValueError:
            return None
        first = len(self.texts)
        self.texts += texts
        return array("I", range(first, len(self.texts)))

    def _one_by_one(self, pieces: Sequence[bytes]) -> array | None:
        """Let every cell of a column wait for itself, when all of them hold something and none is remarkable."""
        after = _NEXT.search(pieces[0])
        tail = after[0] if after else b""
        if not re.fullmatch(rb"(?:(?:" + self._ordinary + rb")" + tail + rb"\x00)+", b"\0".join(pieces) + b"\0"):
            return None
        first = len(self.texts)
        rests = [piece[: -len(tail)] for piece in pieces] if tail else pieces
        self.texts += [""] * len(pieces)
        self._waiting += zip(range(first, len(self.texts)), rests, strict=True)
        return array("I", range(first, len(self.texts)))


def _following(piece: bytes) -> int:
    match = _NEXT.search(piece)
    return column_position(match[1]) if match else END
