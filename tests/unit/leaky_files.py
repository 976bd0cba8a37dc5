"""Small files of every kind the scanner opens, each with one text somewhere in it, also where no reader looks."""

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from urllib.parse import quote

import nbformat
import openpyxl
from openpyxl.comments import Comment
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

XML = '<?xml version="1.0" encoding="UTF-8"?>'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def png(*chunks, after=b""):
    """A picture of one point with further chunks of (kind, content) and bytes after its end."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    packed = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed) + after


def archive(**members):
    """A zip file; names are those of the arguments with a full stop for two underscores."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def office(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"[Content_Types].xml": f"{XML}<Types/>", **members}.items():
            packed.writestr(name, content)
    return stream.getvalue()


def paragraph(*runs):
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def docx(body, **more):
    document = f"{XML}<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return office({"word/document.xml": document, **more})


def docx_table(*rows):
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return docx("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>")


def xlsx(*rows, title="Ark", state="visible", comment=None, creator="ukjent"):
    book = openpyxl.Workbook()
    book.active.title = "Forside"
    book.properties.creator = creator
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    if comment:
        sheet["A1"].comment = Comment(comment, "ukjent")
    sheet.sheet_state = state
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pdf(*lines, title="Rapport", attachment=None):
    """One page with lines of text in Helvetica."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines).encode("cp1252")
    content = zlib.compress(b"BT /F1 12 Tf 50 700 Td " + shown + b"ET")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out)))
    writer.add_metadata({"/Title": title})
    if attachment:
        writer.add_attachment("vedlegg.csv", attachment.encode())
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def pdf_with(content, base=None, **about):
    """A report with one more stream that no page shows; its dictionary says what is given."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(base or pdf("Om tallene"))))
    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update({NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in about.items()})
    writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_changed(base):
    """A report whose page was drawn anew in a later version of the file, as programs do that save quickly."""
    writer = PdfWriter(io.BytesIO(base), incremental=True)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 50 700 Td (Om tallene) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Rapport"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def notebook(*outputs, source="1 + 1", **metadata):
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), id="a")
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell], metadata=metadata)).encode()


def shown(**data):
    return nbformat.v4.new_output("display_data", data={name.replace("__", "/"): item for name, item in data.items()})


def base64_of(data):
    return base64.b64encode(data).decode()


def page(body, head=""):
    head = f"<head><title>Rapport</title>{head}</head>"
    return f"<!DOCTYPE html><html>{head}<body><h1>Rapport</h1>{body}</body></html>".encode()


def drawing(inside):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'.encode()


def plotly(**trace):
    return {"data": [{"type": "scatter", **trace}], "layout": {"title": {"text": "Sykefravær"}}}


def _halves(text):
    """A text in two pieces, as it is set with kerning."""
    data = text.encode("cp1252").replace(b"\\", b"\\\\")
    return data[:5], data[5:]


