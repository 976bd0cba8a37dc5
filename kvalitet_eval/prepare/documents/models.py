"""What a status report and a project mandate contain: the elements that the programme asks for, as frozen records.

Numbers may have a decimal comma, dates may be written day first, and a month is a date of its own. A municipality
number is text: ``0301`` without quotation marks is another number, or none.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
NOT_A_DATE, NOT_A_NUMBER = "not_a_date", "not_a_number"


def _read_date(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if day_first := _DAY_FIRST.fullmatch(text):
        text = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}"
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", text):
            raise ValueError(text)
        dt.date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError as error:
        raise PydanticCustomError(NOT_A_DATE, "not a date") from error
    return text


def _read_number(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip().replace("−", "-").replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise PydanticCustomError(NOT_A_NUMBER, "not a number")
    return float(text.replace(",", "."))


def nothing_when_empty(value: object) -> object:
    """Read a text of spaces as a text that is not there."""
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
MunicipalityNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Date = Annotated[str, BeforeValidator(_read_date)]
Number = Annotated[float, BeforeValidator(_read_number), Field(allow_inf_nan=False)]
OptionalText = Annotated[Text | None, BeforeValidator(nothing_when_empty)]
OptionalDate = Annotated[Date | None, BeforeValidator(nothing_when_empty)]
OptionalNumber = Annotated[Number | None, BeforeValidator(nothing_when_empty)]
Dimension = Literal["system", "employee", "behaviour"]
Direction = Literal["decrease", "increase", "maintain"]
Phase = Literal["prepare", "plan", "do", "check", "standardise", "follow_up"]
Origin = Literal["observed", "syntetisk"]


class Part(BaseModel):
    """A part of a document; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Goal(Part):
    """A goal that can be measured and has a deadline; keeping the level is a goal too."""

    id: Text = Field(description="Identifier, for example M1 | Kjennetegn, for eksempel M1")
    goal: Text = Field(description="The goal in the municipality's words | Målet med kommunens ord")
    indicator: Text = Field(description="What is measured | Hva som måles")
    unit: Text = Field(description="Unit | Enhet")
    direction: Direction = Field(description="Down, up or keep the level | Ned, opp eller beholde nivået")
    baseline: OptionalNumber = Field(default=None, description="Level before the start | Nivået før start")
    target: Number = Field(description="Level to reach | Nivået som skal nås")
    deadline: Date = Field(description="Deadline | Fristen")


class Measure(Part):
    """What is done, and which goal it serves."""

    name: Text = Field(description="What is done | Hva som gjøres")
    dimension: Dimension = Field(description="Part of the quality model | Del av kvalitetsmodellen")
    start: Date = Field(description="Start | Når det begynner")
    end: OptionalDate = Field(default=None, description="End | Når det slutter")
    goal: OptionalText = Field(default=None, description="Identifier of the goal | Kjennetegnet til målet")


class Frame(Part):
    """Money, people, time and phases of a project."""

    budget_nok: Number = Field(ge=0, description="Budget in NOK | Budsjett i kroner")
    organisation: Text = Field(description="Who leads and who takes part | Hvem som leder, og hvem som deltar")
    start: Date = Field(description="Start of the project | Når prosjektet begynner")
    end: Date = Field(description="End of the project | Når prosjektet slutter")
    phases: tuple[Phase, ...] = Field(min_length=1, description="Phases of the improvement work | Faser i arbeidet")


class Result(Part):
    """One measurement."""

    indicator: Text = Field(description="What is measured | Hva som måles")
    unit: Text = Field(description="Unit | Enhet")
    value: Number = Field(description="Value | Verdi")
    date: Date = Field(description="When it was measured | Når det ble målt")


class StatusReport(Part):
    """One page on how a project stands."""

    kind: Literal["status_report"] = Field(description="Always status_report | Alltid status_report")
    municipality_number: MunicipalityNumber = Field(description="Four digits, as text | Fire sifre, som tekst")
    project: Text = Field(description="Name of the project | Prosjektets navn")
    date: Date = Field(description="Date of the report | Rapportens dato")
    phase: Phase = Field(description="Phase of the improvement work | Fase i forbedringsarbeidet")
    done: Text = Field(description="What has been done | Hva som er gjort")
    results: tuple[Result, ...] = Field(default=(), description="Measurements so far | Målinger så langt")
    obstacles: OptionalText = Field(default=None, description="What stands in the way | Hva som står i veien")
    next_steps: Text = Field(description="What comes next | Hva som skjer videre")
    origin: Origin = Field(default="observed", description="Observed or simulated | Observert eller syntetisk")


class ProjectMandate(Part):
    """What a project is to reach, within which frame, by which measures, and how it will be evaluated."""

    kind: Literal["project_mandate"] = Field(description="Always project_mandate | Alltid project_mandate")
    municipality_number: MunicipalityNumber = Field(description="Four digits, as text | Fire sifre, som tekst")
    name: Text = Field(description="Name of the project | Prosjektets navn")
    commissioner: Text = Field(description="Who gave the commission | Oppdragsgiver")
    background: Text = Field(description="Background | Bakgrunn")
    purpose: Text = Field(description="Purpose | Formål")
    goals: tuple[Goal, ...] = Field(min_length=1, description="Goals | Mål")
    frame: Frame = Field(description="Frame of the project | Prosjektets ramme")
    measures: tuple[Measure, ...] = Field(min_length=1, description="Measures | Tiltak")
    evaluation: Text = Field(description="How it will be evaluated | Hvordan det skal evalueres")
    origin: Origin = Field(default="observed", description="Observed or simulated | Observert eller syntetisk")
