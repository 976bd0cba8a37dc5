"""Documents of every kind with every kind of block, for the tests of PDF."""

import base64
import io

import pandas as pd
from PIL import Image
from publish_samples import opened
from report_samples import passed, sample_chart, sample_report, sample_table, words

from kvalitet_eval.present.chart import from_dict
from kvalitet_eval.present.tables import Table, TableColumn, build_table
from kvalitet_eval.report.blocks import NOTICE_KINDS, Picture, Text

CONTROL = "\x00\x07\x1b\x7f"
HOSTILE = [
    '#import "@preview/cetz:0.1.0"',
    '#read("/etc/passwd")',
    "#panic()",
    "$x^2$ ``` *_@<a> [b] = c",
    "]]}) \\ \\u{41} // /* */ #",
    "</svg><script>alert(1)</script>&lt;",
    "-- --- ... 'en' \"to\" ~",
    "{page} {pages} {report}",
    "%PDF-1.7 endobj (a) <</Alt>>",
]
LONG = "a" * 300


def picture(id="oppstart", width=600, height=400, **changes):
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (90, 130, 170)).save(stream, "PNG")
    about = {"alt": "Ansatte fra tre sykehjem rundt et bord.", "caption": "Fra oppstartsmøtet"} | changes
    stored = base64.b64encode(stream.getvalue()).decode()
    return Picture(id=id, png_base64=stored, width_px=width, height_px=height, **about)


def any_table(n_rows, n_columns, id="long", word="Kommune", heading="Endring"):
    """A table of numbers as long and as wide as wanted."""
    columns = {f"value_{k}": [row + k / 10 for row in range(n_rows)] for k in range(1, n_columns)}
    frame = pd.DataFrame({"name": [f"{word} {row}" for row in range(n_rows)], **columns})
    set_as = [TableColumn("name", "Navn"), *(TableColumn(key, f"{heading} {key}", "number") for key in columns)]
    about = {"id": id, "caption": f"Tabell {id}", "source": "KS", "facts": [*frame["name"], *columns]}
    return build_table(opened(frame, origin="observed"), set_as, **about).content


def document(kind="report", language="nb", word="Nord-Aurdal", n_paragraphs=1, **changes):
    """A document with every kind of block, ``word`` wherever a reader's text can stand."""
    report = sample_report(document=kind, language=language, title=f"Rapport for {word}", **changes)
    report.section(words(f"Kort om {word}"))
    for number in range(n_paragraphs):
        report.text(words(f"Avsnitt {number} om {word} og om det som er gjort.\n\n- {word} først\n- et punkt til"))
    report.section(words("Utvikling"))
    stored = sample_chart(word=word).to_dict()
    report.chart(passed(from_dict({**stored, "language": language})), table=kind not in ("poster", "status_report"))
    report._blocks.append(picture(width=240, height=120))
    report._blocks.append(Text(f"Their own words about {word}.", "en" if language != "en" else "nb"))
    report.section(words("Tabell"))
    report.table(passed(sample_table(word=word)))
    for notice in ("limits", "missing") if kind == "status_report" else NOTICE_KINDS:
        report.notice(notice, words(f"Merknad {notice} om {word}"))
    return report


def tabular(*tables: Table):
    report = sample_report()
    report.section(words("Tabeller"))
    for table in tables:
        report.table(passed(table))
    return report
