"""The package's own Word document without content, and the styles that a template gets where it has none."""

from __future__ import annotations

import copy
import io
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart

from kvalitet_eval.report.packed import pack
from kvalitet_eval.report.word_xml import LANGUAGES, NAMESPACES

STYLES = Path(__file__).parent / "templates" / "word_styles.xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NUMBERING_TYPE = f"{_WORD}.numbering+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BULLET = (
    '<w:abstractNum {space} w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>'
)
_NUMBER = '<w:num {space} w:numId="{id}"><w:abstractNumId w:val="{list}"/></w:num>'
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1304" w:bottom="1247" w:left="1304" '
    'w:header="624" w:footer="567" w:gutter="0"/></w:sectPr>'
)


def empty_document() -> Document:
    """Return an A4 document with the package's styles and no content."""
    return docx.Document(io.BytesIO(_empty_package()))


@cache
def _empty_package() -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {"document": f"{_WORD}.document.main+xml", "numbering": _NUMBERING_TYPE}
    parts |= {name: f"{_WORD}.{name}+xml" for name in ("settings", "styles")}
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>' for name, kind in parts.items())
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>'
    )
    bullet = _BULLET.format(space="", id=1) + _NUMBER.format(space="", id=1, list=1)
    compatible = (
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat>'
    )
    contents = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{_PAGE}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations({name: f"{name}.xml" for name in parts if name != "document"}),
        "word/numbering.xml": f"<w:numbering {NAMESPACES}>{bullet}</w:numbering>",
        "word/settings.xml": f'<w:settings {NAMESPACES}><w:defaultTabStop w:val="709"/>{compatible}</w:settings>',
    }
    packed = {name: (head + content).encode() for name, content in contents.items()}
    return pack({**packed, "word/styles.xml": STYLES.read_bytes()})


def _relations(targets: dict[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{found}</Relationships>'
    )


def add_missing_styles(document: Document) -> dict[str, str]:
    """Give a document the styles that it lacks, and return the ids of all that are used, by their names.

    A style that is there is left as it is, so that a municipality's headings look like its own.
    """
    sheet = document.styles.element
    there = {(style.get(qn("w:type")), _name(style).lower()): style for style in sheet.findall(qn("w:style"))}
    taken = {style.get(qn("w:styleId")) for style in there.values()}
    ids: dict[str, str] = {}
    renamed: dict[str, str] = {}
    added = []
    for own in _own_styles():
        kind, name, id = own.get(qn("w:type")), _name(own), own.get(qn("w:styleId"))
        found = there.get((kind, name.lower()))
        found = _default(there.values(), own) if found is None else found
        if found is None:
            found = copy.deepcopy(own)
            found.attrib.pop(qn("w:default"), None)
            found.set(qn("w:styleId"), _free(id, taken))
            sheet.append(found)
            added.append(found)
        renamed[id] = ids[name] = found.get(qn("w:styleId"))
    for style in added:
        for tag in ("w:basedOn", "w:next"):
            if (other := style.find(qn(tag))) is not None:
                other.set(qn("w:val"), renamed[other.get(qn("w:val"))])
    _number_lists(document, added)
    return ids


@cache
def _own_styles() -> tuple[Any, ...]:
    return tuple(parse_xml(STYLES.read_bytes()).findall(qn("w:style")))


def _name(style: Any) -> str:
    return style.find(qn("w:name")).get(qn("w:val"))


def _default(styles: Any, own: Any) -> Any:
    """The style that stands for one of our defaults: a document has one of each kind, whatever it is called."""
    if own.get(qn("w:default")) is None:
        return None
    kind = own.get(qn("w:type"))
    return next(
        (s for s in styles if s.get(qn("w:type")) == kind and s.get(qn("w:default")) in ("1", "true", "on")), None
    )


def _free(id: str, taken: set[str | None]) -> str:
    number = 1
    found = id
    while found in taken:
        number += 1
        found = f"{id}{number}"
    taken.add(found)
    return found


def _number_lists(document: Document, added: list[Any]) -> None:
    """Give added styles of lists a list of the document's own."""
    used = [number for style in added for number in style.iter(qn("w:numId"))]
    if not used:
        return
    root = _numbering(document)
    id, list_id = (
        1 + max((int(item.get(qn(key))) for item in root.findall(qn(tag))), default=0)
        for tag, key in (("w:num", "w:numId"), ("w:abstractNum", "w:abstractNumId"))
    )
    bullet = parse_xml(_BULLET.format(space=NAMESPACES, id=list_id))
    first = root.find(qn("w:num"))
    if first is None:
        root.append(bullet)
    else:
        first.addprevious(bullet)
    root.append(parse_xml(_NUMBER.format(space=NAMESPACES, id=id, list=list_id)))
    for number in used:
        number.set(qn("w:val"), str(id))


def _numbering(document: Document) -> Any:
    part = document.part
    for relation in part.rels.values():
        if relation.reltype == RELATION.NUMBERING:
            return relation.target_part.element
    empty = f"<w:numbering {NAMESPACES}/>".encode()
    made = NumberingPart.load(PackURI("/word/numbering.xml"), _NUMBERING_TYPE, empty, part.package)
    part.relate_to(made, RELATION.NUMBERING)
    return made.element


def set_language(document: Document, language: str) -> None:
    """Say that the whole document is in one language; a template's styles no longer say otherwise."""
    root = document.styles.element
    for found in list(root.iter(qn("w:lang"))):
        found.getparent().remove(found)
    place = root
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        inside = place.find(qn(tag))
        if inside is None:
            inside = OxmlElement(tag)
            place.insert(0, inside)
        place = inside
    value = LANGUAGES[language]
    place.append(OxmlElement("w:lang", {qn("w:val"): value, qn("w:eastAsia"): value, qn("w:bidi"): "ar-SA"}))
    settings = document.settings.element
    for found in settings.findall(qn("w:themeFontLang")):
        found.set(qn("w:val"), value)
