"""What somebody who knows the formats would plant is found: a person, or a withheld number with its names."""

import base64
import gzip
import io
import json
import zipfile
import zlib

import nbformat
import openpyxl
import pytest
from leaky_files import (
    WORD,
    XML,
    archive,
    base64_of,
    docx,
    drawing,
    notebook,
    page,
    paragraph,
    pdf,
    pdf_with,
    png,
    shown,
    xlsx,
)
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed

NUMBER, D_NUMBER = "01010710029", "41010710012"
CELL = (("1719", "Levanger"), ("2007Q3",), ("Legemeldt",))
RECORD = DisclosureRecord((Suppressed("legemeldt", CELL, 3.0),))


def codes(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    return {item.code for item in scan(tmp_path, RECORD).findings}


def book(change):
    made = openpyxl.Workbook()
    made.active.append(["navn", "merknad"])
    change(made, made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_parts(content, **parts):
    """A package in which parts are put in, or in place of others; their names have ``__`` for a full stop."""
    named = {name.replace("__", "."): part for name, part in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            if info.filename not in named:
                new.writestr(info.filename, old.read(info))
        for name, part in named.items():
            new.writestr(name, part)
    return stream.getvalue()


def workbook_part(name, part):
    return with_parts(xlsx(["navn"]), **{name: f"{XML}{part}"})


def sheet(cell):
    return workbook_part("xl/worksheets/sheet1.xml", f"<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>")


def validated(**about):
    return book(lambda made, first: first.add_data_validation(DataValidation("list", sqref="A1", **about)))


def with_footer(made, first):
    first.oddFooter.center.text = f"fnr {NUMBER}"


WORKBOOKS = {
    "who wrote a comment": book(lambda made, first: setattr(first["A1"], "comment", Comment("a", NUMBER))),
    "name of a number": book(lambda made, first: made.defined_names.add(DefinedName("p", attr_text=D_NUMBER))),
    "list to choose from": validated(formula1=f'"a,{NUMBER},b"'),
    "help for a choice": validated(formula1='"a"', prompt=f"se {NUMBER}"),
    "footer": book(with_footer),
    "name of a sheet": book(lambda made, first: setattr(first, "title", NUMBER)),
    "format of numbers": book(lambda made, first: setattr(first["A1"], "number_format", f'"fnr {NUMBER}"')),
    "stored value of a formula": sheet(f'<c r="A1"><f>1+1</f><v>{D_NUMBER}</v></c>'),
    "formula of pieces": sheet('<c r="A1"><f>"010107"&amp;"10029"</f></c>'),
    "number with an exponent": sheet('<c r="A1"><v>4.1010710012E10</v></c>'),
    "two cells": xlsx(["navn", "a", "b"], ["Kari", "010107", "10029"]),
    "text in runs": workbook_part(
        "xl/sharedStrings.xml", "<sst><si><r><t>0101</t></r><r><t>0710029</t></r></si></sst>"
    ),
    "number among the properties": workbook_part(
        "docProps/custom.xml", f'<Properties xmlns:v="v"><v:r8>{D_NUMBER}.0</v:r8></Properties>'
    ),
    "stored cell of another book": workbook_part("xl/externalLinks/a.xml", f"<a><v>{D_NUMBER}</v></a>"),
    "what a pivot table was made of": workbook_part(
        "xl/pivotCache/pivotCacheRecords1.xml", f'<p><r><n v="{D_NUMBER}"/></r></p>'
    ),
    "own part": workbook_part("customXml/item1.xml", f"<a b='{NUMBER}'/>"),
}  # fmt: skip


def word_part(name, inside):
    return docx("", **{f"word/{name}.xml": f"{XML}<w:x {WORD}>{inside}</w:x>"})


PARTED = paragraph("0101", "07 100", "29")
PAPERS = {
    **{f"part {name}": word_part(name, PARTED) for name in ("comments", "footnotes", "endnotes", "header1", "footer1")},
    "after a tab": docx(f"<w:p><w:r><w:t>12</w:t><w:tab/><w:t>{NUMBER}</w:t></w:r></w:p>"),
    "after a line end": docx(f"<w:p><w:r><w:t>12</w:t><w:br/><w:t>{NUMBER}</w:t></w:r></w:p>"),
    "with a hyphen that holds": docx(
        "<w:p><w:r><w:t>010107</w:t><w:noBreakHyphen/><w:t>10029</w:t></w:r></w:p>"
    ),
    "deleted in pieces": docx(
        "<w:p><w:del><w:r><w:delText>0101</w:delText></w:r></w:del><w:del><w:r><w:delText>0710029</w:delText></w:r></w:del></w:p>"
    ),
    "who wrote a comment": word_part("people", f'<w:person w:author="{NUMBER}"/>'),
    "field": docx(f'<w:p><w:r><w:instrText> QUOTE "{NUMBER}" </w:instrText></w:r></w:p>'),
    "bookmark": docx(f'<w:p><w:bookmarkStart w:name="p_{NUMBER}"/></w:p>'),
    "variable": word_part("settings", f'<w:docVar w:name="a" w:val="{NUMBER}"/>'),
    "address of a link": docx("", **{"word/_rels/document.xml.rels": '<R><L Target="https://x.no/?f=010107%2010029"/></R>'}),
    "page put in": docx("", **{"word/chunk.htm": "<html><p>010107<b> 10029</b></p></html>"}),
    "rich text put in": docx("", **{"word/chunk.rtf": "{\\rtf1 " + "".join(f"\\'{ord(n):02x}" for n in NUMBER) + "}"}),
    "hidden sheet in a book put in": docx("", **{"word/embeddings/a.xlsx": xlsx([D_NUMBER], state="veryHidden")}),
    "text box": docx(f"<w:p><w:r><w:pict><w:txbxContent>{paragraph(NUMBER)}</w:txbxContent></w:pict></w:r></w:p>"),
    "own part": docx("", **{"customXml/item1.xml": f"<a><b>{D_NUMBER}.0</b></a>"}),
}  # fmt: skip


def changed(change):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Om tallene"))))
    change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def drawn(content):
    """A report whose page is drawn by given bytes."""

    def change(writer):
        stream = DecodedStreamObject()
        stream.set_data(content)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    return changed(change)


def photographed(content):
    """A report with a picture that is a file in itself."""
    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update(dictionary(Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode")))
    return changed(lambda writer: writer._add_object(stream))


def in_root(name, value):
    return changed(lambda writer: writer._root_object.update({NameObject(name): value}))


def in_information(name, value):
    return changed(lambda writer: writer._info.get_object().update({NameObject(name): value}))


def dictionary(**items):
    return DictionaryObject({NameObject(f"/{name}"): item for name, item in items.items()})


DRAWS = b" BDC BT /F1 12 Tf 50 700 Td (se under) Tj ET EMC"
UTF_16 = b"<FEFF" + NUMBER.encode("utf-16-be").hex().encode() + b">"
REPORTS = {
    "read aloud in place of the drawn": drawn(b"/Span <</ActualText (fnr %s)>>" % NUMBER.encode() + DRAWS),
    "read aloud, in two bytes a sign": drawn(b"/Span <</ActualText " + UTF_16 + b">>" + DRAWS),
    "alternative text in a page": drawn(b"/Figure <</Alt (fnr %s)>>" % NUMBER.encode() + DRAWS),
    "remark in a page": drawn(b"%% fnr %s\n/Span <<>>" % NUMBER.encode() + DRAWS),
    "invisible": drawn(b"BT 3 Tr /F1 12 Tf 50 700 Td (%s) Tj ET" % NUMBER.encode()),
    "off the page": drawn(b"BT /F1 12 Tf -500 -700 Td (%s) Tj ET" % NUMBER.encode()),
    "hidden layer": drawn(b"/OC /M0 BDC BT /F1 12 Tf 50 700 Td (%s) Tj ET EMC" % NUMBER.encode()),
    "kerned": drawn(b"BT /F1 12 Tf 50 700 Td [(010) -20 (107) 30 (10029)] TJ ET"),
    "archive attached": changed(lambda writer: writer.add_attachment("a.zip", archive(a__csv=f"a;b\n{NUMBER};2\n"))),
    "name of an attachment": changed(lambda writer: writer.add_attachment(f"{NUMBER}.csv", b"a")),
    "mark in the outline": changed(lambda writer: writer.add_outline_item(title=f"om {NUMBER}", page_number=0)),
    "form": in_root("/AcroForm", dictionary(Fields=ArrayObject([dictionary(V=TextStringObject(NUMBER))]))),
    "program": in_root("/OpenAction", dictionary(JS=TextStringObject(f"var a = '{NUMBER}'"))),
    "name of a page": in_root("/PageLabels", dictionary(Nums=ArrayObject([dictionary(P=TextStringObject(NUMBER))]))),
    "name": in_root("/Lang", NameObject(f"/p{NUMBER}")),
    "number among the properties": in_information("/A", NumberObject(int(D_NUMBER))),
    "key among the properties": in_information(f"/F{NUMBER}", TextStringObject("x")),
    "bytes among the properties": in_information("/A", ByteStringObject(NUMBER.encode("utf-16-le"))),
    "metadata": pdf_with(f"<x:xmpmeta><a>fnr {NUMBER}</a></x:xmpmeta>".encode(), Type="Metadata"),
    "remark in a photograph": photographed(b"\xff\xd8\xff\xe1\0\x30Exif\0\0fnr " + NUMBER.encode()),
    "archive after the end": pdf("Om tallene") + archive(a__txt=f"fnr {NUMBER} " * 50),
    "compressed after the end": pdf("Om tallene") + gzip.compress(f"fnr {NUMBER}".encode()),
}  # fmt: skip


def packed(kind, content):
    return png((kind, content))


def css(width):
    return "<style>a::after{content:'" + "".join(f"\\{ord(n):{width}} " for n in NUMBER) + "'}</style>"


PICTURES = {
    "key": packed(b"tEXt", NUMBER.encode() + b"\0x"),
    "key in another language": packed(b"iTXt", b"a\0\0\0nb\0" + NUMBER.encode() + b"\0x"),
    "language": packed(b"iTXt", b"a\0\0\0" + NUMBER.encode() + b"\0\0x"),
    "camera, in two bytes a sign": packed(b"eXIf", b"II*\0\0" + NUMBER.encode("utf-16-le") + b"\0"),
    "camera, in two bytes a sign, the other way": packed(b"eXIf", b"II*\0" + NUMBER.encode("utf-16-be")),
    "own part, compressed": packed(b"prVt", zlib.compress(NUMBER.encode())),
    "colours": packed(b"iCCP", b"sRGB\0\0" + zlib.compress(b"\0\0desc" + NUMBER.encode())),
    "after the points": packed(b"IDAT", zlib.compress(b"\0\0") + NUMBER.encode()),
    "metadata": packed(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + f"<x><a>010107<b>10029</b></a>{' ' * 9}</x>".encode()),
    "camera in digits": packed(
        b"zTXt", b"Raw\0\0" + zlib.compress(b"\nexif\n 22\n" + f"fnr {NUMBER}".encode().hex().encode())
    ),
    "archive after the end": png(after=archive(a__txt=NUMBER)),
}  # fmt: skip
PAGES = {
    "remark for a browser": page("<!--[if IE]><p>0101<b>07</b> 10029</p><![endif]-->"),
    "data of an element": page(f"<div data-x='{json.dumps({'a': [int(D_NUMBER)]})}'></div>"),
    "float of an element": page(f'<div data-v="{D_NUMBER}.0"></div>'),
    "style": page("", css("x")),
    "style with six digits": page("", css("06x").replace(" ", "")),
    "frame in a frame": page(
        '<iframe srcdoc="&lt;iframe srcdoc=&quot;&amp;lt;p&amp;gt;010107&amp;lt;b&amp;gt;10029&quot;&gt;"></iframe>'
    ),
    "pieces in a script": page("", "<script>var a = '010107' + '10029';</script>"),
    "codes in a script": page("", f"<script>f({','.join(str(ord(n)) for n in NUMBER)})</script>"),
    "compressed in a script": page("", f"<script>z = '{base64_of(gzip.compress(NUMBER.encode()))}'</script>"),
    "two lines": page("<p>010107<br>10029</p>"),
    "paragraph in a cell": page("<table><tr><td><p>a</p></td><td><p>010107 <b>10029</b></p></td></tr></table>"),
    "cells without an end": page("<table><tr><td>a<td>010107<td>10029</table>"),
    "hidden field": page(f'<input type="hidden" value="{NUMBER}">'),
    "address with a table": page(f'<a href="data:text/csv;charset=utf-8,navn;nr%0AKari;{NUMBER}">a</a>'),
}
DRAWINGS = {
    "two texts": drawing('<text x="1">010107</text><text x="9">10029</text>'),
    "sign by sign": drawing("<text>" + "".join(f"<tspan>{n}</tspan>" for n in NUMBER) + "</text>"),
    "entities of its own": b'<!DOCTYPE svg [<!ENTITY a "010107"><!ENTITY b "10029">]><svg><text>&a;&b;</text></svg>',
    "instruction": f"<?xml version='1.0'?><?x {NUMBER}?>".encode() + drawing(""),
    "style": drawing(f"<style><![CDATA[a{{b:'{NUMBER}'}}]]></style>"),
}


def cell_of_notebook(**about):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x", id="a", **about)])
    return nbformat.writes(made).encode()


KINDS = ("text__markdown", "text__latex", "application__javascript", "text__x-own", "text__plain")
NOTEBOOKS = {
    **{f"shown as {kind}": notebook(shown(**{kind: "om 010 107 100 29 her"})) for kind in KINDS},
    "shown as data": notebook(shown(application__json={"a": [int(D_NUMBER)]})),
    "shown as a report": notebook(shown(application__pdf=base64_of(pdf(f"fnr {NUMBER}")))),
    "metadata of a cell": cell_of_notebook(metadata={"a": f"fnr {NUMBER}"}),
    "attached picture": cell_of_notebook(attachments={"a.png": {"image/png": base64_of(PICTURES["key"])}}),
    "name of an attached picture": cell_of_notebook(attachments={f"{NUMBER}.png": {"image/png": base64_of(png())}}),
    "pieces in a cell": notebook(source="x = '010107' + '10029'"),
}
ROWS = {
    "bom": f"\ufefffnr2;x\n{NUMBER};1\n".encode(),
    "lines in a cell": f'a;b\n"se\n{NUMBER[:6]} {NUMBER[6:]}\nher";2\n'.encode(),
    "parted in a cell": b'a;b\n"010107\n10029";2\n',
    "formula": f'a;b\nx;="{NUMBER}"\n'.encode(),
    "two cells": b"navn;a;b\nKari;010107;10029\n",
    "day in another cell": b"navn,a,b\nKari,01.01.07,10029\n",
    "exponent": b"a;b\nx;4,1010710012E+10\n",
    "one kind of line end": f"a;b\rx;{NUMBER}\r".encode(),
}
PERSONS = [
    *((f"a{suffix}", kind, content) for suffix, kinds in {
        ".xlsx": WORKBOOKS, ".docx": PAPERS, ".pdf": REPORTS, ".png": PICTURES, ".html": PAGES, ".svg": DRAWINGS,
        ".ipynb": NOTEBOOKS, ".csv": ROWS,
    }.items() for kind, content in kinds.items()),
    ("a.txt", "book of another name", WORKBOOKS["two cells"]),
    ("a.dat", "page of another name", PAGES["cells without an end"]),
    ("a.csv", "page named as a table", page("<p>010107<b>10029</b></p>")),
    ("a.html", "archive named as a page", archive(a__txt=NUMBER)),
    ("a.svgz", "compressed drawing", gzip.compress(DRAWINGS["two texts"])),
    ("a.gz", "archive in an archive", gzip.compress(archive(a__zip=archive(b__txt=NUMBER)))),
    ("a.zip", "after the end of an archive", archive(a__txt="x") + NUMBER.encode()),
    ("a.txt", "lines of base64", base64.encodebytes(b"x" * 69 + NUMBER.encode() + b"y" * 70)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "content"), PERSONS, ids=[f"{name} {kind}" for name, kind, _ in PERSONS])
def test_a_planted_person_is_found(tmp_path, name, kind, content):
    assert codes(tmp_path, name, content) == {"SIK-02"}


def chart(*values):
    def points(texts):
        return "".join(f'<c:pt idx="{place}"><c:v>{text}</c:v></c:pt>' for place, text in enumerate(texts))

    name, quarters = points(["Levanger, legemeldt"]), points(["2007Q2", "2007Q3"])
    inside = f"<c:tx>{name}</c:tx><c:cat>{quarters}</c:cat><c:val>{points(values)}</c:val>"
    return f'{XML}<c:chart xmlns:c="c"><c:ser>{inside}</c:ser></c:chart>'


def rows_of_word(*rows):
    made = ["".join(f"<w:tc>{about}{paragraph(*texts)}</w:tc>" for about, *texts in row) for row in rows]
    return docx("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in made) + "</w:tbl>")


def spanned(o, v):
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    below = [("", "Kommune"), ("", "2007Q2"), ("", "2007Q3")]
    return rows_of_word([("", "Legemeldt"), (wide, "2007")], below, [("", "Levanger"), ("", str(o)), ("", str(v))])


def two_headings(o, v):
    head = "<tr><th rowspan=2>Kommune</th><th colspan=2>2007</th></tr><tr><th>2007Q2</th><th>2007Q3</th></tr>"
    return page(f"<table><caption>Legemeldt</caption>{head}<tr><th>Levanger</th><td>{o}</td><td>{v}</td></tr></table>")


def over_two_rows(o, v):
    rows = f"<tr><th rowspan=2>Levanger</th><td>2007Q2</td><td>{o}</td></tr><tr><td>2007Q3</td><td>{v}</td></tr>"
    return page(f"<table><caption>Legemeldt</caption><tr><th>Kommune<th>Kvartal<th>Antall</tr>{rows}</table>")


LONG = ["Kommune", "Kvartal", "Legemeldt"]
NAMED = {
    "chart.xlsx": lambda o, v: with_parts(xlsx(["navn"]), **{"xl/charts/chart1.xml": chart(o, v)}),
    "chart.docx": lambda o, v: docx("", **{"word/charts/chart1.xml": chart(o, v)}),
    "sheet.xlsx": lambda o, v: book(
        lambda made, first: (setattr(first, "title", "2007Q3"), first.append(["Levanger, legemeldt", v]))
    ),
    "title.xlsx": lambda o, v: xlsx(["Legemeldt i 2007Q3"], ["Kommune", "antall"], ["Levanger", v], ["Verdal", o]),
    "once.xlsx": lambda o, v: xlsx(LONG, ["Levanger", "2007Q2", o], [None, "2007Q3", v]),
    "headings.xlsx": lambda o, v: xlsx(
        [None, "Legemeldt", None], ["Kommune", "2007Q2", "2007Q3"], ["Levanger", o, v]
    ),
    "pivot.xlsx": lambda o, v: workbook_part(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<p><r><s v="Levanger"/><s v="2007Q3"/><s v="Legemeldt"/><n v="{v}"/></r>'
        f'<r><s v="Levanger"/><s v="2007Q2"/><s v="Legemeldt"/><n v="{o}"/></r></p>',
    ),
    "paragraphs.docx": lambda o, v: rows_of_word(
        [("", "Kommune"), ("", "Legemeldt")], [("", "Levanger 2007Q2"), ("", str(o))],
        [("", "Levanger</w:t></w:r></w:p><w:p><w:r><w:t>2007Q3"), ("", str(v))],
    ),
    "spanned.docx": spanned,
    "before.docx": lambda o, v: docx(
        paragraph("Legemeldt, 2007Q3") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('Levanger')}</w:tc><w:tc>{paragraph(str(v))}</w:tc></w:tr></w:tbl>"
    ),
    "headings.html": two_headings,
    "rows.html": over_two_rows,
    "list.html": lambda o, v: page(
        f"<h2>Legemeldt</h2><dl><dt>Levanger, 2007Q2</dt><dd>{o}</dd><dt>Levanger, 2007Q3</dt><dd>{v}</dd></dl>"
    ),
    "card.html": lambda o, v: page(
        f"<h2>Legemeldt</h2><p>Levanger, 2007Q2</p><p>{o}</p><p>Levanger, 2007Q3</p><p>{v}</p>"
    ),
    "aria.svg": lambda o, v: drawing(
        f'<title>Legemeldt</title><g aria-label="Levanger, 2007Q2: {o}"/><g aria-label="Levanger, 2007Q3: {v}"/>'
    ),
    "title.csv": lambda o, v: f"Legemeldt, 2007Q3\n\nkommune,antall\nLevanger,{v}\nVerdal,{o}\n".encode(),
    "once.csv": lambda o, v: f"kommune;kvartal;legemeldt\nLevanger;2007Q2;{o}\n;2007Q3;{v}\n".encode(),
    "headings.csv": lambda o, v: f";legemeldt;\nkommune;2007Q2;2007Q3\nLevanger;{o};{v}\n".encode(),
    "section.csv": lambda o, v: f"kvartal;legemeldt\nLevanger;\n2007Q3;{v}\nVerdal;\n2007Q3;{o}\n".encode(),
    "a.dat": lambda o, v: f"kommune;kvartal;legemeldt\nLevanger;2007Q2;{o}\nLevanger;2007Q3;{v}\n".encode(),
    "a.md": lambda o, v: f"# Legemeldt\n\n| a | 2007Q2 | 2007Q3 |\n|---|---|---|\n| Levanger | {o} | {v} |\n".encode(),
    "a.txt": lambda o, v: f"Legemeldt\n\nnavn      2007Q2  2007Q3\nLevanger  {o}  {v}\nVerdal  7  8\n".encode(),
    "a.pdf": lambda o, v: pdf("Legemeldt", "Kommune 3. kv. 2007 4. kv. 2007", f"Levanger {v} {o}", "Verdal 7 8"),
    "spoken.pdf": lambda o, v: drawn(b"/Span <</ActualText (Levanger 2007Q3 legemeldt: %d)>>" % v + DRAWS),
    "a.ipynb": lambda o, v: notebook(
        shown(text__plain=f"Legemeldt\n          2007Q2  2007Q3\nLevanger       {o}       {v}\nVerdal  7  8\n")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_withheld_number_is_found_in_its_own_cell_only(tmp_path, name):
    assert codes(tmp_path, name, NAMED[name](5, 3)) == {"SIK-01"}
    assert codes(tmp_path, name, NAMED[name](5, 5)) == set()
    assert codes(tmp_path, name, NAMED[name](3, 5)) == set()


@pytest.mark.parametrize(
    "heading", ["Fødselsnr.", "PersonID", "person-id", "Ansattnummer", "F.nr", "D-nummer", "employee id", "national_id"]
)
def test_rows_of_persons_are_known_by_their_heading_in_any_spelling(tmp_path, heading):
    assert codes(tmp_path, "a.csv", f"{heading};dager\nx;3\n".encode()) == {"SIK-04"}
    assert codes(tmp_path, "a.csv", f"{heading};dager\n".encode()) == set()
    assert codes(tmp_path, "a.csv", b"") == set()
    assert codes(tmp_path, "a.json", json.dumps([{heading: "x", "dager": 3}]).encode()) == {"SIK-04"}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PGP PRIVATE KEY BLOCK-----", "sk-" + "a1B2" * 8, "npm_" + "a1B2" * 9, "sk_live_" + "a1B2" * 6,
        "Authorization: Basic a2FyaTpoZW1tZWxpZzE=", "AccountKey=" + "aB3d" * 16 + "==",
    ],
)  # fmt: skip
def test_further_secrets_are_found(tmp_path, text):
    assert codes(tmp_path, "a.txt", text.encode()) == {"SIK-05"}


def test_a_place_is_found_behind_entities_and_escapes(tmp_path):
    assert codes(tmp_path, "a.md", b"se &#47;ho" + b"me&#47;kari/x") == {"SIK-06"}
    assert codes(tmp_path, "a.html", page("", "<script>var a = '\\u002fho" + "me\\u002fkari/x'</script>")) == {"SIK-06"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", docx("", **{"word/embeddings/o.bin": b"\xd0\xcf\x11\xe0abc" * 9})),
        ("a.ipynb", notebook(shown(image__jpeg=base64_of(b"\xff\xd8\xff\xe0abcdefghijklmnopq" * 4)))),
        ("b.ipynb", notebook(widgets={"state": {"buffers": [{"data": base64_of(bytes(24)), "encoding": "base64"}]}})),
        ("a.zip", b"hei\n" + archive(a__txt="x")),
        ("a.csv", "a;b\nc;2\n".encode("utf-32")),
        ("a.npy", b"\x93NUMPY\x01\0v\0" + bytes(30)),
        ("a.gif", b"GIF89a" + b"abc" * 9),
    ],
)
def test_what_has_no_reader_is_told(tmp_path, name, content):
    assert codes(tmp_path, name, content) == {"SIK-07"}


def part(kind, content):
    return b"\xff" + bytes([kind]) + (len(content) + 2).to_bytes(2) + content


def photograph(*parts, after=b""):
    """A photograph whose points are few and mean nothing."""
    return b"\xff\xd8" + b"".join(parts) + part(0xDA, bytes(10)) + b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9" + after


PHOTOGRAPHS = {
    "remark": photograph(part(0xFE, f"fnr {NUMBER}".encode())),
    "camera": photograph(part(0xE1, b"Exif\0\0II*\0" + NUMBER.encode("utf-16-le"))),
    "metadata": photograph(part(0xE1, f"http://ns\0<x a='{NUMBER}'/>".encode())),
    "after the end": photograph(after=archive(a__txt=NUMBER)),
    "between the points": photograph(part(0xDA, bytes(10)) + b"\x12", part(0xFE, NUMBER.encode())),
}


@pytest.mark.parametrize("where", PHOTOGRAPHS)
def test_a_photograph_is_read_but_for_its_points(tmp_path, where):
    assert codes(tmp_path, "a.jpg", PHOTOGRAPHS[where]) == {"SIK-02"}
    assert (
        codes(tmp_path, "a.jpg", photograph(part(0xE0, b"JFIF\0"), part(0xDB, NUMBER.encode()), after=b"\0")) == set()
    )
    assert codes(tmp_path, "a.jpg", PHOTOGRAPHS["remark"][:-4]) == {"SIK-02", "SIK-07"}
    assert codes(tmp_path, "a.jpg", b"") == set()
    assert codes(tmp_path, "a.docx", docx("", **{"docProps/thumbnail.jpeg": PHOTOGRAPHS[where]})) == {"SIK-02"}


def test_data_of_an_element_names_its_numbers_by_themselves(tmp_path):
    def element(o, v):
        data = {"name": "Levanger", "x": ["2007Q2", "2007Q3"], "y": [o, v]}
        return page(f"<h2>Legemeldt</h2><div data-trace='{json.dumps(data)}'></div>")

    assert codes(tmp_path, "a.html", element(5, 3)) == {"SIK-01"}
    assert codes(tmp_path, "a.html", element(3, 5)) == set()


@pytest.mark.parametrize("brackets", ["[]", "()"])
def test_rows_in_one_line_are_read_one_by_one(tmp_path, brackets):
    def rows(o, v):
        begin, end = brackets
        return f"[{begin}'Levanger', '2007Q2', {o}{end}, {begin}'Levanger', '2007Q3', {v}{end}] # legemeldt"

    def heading(o, v):
        return f"# Legemeldt\n{rows(o, v)}\n".encode()

    assert codes(tmp_path, "a.txt", heading(5, 3)) == {"SIK-01"}
    assert codes(tmp_path, "a.txt", heading(3, 5)) == set()
    assert codes(tmp_path, "a.ipynb", notebook(shown(text__plain=rows(3, 5)))) == set()


def test_the_program_of_a_drawing_library_is_no_leak(tmp_path):
    program = "if (!/^https?:|^file:/.test(a)) {b = '\x01\x1f'; c = 'a'.split('/home'); d = 1234567890123}"
    assert codes(tmp_path, "a.html", page("", f"<script>{program}</script>")) == set()
