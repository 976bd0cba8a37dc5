"""Coverage-guided search for bytes that crash a reader; needs ``atheris``, which is no dependency of the package.

One reader at a time, for half an hour and with at most 500 MB of memory::

    python tests/fuzz/fuzz_readers.py text CORPUS -max_total_time=1800 -rss_limit_mb=500

``text``, ``workbook``, ``json`` or ``parquet``; ``CORPUS`` is a folder that keeps what was found worth keeping (an
empty one is filled with small right files). Everything but an error of the package's own family is a fault, and so is
an account that does not balance. The text reader goes all the way through the intake.
"""

import contextlib
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kvalitet_eval.prepare"]):
    from kvalitet_eval.errors import KvalitetError
    from kvalitet_eval.prepare.files import workbook_process
    from kvalitet_eval.prepare.files.separate_process import RefusedError
    from kvalitet_eval.prepare.intake import inspect
    from kvalitet_eval.prepare.schema import LAYOUTS

TEXT = "kommunenr;kvartal;sykefravær\n0101;2007K1;9,1\n0104;3. kv. 2007;:\nI alt;2007K1;1 234,5\nKilde: SSB\n"
CUBE = {
    "version": "2.0",
    "class": "dataset",
    "id": ["Region", "Tid"],
    "size": [1, 2],
    "dimension": {
        "Region": {"category": {"index": ["0101"], "label": {"0101": "Halden"}}},
        "Tid": {"category": {"index": {"2007K1": 0, "2007K2": 1}}},
    },
    "value": [9.1, None],
    "status": {"1": ":"},
}
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C2"/><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>kommunenr</t></is></c><c r="B1"><v>1</v></c></row>'
    '<row r="2" hidden="1"><c r="A2" s="1"><v>301</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>A1</f></c></row>'
    '</sheetData><autoFilter ref="A1:C2"/><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Tall" sheetId="1" r:id="b"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="b" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": SHEET,
}


class Register:
    """Every number below 2100 is a municipality, and nobody has a name."""

    municipalities = ()

    def exists(self, number, year):
        return number < "2100"

    def nearest(self, text, year):
        return ("0101 Halden",)

    def resolve(self, name, year):
        return Nobody


class Nobody:
    found = ()
    rule = ""


def packed(part, content):
    """Return a workbook in which one part has another content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, usual in PARTS.items():
            file.writestr(name, content if name == part else usual)
    return target.getvalue()


def read_in_full(data, name):
    path = Path(FOLDER.name) / name
    path.write_bytes(data)
    choice = data[0] % (len(LAYOUTS) + 1) if data else 0
    for layout in {None, [None, *LAYOUTS][choice]}:
        result = inspect(path, layout, Register())
        assert result.counts.used == len(result.rows)
        assert result.counts.refused == 0 or result.errors


def fuzz_workbook(data):
    """The first byte says which part of a workbook the rest is; above them the rest is the whole file."""
    names = list(PARTS)
    choice = data[0] if data else 255
    content = packed(names[choice], data[1:]) if choice < len(names) else data[1:]
    with contextlib.suppress(RefusedError):
        workbook_process.read(content)


def seeds(reader):
    """Small right files for a new corpus."""
    if reader == "text":
        return [TEXT.encode(name) for name in ("utf-8", "cp1252", "utf-16", "cp865")]
    if reader == "json":
        return [json.dumps(CUBE).encode()]
    if reader == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        target = io.BytesIO()
        pq.write_table(pa.table({"kommunenr": ["0101"], "kvartal": ["2007K1"], "sykefravær": [9.1]}), target)
        return [target.getvalue()]
    return [bytes([index]) + content.encode() for index, content in enumerate(PARTS.values())] + [
        b"\xff" + packed("", "")
    ]


STARTS = {"text": b"", "json": b"{", "parquet": b"PAR1"}
FOLDER = tempfile.TemporaryDirectory()


def main():
    reader = sys.argv.pop(1)
    corpus = Path(next((item for item in sys.argv[1:] if not item.startswith("-")), ""))
    if corpus.name and not any(corpus.glob("*")):
        corpus.mkdir(parents=True, exist_ok=True)
        for index, content in enumerate(seeds(reader)):
            (corpus / f"seed{index}").write_bytes(content)

    def run(data):
        try:
            if reader == "workbook":
                fuzz_workbook(data)
            else:
                start = STARTS[reader]
                read_in_full(data if data.startswith(start) else start + data, "fil")
        except KvalitetError:
            return

    workbook_process.limit_memory = lambda _: None  # -rss_limit_mb is the limit here
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
