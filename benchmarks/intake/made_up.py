"""Made-up files in the documented formats, from fixed seeds, as large as such files can be."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import xlsxwriter

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import Register, load_register

ROOT = Path(__file__).resolve().parents[2]
DAYS = "municipality_number;quarter;sector;employees;agreed_days;lost_days_self;lost_days_doctor"
SECTORS = ("health_care", "education", "kindergarten", "other")
ANSWERS = ("survey_id", "municipality_number", "unit", "respondent", "question_id", "answer", "origin")


def register() -> Register:
    """The municipalities of all years."""
    return load_register(load_config(ROOT / "programmes" / "kkp.toml"))


def write_days(path: Path, *, norwegian: bool) -> int:
    """Write sick leave of every municipality, quarter and sector of 2000 to 2024; return the number of rows.

    A Norwegian file has decimal commas, ``2007K1`` for a quarter and Windows letters; the other needs no change at all.
    """
    draw, places = random.Random(20061023), register()
    lines = [DAYS + (";municipality" if norwegian else "")]
    for year in range(2000, 2025):
        for number, quarter, sector in itertools.product(places.numbers(year), (1, 2, 3, 4), SECTORS):
            employees = draw.randint(20, 3000)
            agreed = employees * draw.uniform(50, 60)
            days = [f"{agreed:.1f}", f"{agreed * draw.uniform(0.005, 0.015):.1f}"]
            days.append(f"{agreed * draw.uniform(0.04, 0.09):.1f}")
            label = f"{year}{'K' if norwegian else 'Q'}{quarter}"
            cells = [number, label, sector, str(employees), *days]
            line = ";".join(cells)
            lines.append(f"{line.replace('.', ',')};{places.name(number, year)}" if norwegian else line)
    path.write_bytes(("\n".join(lines) + "\n").encode("cp1252" if norwegian else "utf-8", "replace"))
    return len(lines) - 1


def write_answers(path: Path, n_rows: int) -> int:
    """Write a workbook of ten answers by each respondent of a survey."""
    draw = random.Random(20061024)
    numbers = register().numbers(2008)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Svar")
    sheet.write_row(0, 0, ANSWERS)
    for row in range(n_rows):
        person, question = divmod(row, 10)
        number = numbers[person % len(numbers)]
        cells = ("B2008", number, f"Enhet {person % 7}", f"{person}", f"Q{question}", draw.randint(1, 6), "syntetisk")
        sheet.write_row(row + 1, 0, cells)
    book.close()
    return n_rows


def write_cells(path: Path, n_cells: int) -> int:
    """Write a table in JSON-stat 2 with as many cells as one answer of the statistical office may have."""
    draw = random.Random(20061025)
    sizes = {"Region": 400, "Kjonn": 2, "Tid": 100, "ContentsCode": n_cells // 80_000}
    codes = {name: [f"{name}{place}" for place in range(size)] for name, size in sizes.items()}
    table = {
        "version": "2.0",
        "class": "dataset",
        "label": "Made up",
        "id": list(sizes),
        "size": list(sizes.values()),
        "dimension": {
            name: {"label": name, "category": {"index": {code: place for place, code in enumerate(items)}}}
            for name, items in codes.items()
        },
        "value": [round(draw.uniform(0, 12), 1) for _ in range(n_cells)],
    }
    path.write_text(json.dumps(table), "utf-8")
    return n_cells
