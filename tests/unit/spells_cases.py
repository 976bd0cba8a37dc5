"""Small made-up microdata: spells and employments written out, and the panel they become."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.spells.aggregation import aggregate_spells

ROOT = Path(__file__).resolve().parents[2]
SPELL_HEADER = "person_key;municipality_number;sector;first_day;last_day;grade_pct;position_share_pct;certificate"
JOB_HEADER = "person_key;municipality_number;sector;first_day;last_day;position_share_pct"
FULL_TIME = "A;0301;other;2000-01-01;;100"
SECOND = Window("2007Q2", "2007Q2")


@cache
def register():
    return load_register(load_config(ROOT / "programmes" / "kkp.toml"))


def write(path, header, *rows):
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def panel(folder, spells, jobs=(FULL_TIME,), window=SECOND, **options):
    """The panel of rows given as text; the first cells of SPELL_HEADER and JOB_HEADER."""
    spell_file = write(folder / "spells.csv", SPELL_HEADER, *spells)
    job_file = write(folder / "jobs.csv", JOB_HEADER, *jobs)
    return aggregate_spells([spell_file], job_file, window, register(), **options)


def lost(result, column="lost_days_self"):
    return result.rows[column].tolist()
