"""Read what office files are made of: the cells of a workbook, and the text of every other part of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from kvalitet_eval.report.disclosure_seen import Problem, Seen, joined
from kvalitet_eval.report.disclosure_tables import cells_of, has_figures, parted

Found = Iterator[Seen | Problem]
_PARAGRAPHS = ("p", "si", "is", "h", "comment")
_BLANKS = ("tab", "br", "cr", "noBreakHyphen")
_TEXTS = ("word/", "ppt/", "/charts/")
_PIECES = re.compile(r"[\"']?\s*&\s*[\"']?")
_MOST_NAMING, _MOST_COLUMNS = 6, 1_000
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MOST_BESIDE = 2_000
_READ_ATTRIBUTES = ("descr", "title", "alt")
_READ_OF = (("tblCaption", "val"), ("tblDescription", "val"), ("sheet", "name"))
"""Where words that are read aloud or shown stand in attributes: alternative texts, captions, names of sheets."""


def read_workbook(members: dict[str, bytes], place: str) -> Found:
    """Yield the cells of all sheets, hidden ones too, with the headings of their columns and the name of their sheet.

    Parameters
    ----------
    members : dict of str to bytes
        The parts of the package.
    place : str
        Where the workbook lies.
    """
    strings = _shared_strings(members.get("xl/sharedStrings.xml", b""))
    names = _sheet_names(members)
    for name in sorted(members):
        if not re.fullmatch(r"xl/(worksheets|chartsheets)/[^/]+\.xml", name):
            continue
        root = _parse(members[name])
        if root is not None:  # a broken part is told when it is read as any other
            yield from _sheet(root, strings, f"{place}!{name}", names.get(name, ""))


def _sheet(root: ElementTree.Element, strings: list[str], place: str, title: str) -> Found:
    rows: list[dict[int, tuple[str, str, str]]] = []
    for row in _all(root, "row"):
        cells = ((cell.get("r", ""), _cell_text(cell, strings), _formula(cell)) for cell in _all(row, "c"))
        rows.append({_column(reference, index): (reference, *rest) for index, (reference, *rest) in enumerate(cells)})
    texts = [[row[column][1] if column in row else "" for column in range(max(row, default=-1) + 1)] for row in rows]
    for cell in cells_of(texts):
        reference, text, formula = rows[cell.row].get(cell.column, ("", "", ""))
        over = joined([title, cell.wide])
        if cell.column == 0:
            yield from parted(cell.near, f"{place}:{cell.row + 1}")
        if reference or text:
            yield Seen(f"{place}:{reference}", text, cell.key, cell.near, over)
        for said in dict.fromkeys([formula, _PIECES.sub("", formula)] if formula else []):
            yield Seen(f"{place}:{reference}=", said, cell.key, cell.near, over)


def _sheet_names(members: dict[str, bytes]) -> dict[str, str]:
    """Names of the sheets by the part each lies in."""
    book, links = (_parse(members.get(name, b"")) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    if book is None or links is None:
        return {}
    targets = {link.get("Id"): link.get("Target", "").removeprefix("/xl/") for link in _all(links, "Relationship")}
    named = ((sheet.get("name", ""), sheet.attrib.values()) for sheet in _all(book, "sheet"))
    return {f"xl/{targets[value]}": name for name, values in named for value in values if value in targets}


def _cell_text(cell: ElementTree.Element, strings: list[str]) -> str:
    value = next(_all(cell, "v"), None)
    if cell.get("t") == "inlineStr":
        return _text(next(_all(cell, "is"), cell))
    if value is None or value.text is None:
        return ""
    if cell.get("t") != "s":
        return value.text
    return strings[int(value.text)] if value.text.isdigit() and int(value.text) < len(strings) else ""


def _formula(cell: ElementTree.Element) -> str:
    formula = next(_all(cell, "f"), None)
    return "" if formula is None else formula.text or ""


def _column(reference: str, index: int) -> int:
    """Return the number of a column from the left, the first of which is 0."""
    match = _REFERENCE.fullmatch(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - 64
    return number - 1 if match else index


def _shared_strings(content: bytes) -> list[str]:
    root = _parse(content)
    return [] if root is None else [_text(item) for item in _all(root, "si")]


def read_office_xml(content: bytes, place: str) -> Found:
    """Yield the paragraphs, table rows, charts, attributes and other texts of one part of an office package."""
    root = _parse(content)
    if root is None:
        yield Problem(place, "SIK-07", "XML")
        return
    is_text = any(name in place for name in _TEXTS)
    beside = "" if is_text or "sharedStrings" in place else joined(root.itertext())[:_MOST_BESIDE]
    around: dict[int, tuple[str, str]] = {}
    naming: list[str] = []
    for number, element in enumerate(root.iter()):
        name, where = _name(element), f"{place}:{number}"
        yield from _attributes(element, where)
        if name == "tbl":
            around.update(_rows(element, joined(naming)))
        elif name == "ser":
            around.update(_points(element))
        elif name == "r" and "pivotCacheRecords" in place:
            yield from _record(element, where)
        if name in _PARAGRAPHS:
            text = _text(element)
            near, over = around.get(id(element), (text, joined(naming)))
            yield Seen(
                where, text, over.rpartition(" | ")[2] if id(element) in around else "", near, joined([over, beside])
            )
            if text and id(element) not in around and not has_figures(text):
                naming = [*naming, text][-_MOST_NAMING:]
        elif element.text and element.text.strip() and not _in_paragraph(name):
            near, over = around.get(id(element), (beside, ""))
            yield Seen(where, element.text, name, near, over, is_measure="worksheets/" not in place)


def _attributes(element: ElementTree.Element, where: str) -> Found:
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        is_read = attribute in _READ_ATTRIBUTES or (_name(element), attribute) in _READ_OF
        yield Seen(f"{where}@{attribute}", value, attribute, value if is_read else "", is_measure=is_read)


def _rows(table: ElementTree.Element, above: str) -> dict[int, tuple[str, str]]:
    """Row of each paragraph of a table, and what stands over it, by the paragraph's identity."""
    rows: list[list[str]] = []
    places: dict[tuple[int, int], ElementTree.Element] = {}
    for row in _all(table, "tr"):
        texts: list[str] = []
        for cell in (element for element in row if _name(element) == "tc"):
            places[len(rows), len(texts)] = cell
            span = next((_value(found) for found in _all(cell, "gridSpan")), "") or cell.get("gridSpan", "")
            text = " ".join(_text(paragraph) for paragraph in _all(cell, "p"))
            texts += [text.strip()] + [""] * (int(span) - 1 if span.isdigit() and int(span) < _MOST_COLUMNS else 0)
        rows.append(texts)
    cells = {(cell.row, cell.column): cell for cell in cells_of(rows)}
    found: dict[int, tuple[str, str]] = {}
    for at, element in places.items():
        over = joined([above, cells[at].wide, cells[at].key])
        found.update({id(paragraph): (cells[at].near, over) for paragraph in _all(element, "p")})
    return found


