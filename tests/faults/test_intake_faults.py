"""Every fault the intake knows: what the reader is told, and that nothing is used."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare import intake
from kvalitet_eval.prepare.municipality_names import NameMatch
from kvalitet_eval.present import messages

PACKAGE = Path(intake.__file__).parent
HEADER = "municipality_number;quarter;employees;agreed_days;lost_days_self;lost_days_doctor\n"
GOOD = "0542;2006Q1;612;26930;410;2415\n"
RATES = "municipality_number;quarter;rate_total_pct\n"
NATIONAL = "quarter,total_pct,self_certified_pct,doctor_certified_pct\n"
CHANGES = "date,old_number,new_number\n"
REGISTER = "municipality_number,name,county,first_year,last_year\n"
POPULATION = "municipality_number,name,county,population_1_january_2008,population_certainty,longitude,latitude\n"
DAYS = "lost_days_self, lost_days_doctor"


class Register:
    def exists(self, number, year):
        return number == "0542"

    def nearest(self, text, year):
        return ("0542 Nord-Aurdal",) if text[0] in "0N" else ()

    def resolve(self, name, year):
        found = {"Bø": ("0821 Bø (Telemark)", "1867 Bø (Nordland)"), "Nord-Aurdal": ("0542",)}
        return NameMatch(found.get(name, ()))


@dataclass(frozen=True)
class Fault:
    """A file and what must be said about it."""

    code: str
    content: str | bytes
    line: int | None
    column: str | None
    found: str | None
    why: str
    layout: str = "sick_leave_days"
    severity: str = "error"


def row(text, **fault):
    return Fault(content=HEADER + GOOD + text + "\n", **{"line": 3, **fault})


FAULTS = [
    Fault("INN-A05", "\ufeff \n", None, None, None, "Fila er tom (5 byte)"),
    Fault("INN-A05", ";;\n;;\n", None, None, None, "Fila er tom (6 byte)"),
    Fault("INN-A05", "\x0b", None, None, None, "Fila er tom (1 byte)"),
    Fault("INN-A06", HEADER, 1, None, HEADER.strip(), "ingen datarader"),
    Fault("INN-A08", "\n<!DOCTYPE html><p>", 1, None, "<!doctype html><p>", "Dette er en nettside, ikke en tabell"),
    Fault("INN-A10", "a;b\n1;\x00\n", 2, None, None, "ikke hører hjemme i en tekstfil"),
    Fault("INN-A13", "a;b\nø;\n".encode("utf-16") + b"\x00\xd8", 3, None, "0x00", "tegnsettet fila oppgir (utf-16)"),
    Fault("INN-A19", b"\x80\x04\x95rest", None, None, None, "en fil av typen pickle"),
    Fault("INN-A19", b"%PDF-1.7", None, None, None, "en fil av typen PDF"),
    Fault("INN-A17", REGISTER + "0821,B\ufffd,Telemark,2000,2019\n", 2, "name", "B\ufffd", "har mistet en bokstav",
          "municipalities"),
    Fault("INN-A07", HEADER + "I alt;2006Q1;612;26930;410;2415\n", 1, None, None,
          "Ingen rader kan brukes (antall rader i fila: 1)"),
    Fault("INN-A16", "a;b\nBø;2\n".encode("cp1252") + b"\x81;1\n", 2, None, "Bø;2", "Linje 2 har et tegn (0xF8)"),
    Fault("INN-A02", REGISTER + "0821,BÃ¸,Telemark,2000,2019\n", 2, "name", "BÃ¸", "skulle trolig stått «Bø»",
          "municipalities"),
    Fault(
        "INN-B02", RATES.replace(";", ",") + "0101,2006Q1,9,1\n0542,2006Q1,8,3\n", 2, None, "0101,2006Q1,9,1",
        "4 felt, men overskriften har 3: Fila er delt med komma og bruker trolig også komma i desimaltall",
        "sick_leave_rates",
    ),
    row("0542;2006Q2;1;2;0", code="INN-B03", column=None, found="0542;2006Q2;1;2;0",
        why="5 felt, men overskriften har 6"),
    row('0542;2006Q2;"1;2;0;1', code="INN-B05", column=None, found='0542;2006Q2;"1;2;0;1', why="anførselstegn"),
    Fault("INN-B08", "a;b;a\n1;2;3\n", 1, "a", "a", "står to ganger, som nummer 1 og nummer 3"),
    Fault("INN-B08", "Quarter;" + HEADER + "2006Q1;" + GOOD, 1, "quarter", "quarter", "som nummer 1 og nummer 3"),
    Fault("INN-B09", "a;;b\n1;2;3\n", 1, None, None, "Kolonne nummer 2 har ikke noe navn"),
    Fault(
        "INN-B10", "municipality_number;quarter;employees;agreed_days;lost_days_self\n0542;2006Q1;1;2;0\n",
        1, "lost_days_doctor", "municipality_number, quarter, employees, agreed_days, lost_days_self",
        "mangler kolonnen «lost_days_doctor» (Tapte dagsverk, legemeldt). Den må være med i filer av typen «Syke",
    ),
    Fault("INN-B11", HEADER.replace("agreed_days", "agreed dags") + GOOD, 1, "agreed_days", "agreed dags",
          "har en kolonne som heter «agreed dags»"),
    Fault("INN-B13", RATES + "0542;2006Q1;9,1\n", 1, f"employees, agreed_days, {DAYS}",
          "municipality_number, quarter, rate_total_pct", "bare sykefraværsprosenter"),
    Fault("INN-B14", CHANGES + "2008-01-01,1503,1505\n", 1,
          f"municipality_number, quarter, employees, agreed_days, {DAYS}", "date, old_number, new_number",
          "Fila har kolonnene til formatet municipality_changes"),
    Fault("INN-B15", HEADER.strip() + ";note\n" + GOOD.strip() + ";x\n", 1, "note", "note", "er ikke tatt med",
          severity="warning"),
    row("0542;2006Q2;x;2;0;1", code="INN-D01", column="employees", found="x", why="«x» er ikke et tall"),
    row("0542;2006Q2;inf;2;0;1", code="INN-D01", column="employees", found="inf", why="«inf» er ikke et tall"),
    row("0542;2006Q2;1E999;2;0;1", code="INN-D01", column="employees", found="1E999", why="er ikke et tall"),
    row("0542;2006Q2;(5);2;0;1", code="INN-D06", column="employees", found="(5)", why="Parentesen i «(5)»"),
    row("0542;2006Q2;1;8.500;0;1", code="INN-D03", column="agreed_days", found="8.500",
        why="kan bety både 8,500 og 8500"),
    row("0542;2006Q2;1;-;0;1", code="INN-D04", column="agreed_days", found="-", why="både null og at tallet mangler",
        severity="warning"),
    Fault("INN-D04", "section,item,amount_nok\na,b,-\n", 2, "amount_nok", "-", "både null og at tallet mangler",
          "accounts"),
    row("0542;2006Q2;1 ‰;2;0;1", code="INN-D09", column="employees", found="1 ‰", why="oppgitt i ‰"),
    row(";2006Q2;1;2;0;1", code="INN-D05", column="municipality_number", found="", why="må ha en verdi i hver rad"),
    Fault("INN-D08", RATES + "0542;2006Q1;0,091\n0542;2006Q2;0,08\n", 2, "rate_total_pct", "0,091",
          "ser ut som andeler, ikke prosent", "sick_leave_rates"),
    row("0542;2006Q2;1;2;-1;1", code="INN-D10", column="lost_days_self", found="-1", why="Verdien -1 er lavere enn 0"),
    Fault("INN-D10", RATES + "0542;2006Q1;-9,1\n", 2, "rate_total_pct", "-9,1", "Verdien -9,1 er lavere enn 0",
          "sick_leave_rates"),
    Fault("INN-D11", RATES + "0542;2006Q1;412\n", 2, "rate_total_pct", "412", "Verdien 412 er høyere enn 100",
          "sick_leave_rates"),
    Fault("INN-D11", POPULATION + "0101,Halden,Østfold,1E300,SSB,11.5,59.1\n", 2, "population_1_january_2008", "1E300",
          "høyere enn 9007199254740992", "municipalities_2008"),
    Fault("INN-D13", REGISTER + '0101,Halden,Østfold,2000,"2019,5"\n', 2, "last_year", "2019,5", "ikke et helt tall",
          "municipalities"),
    Fault("INN-D15", HEADER.strip() + ";sector\n" + GOOD.strip() + ";skole\n", 2, "sector", "skole",
          "ikke en av verdiene kolonnen kan ha"),
    Fault("INN-D16", CHANGES + "2008-02-30,1503,1505\n", 2, "date", "2008-02-30", "ikke en dato",
          "municipality_changes"),
    row("0542;2007.1;1;2;0;1", code="INN-E02", column="quarter", found="2007.1", why="januar, oktober"),
    row("0542;5. kv. 2007;1;2;0;1", code="INN-E01", column="quarter", found="5. kv. 2007", why="er ikke et kvartal"),
    row("0542;2007;1;2;0;1", code="INN-E05", column="quarter", found="2007",
        why="(antall kvartaler: 1, måneder: 0, hele år: 1)"),
    row("0542;4. kvartal 2005 - 3. kvartal 2006;1;2;0;1", code="INN-E06", column="quarter",
        found="4. kvartal 2005 - 3. kvartal 2006", why="flere kvartaler (2005Q4–2006Q3)"),
    Fault("INN-F01", REGISTER + "101,Halden,Østfold,2000,2019\n", 2, "municipality_number", "101",
          "«101» har bare tre sifre", "municipalities"),
    row("54-2;2006Q2;1;2;0;1", code="INN-F02", column="municipality_number", found="54-2",
        why="ikke et kommunenummer med fire sifre"),
    row("Bø;2006Q2;1;2;0;1", code="INN-F05", column="municipality_number", found="Bø",
        why="«Bø» kan være flere kommuner i 2006: 0821 Bø (Telemark), 1867 Bø (Nordland)"),
    row("Nordaurdal;2006Q2;1;2;0;1", code="INN-F06", column="municipality_number", found="Nordaurdal",
        why="Ingen kommune heter «Nordaurdal» i 2006"),
    row("Xyz;2006Q2;1;2;0;1", code="INN-F15", column="municipality_number", found="Xyz", why="eller noe som ligner"),
    row("9999;2006Q2;1;2;0;1", code="INN-F12", column="municipality_number", found="9999",
        why="Kommunenummer 9999 finnes ikke i kommuneregisteret for 2006, og det ligner heller ikke"),
    row("542;2006Q2;1;2;0;1\n101;2006Q2;1;2;0;1", code="INN-F11", line=4, column="municipality_number", found="101",
        why="Kommunenummer 0101 finnes ikke i kommuneregisteret for 2006"),
    row(GOOD.strip(), code="INN-G01", column=None, found=None, why="helt lik linje 2", severity="warning"),
    row("0542;1. kv. 2006;1;2;0;1", code="INN-G02", column="municipality_number, quarter, sector",
        found="0542, 2006Q1, all", why="samme verdier i municipality_number, quarter, sector som linje 2"),
    Fault("INN-G05", HEADER.strip() + ";sector\n" + GOOD.strip() + ";education\n" + GOOD.strip() + ";all\n", 3,
          "sector", "0542, 2006Q1, all", "linje 2 gir en enkelt sektor"),
    row("0542;2006Q2;9;100;90,5;20", code="INN-V01", column=DAYS, found="110,5, 100",
        why="Tapte dagsverk (110,5) er flere enn avtalte dagsverk (100)"),
    row("0542;2006Q2;9;100;;101", code="INN-V01", column=DAYS, found="101, 100", why="Tapte dagsverk (101)"),
    row("0542;2006Q2;0;100;1;2", code="INN-V02", column="employees", found="100, 3",
        why="ingen ansatte, men likevel 100 avtalte og 3 tapte dagsverk"),
    row("0542;2006Q2;9;0;0;0", code="INN-V03", column="agreed_days", found="9", why="9 ansatte, men ingen avtalte",
        severity="warning"),
    row("0542;2006Q2;9;5000;1;1", code="INN-V04", column="agreed_days", found="5000, 9",
        why="5000 avtalte dagsverk for 9 ansatte", severity="warning"),
    row("0542;2006Q2;9;500;0;0", code="INN-V05", column=DAYS, found="500", why="ikke noe sykefravær i hele kvartalet",
        severity="warning"),
    Fault("INN-V06", NATIONAL + "2006Q1,8.1,1.1,7.3\n", 2, "total_pct", "8,1, 8,4",
          "til sammen 8,4 prosent, men samlet sykefravær er oppgitt til 8,1 prosent", "national_series", "warning"),
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code} {fault.found}")
def test_a_fault_says_where_what_why_and_how_to_mend(file, fault):
    path = file(fault.content)
    result = intake.inspect(path, fault.layout, Register())
    (item,) = [item for item in result.findings if item.code == fault.code]
    assert (item.line, item.column, item.found) == (fault.line, fault.column, fault.found)
    assert (item.file, item.severity) == (str(path), fault.severity)
    assert fault.why in messages.why_and_mend(item)[0]
    told = messages.describe([item])
    assert path.name in told.replace("\n", "")
    assert not re.search(r"[{}]", told)


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.severity == "error"], ids=lambda fault: f"{fault.code} {fault.found}"
)
def test_a_file_with_a_fault_is_refused_and_its_rows_are_accounted_for(file, fault):
    path = file(fault.content)
    with pytest.raises(DataError) as caught:
        intake.read(path, fault.layout, Register())
    assert [item.code for item in caught.value.findings] == [fault.code]
    assert caught.value.exit_code == 11
    result = intake.inspect(path, fault.layout, Register())
    assert len(result.rows) == result.counts.used
    assert not result.is_accepted


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path):
    with pytest.raises(DataError, match="Fila finnes ikke"):
        intake.read(tmp_path / "none.csv", "claims")
    with pytest.raises(DataError, match="Fila kan ikke åpnes"):
        intake.read(tmp_path, "claims")


def test_a_file_of_no_known_kind_is_told_the_nearest(file):
    result = intake.inspect(file("sted;når;fravær\nBø;2006Q1;9\n"))
    (item,) = result.findings
    why, mend = messages.why_and_mend(item)
    assert (item.code, item.line, item.column) == ("INN-B16", 1, "municipality_number")
    assert "det nærmeste er sick_leave_rates, men da mangler municipality_number, quarter, rate_total_pct" in why
    assert "kjente formater er sick_leave_days, sick_leave_rates, " in mend
    assert result.counts == intake.Counts(read=1, used=0, excluded=0, refused=1)


def test_a_file_that_lacks_one_column_is_recognised_and_told_which(file):
    result = intake.inspect(file(HEADER.replace(";agreed_days", "") + "0542;2006Q1;1;0;1\n"))
    assert [(item.code, item.column) for item in result.findings] == [("INN-B10", "agreed_days")]


@pytest.mark.parametrize(
    ("name", "missing", "code"),
    [
        ("Employes", "employees", "INN-B11"),
        ("lost_day_self", "lost_days_self", "INN-B11"),
        ("fravær_2", "rate_total_pct", "INN-B10"),
    ],
)
def test_a_near_miss_is_suggested_and_nothing_else(file, name, missing, code):
    header = HEADER.replace(missing, name) if missing in HEADER else RATES.replace(missing, name)
    layout = "sick_leave_days" if missing in HEADER else "sick_leave_rates"
    cells = GOOD if layout == "sick_leave_days" else "0542;2006Q1;9\n"
    (item,) = intake.inspect(file(header + cells), layout).errors
    assert (item.column, item.code) == (missing, code)


def test_the_error_reads_as_a_message(file):
    path = file(HEADER + GOOD + "0542;2006Q2;612;26930;-410;2415\n")
    with pytest.raises(DataError) as caught:
        intake.read(path, "sick_leave_days")
    assert str(caught.value) == (
        "Feil INN-D10\n"
        f"  Fil: {path}   Linje: 3   Kolonne: lost_days_self\n"
        "  Fant: «-410»\n"
        "  Hvorfor: Verdien -410 er lavere enn 0, som er det laveste kolonnen kan ha.\n"
        "  Gjør slik: Rett tallet etter kilden, eller la cella stå tom hvis riktig tall ikke finnes og kolonnen"
        " tillater det."
    )


def test_every_sentence_of_this_area_has_a_test():
    catalogue = (messages.LOCALE / "nb" / "LC_MESSAGES" / "intake.po").read_text("utf-8")
    sentences = set(re.findall(r'^msgid "(INN-[A-Z][0-9]{2})[.]why"$', catalogue, re.MULTILINE))
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert sentences <= set(re.findall(r'"(INN-[A-Z][0-9]{2})"', source))
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*in*.py"))
    for name in ("test_choose_sheet.py", "test_imported.py"):
        tests += (Path(__file__).parents[1] / "unit" / name).read_text("utf-8")
    assert sentences - set(re.findall(r'"(INN-[A-Z][0-9]{2})"', tests)) == set()


def test_faults_do_not_depend_on_the_layout_being_given(file):
    for fault in FAULTS:
        known = intake.inspect(file(fault.content), fault.layout, Register())
        guessed = intake.inspect(file(fault.content), None, Register())
        if guessed.layout is not None and guessed.layout.id == fault.layout:
            assert replace(known, rows=None, ledger=None) == replace(guessed, rows=None, ledger=None)
