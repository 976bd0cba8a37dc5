"""Read pages and drawings: texts, tables with their headings, attributes, comments, scripts and embedded files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from kvalitet_eval.report.disclosure_arrays import restated, unpack
from kvalitet_eval.report.disclosure_json import Around, every, titles, walk_value
from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, joined
from kvalitet_eval.report.disclosure_tables import cells_of, has_figures, parted

Found = Iterator[Seen | Problem]
_WITHIN_A_LINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|data|dfn|em|font|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|tspan|u|var|wbr"
)
_HEADINGS = ("title", "h1", "h2", "h3", "h4", "caption", "figcaption")
_STAYING = ("title", "caption", "drawing")
_NO_MEASURE = re.compile(
    "class|clip-path|c[xy]|d[xy]?|fill.*|font-.*|height|id|opacity|points|r[xy]?|stroke.*|style|tabindex|transform|"
    "viewbox|width|xmlns.*|[xy][12]?"
)
_JSON_START = re.compile(r"""(?:^|[=(,:]\s*)(?=[\[{]\s*(?:["\[{\]}]|-?\d))""")
_BDATA = re.compile(r"""["']?bdata["']?\s*:\s*["']([A-Za-z0-9+/=]+)["']""")
_DTYPE = re.compile(r"""["']?dtype["']?\s*:\s*["']([a-z]\d)["']""")
_LINE_ENDS = re.compile(r"[^\n]+")
_ENTITY = re.compile(r"""<!ENTITY\s+(\w+)\s+["']([^"'&]{0,1000})["']""")
_ENTITY_USED, _LONGEST_HEAD = re.compile(r"&(\w+);"), 20_000
_BEGINS_A_FIGURE = frozenset("0123456789+-\u2212")
_SHORT, _MOST_PIECES, _LARGEST_SPAN = 40, 11, 1_000
_MOST_SCRIPT_PARTS = 2_000
_NEARBY = 200


def read_markup(text: str, place: str, walk: Walk) -> Found:
    """Yield everything in an HTML page, an SVG drawing or other markup; broken markup is read as a browser would."""
    parser = _Parser(place)
    entities = dict(_ENTITY.findall(text[:_LONGEST_HEAD])) if "<!ENTITY" in text else {}
    parser.feed(_ENTITY_USED.sub(lambda match: entities.get(match[1], match[0]), text) if entities else text)
    parser.close()
    parser.finish()
    yield from parser.seen
    for number, (name, content, wide) in enumerate(parser.scripts):
        yield from _script(content, f"{place}!{name}:{number}", walk, joined([wide, *parser.headings]))
    for number, (content, wide) in enumerate(parser.markup):
        yield from walk.nested(content.encode("utf-8", "replace"), f"{place}!markup:{number}", wide)


class _Parser(HTMLParser):
    """Collects blocks of text, the cells of tables with their headings, and what must be opened further."""

    def __init__(self, place: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[Seen] = []
        self.scripts: list[tuple[str, str, str]] = []
        self.markup: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self._place = place
        self._over: dict[str, str] = {}
        self._open: list[str] = []
        self._block: list[str] = []
        self._before = ""
        self._digits: list[str] = []
        self._tables: list[_Table] = []
        self._group = ""

    @property
    def wide(self) -> str:
        """Title, headings and caption that stand over the present place."""
        return joined([*self._over.values(), self._group])

    def _where(self) -> str:
        line, column = self.getpos()
        return f"{self._place}:{line}:{column + 1}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if not _WITHIN_A_LINE.fullmatch(tag):
            self.end_block()
        self._open.append(tag)
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._tables.append(_Table())
        elif self._tables and tag in ("tr", "td", "th"):
            self._tables[-1].start(tag, self._where(), given)
        if tag == "g" and "data-series" in given:
            self._group = given["data-series"]
        near = joined(
            value
            for name, value in given.items()
            if not _NO_MEASURE.fullmatch(name) and value.lstrip()[:1] not in ("{", "[")
        )
        for name, value in given.items():
            is_data = value.lstrip()[:1] in ("{", "[")
            is_measure = not (is_data or _NO_MEASURE.fullmatch(name))
            self.seen.append(Seen(f"{self._where()}@{name}", value, name, near, self.wide, is_measure))
            if is_data:
                self.scripts.append((f"@{name}", value, self.wide))
            if "<" in value:
                self.markup.append((value, self.wide))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read an element without content."""
        self.handle_starttag(tag, attrs)
        self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """End an element: a block, a cell or a row is complete."""
        if not _WITHIN_A_LINE.fullmatch(tag):
            self.end_block(tag)
        if tag == "table" and self._tables:
            self.end_table()
            self._over.pop("caption", None)
        elif self._tables and tag in ("td", "th"):
            self._tables[-1].end_cell()
        elif tag == "g":
            self._group = ""
        elif tag == "svg":
            self._over.pop("drawing", None)
        while tag in self._open and self._open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        """Add text to the present block, or keep a script to be opened."""
        if self._open and self._open[-1] in ("script", "style"):
            self.scripts.append((self._open[-1], data, self.wide))
        else:
            self._block.append(data)

    def handle_comment(self, data: str) -> None:
        """Read what a browser does not show, as markup too: it may be a part of the page that was taken out."""
        self.scripts.append(("comment", data, self.wide))
        if "<" in data:
            self.markup.append((data, self.wide))

    def handle_decl(self, decl: str) -> None:
        """Read a declaration."""
        self.scripts.append(("declaration", decl, ""))

    def handle_pi(self, data: str) -> None:
        """Read an instruction to a program."""
        self.scripts.append(("instruction", data, ""))

    def unknown_decl(self, data: str) -> None:
        """Read a section of character data."""
        self.scripts.append(("section", data, self.wide))

    def end_block(self, tag: str = "") -> None:
        """Close the present run of text."""
        text = " ".join("".join(self._block).split())
        self._block = []
        is_drawing_title = tag == "title" and self._open[-2:-1] == ["svg"]
        if tag in _HEADINGS and (is_drawing_title or "svg" not in self._open):
            self.headings.append(text)
            tag = "drawing" if is_drawing_title else tag
            self._over = {name: said for name, said in self._over.items() if name < tag or name in _STAYING}
            self._over[tag] = text
        elif self._tables and self._tables[-1].is_in_cell:
            self._tables[-1].add(text)
            return
        if text:
            self._digits = [*self._digits, text] if text.isdigit() else []
            if len(self._digits) > 1:
                self.seen.append(Seen(self._where(), " ".join(self._digits[-_MOST_PIECES:]), is_measure=False))
            near = joined([self._before, text]) if text[0] in _BEGINS_A_FIGURE and len(text) <= _SHORT else text
            self.seen.append(Seen(self._where(), text, tag, near, self.wide))
            self._before = "" if has_figures(text) else text

    def end_table(self) -> None:
        """Read a table that is complete."""
        table = self._tables.pop()
        for cell in cells_of(table.texts()):
            self.seen += parted(cell.near, self._where()) if cell.column == 0 else ()
            where = table.places.get((cell.row, cell.column))
            if where:
                self.seen.append(Seen(where, cell.text, cell.key, cell.near, joined([self.wide, cell.wide])))

    def finish(self) -> None:
        """Read what was begun and not ended."""
        self.end_block()
        while self._tables:
            self.end_table()


class _Table:
    """The cells of a table that is being read; one over several rows stands in each."""

    def __init__(self) -> None:
        self.places: dict[tuple[int, int], str] = {}
        self.is_in_cell = False
        self._cells: dict[tuple[int, int], list[str]] = {}
        self._at = (-1, -1)

    def start(self, tag: str, where: str, given: dict[str, str]) -> None:
        """Begin a row or a cell."""
        self.end_cell()
        row, column = self._at
        if tag == "tr" or row < 0:
            self._at = row, column = (row + 1, -1)
        if tag == "tr":
            return
        column += 1
        while (row, column) in self._cells:
            column += 1
        across, down = (_span(given.get(name)) for name in ("colspan", "rowspan"))
        text: list[str] = []
        for step in range(down):
            self._cells[row + step, column] = text
            self._cells.update({(row + step, column + further): [] for further in range(1, across)})
        self.places[row, column] = where
        self._at, self.is_in_cell = (row, column + across - 1), True

    def add(self, text: str) -> None:
        """Add a block of text to the present cell."""
        row, column = self._at
        while (row, column) not in self.places:
            column -= 1
        self._cells[row, column].append(text)

    def end_cell(self) -> None:
        """End the present cell."""
        self.is_in_cell = False

    def texts(self) -> list[list[str]]:
        """Return all rows."""
        rows: list[list[str]] = [[] for _ in range(max((row for row, _ in self._cells), default=-1) + 1)]
        for (row, column), pieces in sorted(self._cells.items()):
            rows[row] += [""] * (column - len(rows[row])) + [" ".join(filter(None, pieces))]
        return rows


def _span(given: str | None) -> int:
    return min(int(given), _LARGEST_SPAN) if given and given.isdigit() and int(given) else 1


def _script(content: str, place: str, walk: Walk, wide: str) -> Found:
    """Lines of a script, and the JSON that it hands to a drawing library."""
    parts, rest, end = [], "", 0
    for start, stop, part in _json_parts(content):
        parts.append((start, part))
        rest, end = f"{rest}{content[end:start]}{_LINE_ENDS.sub('', content[start:stop])}", stop
    rest += content[end:]
    for number, line in enumerate(rest.splitlines(), start=1):
        if line.strip():
            yield Seen(f"{place}:{number}", line, near=line, wide=wide)
    named = joined([wide, *(title for _, part in parts if isinstance(part, dict) for title in titles(part))])
    for start, part in parts:
        yield from walk_value(part, f"{place}:{start}", walk, Around(wide=named))
    for (start, data), (_, layout) in pairwise(parts):
        if isinstance(data, list) and isinstance(layout, dict):
            for name, item in restated({"data": data, "layout": layout}):
                yield from walk_value(item, f"{place}:{start}/{name}", walk, Around(wide=named))
    yield from _loose_arrays(rest, place, named)


def _json_parts(content: str) -> Iterator[tuple[int, int, Any]]:
    """JSON in a script with its places: all of it, or the values that are given to functions and names."""
    end = 0
    for number, match in enumerate(_JSON_START.finditer(content)):
        if number > _MOST_SCRIPT_PARTS:
            return
        stop = _balanced_end(content, match.end()) if match.end() >= end else 0
        if stop:
            try:
                value = json.loads(content[match.end() : stop], object_pairs_hook=every)
            except (ValueError, RecursionError):
                continue
            end = stop
            yield match.end(), stop, value


def _balanced_end(content: str, start: int) -> int:
    """Return where the bracket at ``start`` is closed, 0 when it is not; brackets in quotes do not count."""
    depth = 0
    for match in re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]').finditer(content, start):
        sign = match[0]
        depth += sign in ("[", "{")
        depth -= sign in ("]", "}")
        if depth == 0:
            return match.end() if len(sign) == 1 else 0
    return 0


def _loose_arrays(content: str, place: str, wide: str) -> Found:
    """Packed arrays in a script that is not JSON; their kind stands just before or after them."""
    for match in _BDATA.finditer(content):
        nearby = content[max(0, match.start() - _NEARBY) : match.end() + _NEARBY]
        kind = _DTYPE.search(nearby)
        numbers = unpack({"dtype": kind[1], "bdata": match[1]}) if kind else None
        if numbers is None:
            yield Problem(f"{place}:{match.start()}", "SIK-07", "bdata")
        for index, number in enumerate(numbers or []):
            yield Seen(f"{place}:{match.start()}/{index}", float(number), "bdata", nearby, wide)
