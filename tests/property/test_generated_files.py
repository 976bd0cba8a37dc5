"""Ten thousand files as people make them, with everything wrong at once: every row is accounted for."""

import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present import messages

ROOT = Path(__file__).resolve().parents[2]
HEADERS = (
    ("kommunenr", "kvartal", "sykefravær"),
    ("Kommunenummer", "kommune", "Periode", "Sykefravær (%)"),
    ("kommune", "fylke", "kvartal", "sjukefråvær", "merknad"),
    ("municipality_number", "quarter", "employees", "agreed_days", "lost_days_self", "lost_days_doctor"),
    ("knr", "kvartal", "sektor", "ansatte", "avtalte dagsverk", "egenmeldte dagsverk", "legemeldte dagsverk"),
    ("kommunenr", "2007K1", "2007K2", "2007K3"),
)


def one_of(texts):
    return st.sampled_from(texts.split("|"))


PLACES = one_of(
    "0101|101|0104|1503|1505|0542|Halden|Bø|Bø (Telemark)|Våler|Hå kommune|0101 Halden|9999|Uoppgitt|"
    "I alt|Hele landet|0000|17|1700|| |NA|65|Østre Toten|A\u030al"
)
PERIODS = one_of("2007K1|2007Q2|3. kv. 2007|2007-12-31|2008:1|2007|2007.1|2007M05|2008K1 Ny||K5|x")
FIGURES = one_of(
    "9,1|9.1|8|0|0,091|91|-1|−0,5|(5)|:|..|.|...|-|--||1 234,5|1.234|9,1 %|9 ‰|<b>7</b>|NaN|1E5|600|"
    "58000|'9|9,1*|\ufffd"
)
LINES = one_of('|;;;|Kilde: SSB|1) foreløpige tall|Tabell 3: Sykefravær|* merknad|Tall i prosent; hele året|"|BÃ¸')
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp865", "mac_roman"))


@cache
def register():
    return load_register(load_config(ROOT / "programmes" / "kkp.toml"))


@st.composite
def files(draw):
    """A header, rows of about its width, and now and then something around or between them."""
    header = draw(st.sampled_from(HEADERS))
    sign = draw(st.sampled_from((";", ";", "\t", "|", ",")))
    usual = draw(st.booleans())
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        cells = [draw(PLACES), draw(PERIODS)] + [draw(FIGURES) for _ in range(len(header) - 2)]
        if usual:
            cells[0], cells[-1] = f"{100 + draw(st.integers(1, 5)):04d}", draw(st.sampled_from(("9,1", "8.2", ":")))
        rows.append(sign.join(cells[: draw(st.sampled_from((99, 99, 99, 99, 2)))]))
    for extra in draw(st.lists(LINES, max_size=2)):
        rows.insert(draw(st.integers(0, len(rows))), extra)
    if rows and draw(st.booleans()):
        rows.append(draw(st.sampled_from((rows[0], sign.join(header)))))
    above = draw(st.lists(LINES, max_size=2))
    text = draw(st.sampled_from(("\n", "\r\n", "\r"))).join([*above, sign.join(header), *rows])
    return text, draw(ENCODINGS)


def check(text, encoding):
    content = text.encode(encoding, "replace")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fil.csv"
        path.write_bytes(content)
        result = inspect(path, None, register())
        assert [item.name for item in Path(folder).iterdir()] == ["fil.csv"]
        assert path.read_bytes() == content
    counts = result.counts
    assert counts.read == counts.used + counts.excluded + counts.refused
    assert counts.used == len(result.rows)
    assert counts.refused == 0 or result.errors
    assert not {item.line for item in result.errors} & set(result.rows["line"])
    reasons = result.ledger["rule"].str.contains("left out") & result.ledger["line"].notna()
    assert counts.excluded <= int(reasons.sum())
    if result.layout and not result.errors:
        assert len(result.rows) + counts.excluded == counts.read
        told = set(result.rows["line"]) | set(result.ledger["line"].dropna())
        lost = [(line, words) for line, words in written(text) if line not in told]
        assert not lost[1:]  # a header spelt as in the layout changes nothing, and is no row
        assert all(words.startswith(HEADERS[3][0]) for _, words in lost)
    assert messages.describe(result.findings).count("Hvorfor") == min(
        len(result.findings), sum(min(20, n) for n in by_code(result.findings).values())
    )


def written(text):
    """Number and text of every line with a letter or a digit."""
    return [(n, line) for n, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1) if re.search(r"[^\W_]", line)]


def by_code(findings):
    counts = {}
    for item in findings:
        counts[item.code] = counts.get(item.code, 0) + 1
    return counts


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_a_sample_of_generated_files_is_accounted_for(file):
    check(*file)


@pytest.mark.slow
@settings(deadline=None, max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_ten_thousand_generated_files_are_accounted_for(file):
    check(*file)