def _points(series: ElementTree.Element) -> dict[int, tuple[str, str]]:
    """What each number of a chart is called: its series, and the category with the same place, by identity."""
    name = joined(text for found in series if _name(found) == "tx" for text in found.itertext())
    words: dict[str, list[str]] = {}
    numbers: list[tuple[str, ElementTree.Element]] = []
    for part in series:
        for point in _all(part, "pt"):
            value = next(_all(point, "v"), point)
            if _name(part) in ("cat", "xVal"):
                words.setdefault(point.get("idx", ""), []).append(value.text or "")
            elif _name(part) != "tx":
                numbers.append((point.get("idx", ""), value))
    return {id(value): (joined([name, *words.get(place, []), value.text]), "") for place, value in numbers}


def _record(record: ElementTree.Element, where: str) -> Found:
    """One row of what a pivot table was made of; its cells are attributes."""
    values = [_value(cell) for cell in record]
    near = joined(values)
    yield from (Seen(f"{where}/{number}", value, near=near) for number, value in enumerate(values))


def _value(element: ElementTree.Element) -> str:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] in ("val", "v")), "")


def _text(element: ElementTree.Element) -> str:
    """Return all text in an element, with a blank for what parts words on the page."""
    return "".join(_between(part) if _name(part) in _BLANKS else part.text or "" for part in element.iter())


def _between(part: ElementTree.Element) -> str:
    return "-" if _name(part) == "noBreakHyphen" else " "


def _in_paragraph(name: str) -> bool:
    """Whether an element is a piece of a paragraph, which is read as a whole."""
    return name in ("t", "delText", "r")


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (found for found in element.iter() if _name(found) == name)


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _parse(content: bytes) -> ElementTree.Element | None:
    """Return the root; None for what is not XML or declares entities, which could unpack to anything."""
    if not content or _DECLARATION.search(content):
        return None
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return None