PLACES = {
    "page.html text": lambda t: page(f"<p>Om <b>{t[:4]}</b>{t[4:]}.</p>"),
    "page.html attribute": lambda t: page(f'<p data-note="{t}">a</p>'),
    "page.html comment": lambda t: page(f"<!-- {t} -->"),
    "page.html style": lambda t: page("", f"<style>/* {t} */</style>"),
    "page.html script": lambda t: page("", f"<script>var x = {json.dumps({'a': [t]})};</script>"),
    "page.html hidden": lambda t: page(f"<template><span hidden>{t}</span></template>"),
    "page.html picture": lambda t: page(
        f'<img src="data:image/png;base64,{base64_of(png((b"tEXt", b"Note" + bytes(1) + t.encode("latin-1"))))}">'
    ),
    "page.html frame": lambda t: page(f'<iframe srcdoc="&lt;p&gt;{t}&lt;/p&gt;"></iframe>'),
    "drawing.svg title": lambda t: drawing(f"<g><circle/><title>{t}</title></g>"),
    "drawing.svg metadata": lambda t: drawing(f"<metadata><note>{t}</note></metadata>"),
    "results.json": lambda t: json.dumps({"blocks": [{"rows": [[{"text": t}]]}]}).encode(),
    "results.json key": lambda t: json.dumps({t: 1}).encode(),
    "manifest.jsonl": lambda t: b'{"a": 1}\n' + json.dumps({"error": t}).encode(),
    "run.ipynb source": lambda t: notebook(source=f"x = 1\n# {t}\ny = 2"),
    "run.ipynb page": lambda t: notebook(shown(text__html=f"<td>{t}</td>")),
    "run.ipynb picture": lambda t: notebook(
        shown(image__png=base64_of(png((b"tEXt", b"Note" + bytes(1) + t.encode("latin-1")))))
    ),
    "run.ipynb traceback": lambda t: notebook(
        nbformat.v4.new_output("error", ename="E", evalue="", traceback=[f"\x1b[31m{t[:5]}\x1b[0m{t[5:]}"])
    ),
    "run.ipynb widget": lambda t: notebook(widgets={"state": {"m": {"_options_labels": ["alle", t]}}}),
    "picture.png text": lambda t: png((b"tEXt", b"Author\0" + t.encode("latin-1"))),
    "picture.png packed": lambda t: png((b"zTXt", b"Author\0\0" + zlib.compress(t.encode("latin-1")))),
    "picture.png utf-8": lambda t: png((b"iTXt", b"Author\0\0\0nb\0\0" + t.encode())),
    "picture.png camera": lambda t: png((b"eXIf", b"MM\0*" + t.encode("latin-1"))),
    "picture.png after the end": lambda t: png(after=t.encode()),
    "table.csv": lambda t: f"navn;merknad\nLevanger;{t}\n".encode("cp1252"),
    "table.csv utf-16": lambda t: f"navn\tmerknad\nLevanger\t{t}\n".encode("utf-16"),
    "book.xlsx cell": lambda t: xlsx(["navn", "merknad"], ["Levanger", t]),
    "book.xlsx hidden sheet": lambda t: xlsx(["navn", "merknad"], ["Levanger", t], state="veryHidden"),
    "book.xlsx comment": lambda t: xlsx(["navn"], comment=t),
    "book.xlsx property": lambda t: xlsx(["navn"], creator=t),
    "paper.docx text": lambda t: docx(paragraph("Om ", t[:4], t[4:], ".")),
    "paper.docx deleted": lambda t: docx(f"<w:p><w:del><w:r><w:delText>{t}</w:delText></w:r></w:del></w:p>"),
    "paper.docx table": lambda t: docx_table(["navn", "merknad"], ["Levanger", t]),
    "paper.docx property": lambda t: docx("", **{"docProps/core.xml": f"{XML}<core><creator>{t}</creator></core>"}),
    "paper.docx picture": lambda t: docx(
        "", **{"word/media/image1.png": png((b"tEXt", b"Author\0" + t.encode("latin-1")))}
    ),
    "paper.docx workbook": lambda t: docx("", **{"word/embeddings/a.xlsx": xlsx(["navn"], [t])}),
    "report.pdf text": lambda t: pdf("Om tallene", t.replace("\\", "\\\\")),
    "report.pdf property": lambda t: pdf("Om tallene", title=t),
    "report.pdf attachment": lambda t: pdf("Om tallene", attachment=f"navn;merknad\nLevanger;{t}\n"),
    "report.pdf unused text": lambda t: pdf_with(t.encode()),
    "report.pdf unused form": lambda t: pdf_with(f"<x><y>{t}</y></x>".encode()),
    "report.pdf unused drawing": lambda t: pdf_with(b"BT /F1 9 Tf [(%s) -9 (%s)] TJ ET" % _halves(t), Subtype="Form"),
    "report.pdf older version": lambda t: pdf_changed(pdf(t.replace("\\", "\\\\"))),
    "report.pdf comment": lambda t: pdf("Om tallene").replace(b"\n", b"\n%% %s\n" % t.encode("cp1252"), 1),
    "report.pdf after the end": lambda t: pdf("Om tallene") + t.encode("cp1252"),
    "page.html markup in a comment": lambda t: page(f"<!-- <p>Om <b>{t[:4]}</b>{t[4:]}</p> -->"),
    "page.html encoded": lambda t: page(f"<p>se {base64_of(t.encode())} her</p>"),
    "page.html encoded style": lambda t: page(
        "", f"<style>a{{b:url(data:text/plain;base64,{base64_of(t.encode())})}}</style>"
    ),
    "drawing.svg address": lambda t: drawing(f'<a href="data:text/plain,{quote(t)}"/>'),
    "table.csv encoded": lambda t: f"navn;merknad\nLevanger;{base64_of(t.encode())}\n".encode(),
    "paper.docx encoded": lambda t: docx(paragraph(base64_of(t.encode()))),
    "run.ipynb picture over lines": lambda t: notebook(
        shown(image__png=base64.encodebytes(png((b"tEXt", b"Note" + bytes(80) + t.encode("latin-1")))).decode())
    ),
    "all.zip member": lambda t: archive(a__csv=f"navn;merknad\nLevanger;{t}\n"),
    "all.zip in a zip": lambda t: archive(b__zip=archive(a__txt=t)),
    "log.gz": lambda t: gzip.compress(t.encode()),
    "run.log": lambda t: f"start\n{t}\nslutt\n".encode(),
    "README": lambda t: f"# Om\n\n{t}\n".encode(),
}
