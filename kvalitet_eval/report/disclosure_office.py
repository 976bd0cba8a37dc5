"""Read what office files are made of: the cells of a workbook, and the text of every other part of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from kvalitet_eval.report.disclosure_seen import Problem, Seen, joined

Found = Iterator[Seen | Problem]
_PARAGRAPHS = ("p", "si", "is", "h", "comment")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MOST_BESIDE = 2_000
_READ_ATTRIBUTES = ("descr", "title", "alt")
_READ_OF = (("tblCaption", "val"), ("tblDescription", "val"), ("sheet", "name"))
"""Where words that are read aloud or shown stand in attributes: alternative texts, captions, names of sheets."""


def read_workbook(members: dict[str, bytes], place: str) -> Found:
    """Yield the cells of all sheets, hidden ones too, with the headings of their columns.

    Parameters
    ----------
    members : dict of str to bytes
        The parts of the package.
    place : str
        Where the workbook lies.
    """
    strings = _shared_strings(members.get("xl/sharedStrings.xml", b""))
    for name in sorted(members):
        if not re.fullmatch(r"xl/(worksheets|chartsheets)/[^/]+\.xml", name):
            continue
        root = _parse(members[name])
        if root is not None:  # a broken part is told when it is read as any other
            yield from _sheet(root, strings, f"{place}!{name}")


def _sheet(root: ElementTree.Element, strings: list[str], place: str) -> Found:
    headings: dict[str, str] = {}
    for row in _all(root, "row"):
        cells = [(cell.get("r", ""), _cell_text(cell, strings), _formula(cell)) for cell in _all(row, "c")]
        near = joined(text for _, text, _ in cells)
        named = [(_column(reference, index), reference, *rest) for index, (reference, *rest) in enumerate(cells)]
        for column, reference, text, formula in named:
            key = headings.get(column, "")
            over = joined([*list(headings.values())[:1], key])
            yield Seen(f"{place}:{reference}", text, key, near, over)
            if formula:
                yield Seen(f"{place}:{reference}=", formula, key, near, over)
        if not headings and sum(bool(text) for _, text, _ in cells) > 1:
            headings = {column: text for column, _, text, _ in named}


def _cell_text(cell: ElementTree.Element, strings: list[str]) -> str:
    value = next(_all(cell, "v"), None)
    if cell.get("t") == "inlineStr":
        return "".join(next(_all(cell, "is"), cell).itertext())
    if value is None or value.text is None:
        return ""
    if cell.get("t") != "s":
        return value.text
    return strings[int(value.text)] if value.text.isdigit() and int(value.text) < len(strings) else ""


def _formula(cell: ElementTree.Element) -> str:
    formula = next(_all(cell, "f"), None)
    return "" if formula is None else formula.text or ""


def _column(reference: str, index: int) -> str:
    match = _REFERENCE.fullmatch(reference)
    return match[1] if match else str(index)


def _shared_strings(content: bytes) -> list[str]:
    root = _parse(content)
    return [] if root is None else ["".join(item.itertext()) for item in _all(root, "si")]


def read_office_xml(content: bytes, place: str) -> Found:
    """Yield the paragraphs, table rows, attributes and other texts of one part of an office package."""
    root = _parse(content)
    if root is None:
        yield Problem(place, "SIK-07", "XML")
        return
    beside = "" if "sharedStrings" in place else joined(root.itertext())[:_MOST_BESIDE]
    headings: dict[int, tuple[str, str]] = {}
    for number, element in enumerate(root.iter()):
        name, where = _name(element), f"{place}:{number}"
        for key, value in element.attrib.items():
            attribute = key.rpartition("}")[2]
            is_read = attribute in _READ_ATTRIBUTES or (name, attribute) in _READ_OF
            near = value if is_read else ""
            yield Seen(f"{where}@{attribute}", value, attribute, near, is_measure=is_read)
        if name == "tbl":
            headings.update(_rows(element))
        if name in _PARAGRAPHS:
            text = "".join(element.itertext())
            near, over = headings.get(id(element), (text, ""))
            yield Seen(where, text, over, near, joined([over, beside]))
        elif element.text and element.text.strip() and not _in_paragraph(name):
            yield Seen(where, element.text, name, beside, is_measure="worksheets/" not in place)


def _rows(table: ElementTree.Element) -> dict[int, tuple[str, str]]:
    """Row and heading of each paragraph of a table, by the paragraph's identity."""
    found: dict[int, tuple[str, str]] = {}
    headings: list[str] = []
    for row in _all(table, "tr"):
        cells = [element for element in row if _name(element) == "tc"]
        texts = ["".join(cell.itertext()) for cell in cells]
        for index, cell in enumerate(cells):
            heading = headings[index] if index < len(headings) else ""
            found.update({id(paragraph): (joined(texts), heading) for paragraph in _all(cell, "p")})
        headings = headings or texts
    return found


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
