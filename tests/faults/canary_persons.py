"""A thousand invented persons, the raw files they are planted in, and a search for any of them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

GIVEN = ("Kari", "Ola", "Anne-Lise", "Per", "Åse", "Øystein", "Ingebjørg", "Tor", "Máret", "Leif")
PARTS = (
    ("Kvann", "Sølv", "Grev", "Hegg", "Myr", "Tjeld", "Bjørk", "Ulv", "Rogn", "Brat"),
    ("en", "er", "ing", "øy", "ar", "els", "und", "om", "ak", "ir"),
    ("snipe", "trost", "erle", "lerke", "svale", "sisik", "meis", "ugle", "spove", "vipe"),
)
FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist; the surname and the number are nobody else's."""

    given: str
    surname: str
    number: str

    @property
    def name(self):
        return f"{self.given} {self.surname}"


def persons(n):
    """Persons with names of their own and birth numbers with right check digits."""
    surnames = ("".join(parts) for parts in product(*PARTS))
    numbers = _birth_numbers()
    return [
        Person(GIVEN[index % len(GIVEN)], surname, next(numbers))
        for index, surname in zip(range(n), surnames, strict=False)
    ]


def _birth_numbers():
    for serial in range(10_000):
        stem = f"{serial % 28 + 1:02d}{serial % 12 + 1:02d}{serial % 60 + 40:02d}{serial % 1000:03d}"
        first = -sum(int(digit) * weight for digit, weight in zip(stem, FIRST, strict=True)) % 11
        second = -sum(int(d) * w for d, w in zip(f"{stem}{first}", SECOND, strict=False)) % 11
        if first < 10 and second < 10:
            yield f"{stem}{first}{second}"


def told(everybody, text):
    """Whom a text tells of: by number, by number without its first zero, or by surname in any case."""
    digits = set(re.findall(r"\d+", text))
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return [
        person
        for person in everybody
        if person.number in digits
        or (person.number[0] == "0" and person.number[1:] in digits)
        or person.surname.casefold() in words
    ]


def told_in(everybody, folder, leaving_out=()):
    """Whom the files of a folder tell of, by file name; names of files and packed members count too."""
    found = {}
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        name = path.relative_to(folder).as_posix()
        if any(name.startswith(start) for start in leaving_out):
            continue
        data = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                data += b"".join(packed.read(member) for member in packed.namelist())
        texts = (name, *(data.decode(encoding, "ignore") for encoding in ("utf-8", "latin-1", "utf-16-le")))
        if whom := told(everybody, "\n".join(texts)):
            found[name] = whom
    return found


def panel_with_persons(rows, everybody):
    """The text of a panel with columns of persons that the layout does not know, each person in three rows."""
    head, *body = rows.splitlines()
    lines = [f"{head};fnr;navn;merknad"]
    for index, row in enumerate(body):
        person = everybody[index % len(everybody)]
        told = f"{person.number};{person.name};Ringte {person.given} {person.surname} om {person.number}"
        lines.append(f"{row};{told if index < 3 * len(everybody) else ';;'}")
    return "\n".join(lines) + "\n"


def faulty_panel(rows, everybody):
    """The same with persons in cells of every kind, and in rows that are cut in the wrong place."""
    head, *body = rows.splitlines()
    columns = head.split(";")
    lines = [head]
    for index, person in enumerate(everybody):
        row = body[index % len(body)].split(";")
        cells = (
            person.name, f"{person.surname}, {person.given}", person.number, f"{person.number[:6]} {person.number[6:]}",
            person.name.upper(), f"se {person.name} ({person.number})", f"{person.number}.0", person.number.lstrip("0"),
        )  # fmt: skip
        row[index % len(columns)] = cells[(index // len(columns)) % len(cells)]
        if index % 10 == 9:
            row += [person.surname, person.given, person.number]
        lines.append(";".join(row))
    return "\n".join(lines) + "\n"


def faulty_survey(everybody):
    """Answers whose respondents are persons, twice with different answers, and with persons for answers."""
    lines = ["survey_id;municipality_number;unit;respondent;question_id;answer;origin"]
    for index, person in enumerate(everybody):
        start = f"B2008;0542;Oppdiktet sykehjem;{(person.name, person.number)[index % 2]};Q1"
        answers = ("5", "4") if index % 3 else (person.name, person.number)
        lines += [f"{start};{answer};syntetisk" for answer in answers]
    return "\n".join(lines) + "\n"


def faulty_documents(everybody):
    """Status reports with persons in text, in values of the wrong kind, in unknown names and in broken lines."""
    good = (
        'kind = "status_report"\nmunicipality_number = "0542"\nproject = "Oppdiktet"\ndate = 2008-06-15\n'
        'phase = "check"\ndone = "Samtale med {name} ({number})."\nnext_steps = "Ringe {name}."\norigin = "syntetisk"\n'
    )
    changes = (
        ("", ""), ("date = 2008-06-15", 'date = "{name} {number}"'), ('phase = "check"', 'phase = "{name}"'),
        ('municipality_number = "0542"', 'municipality_number = "{number}"'),
        ('origin = "syntetisk"', 'origin = "syntetisk"\n"{name}" = "{number}"'),
        ('project = "Oppdiktet"', "project = {name} {number}"),
    )  # fmt: skip
    for index, person in enumerate(everybody):
        text = good.replace(*changes[index % len(changes)]) if index % len(changes) else good
        yield text.replace("{name}", person.name).replace("{number}", person.number)


def microdata(everybody):
    """Spells and employments keyed by birth number, with rows that are faulty in every column."""
    spells = ["person_key;municipality_number;sector;first_day;last_day;grade_pct;position_share_pct;certificate"]
    jobs = ["person_key;municipality_number;sector;first_day;last_day;position_share_pct"]
    for index, person in enumerate(everybody):
        row = [person.number, "0301", "other", "2007-06-04", "2007-06-08", "100", "100", "self"]
        jobs.append(f"{person.number};0301;other;2000-01-01;;100")
        if index % 2:
            row[1 + index // 2 % 7] = (person.name, person.number, f"{person.surname}, {person.given}")[index % 3]
        if index % 20 == 19:
            row += [person.surname, person.given]
        spells.append(";".join(row))
    return "\n".join(spells) + "\n", "\n".join(jobs) + "\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
