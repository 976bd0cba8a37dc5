"""What microdata files must look like: absence spells, employments, and agreed days per unit."""

from __future__ import annotations

from types import MappingProxyType

from kvalitet_eval.prepare.layout import Column, Layout, text
from kvalitet_eval.prepare.layouts.bundled import QUARTER
from kvalitet_eval.prepare.schema import ORIGINS, SECTORS

CERTIFICATES = ("self", "doctor")
SPELLS_ID = "absence_spells"
EMPLOYMENTS_ID = "employments"
AGREED_ID = "agreed_days"

_PERSON = text(
    "person_key",
    "Nøkkel for personen; et hvilket som helst kjennetegn, helst et løpenummer uten mening. Forlater aldri innlesingen",
    "Key of the person; any identifier, preferably a serial number without meaning. Never leaves the intake",
)
_JOB = text(
    "job_key",
    "Kjennetegn for stillingen når en person kan ha flere i samme kommune og sektor; ellers er det én",
    "Identifier of the job when a person may have several in one municipality and sector; otherwise there is one",
    required=False,
    nullable=True,
)
_MUNICIPALITY = Column(
    "municipality_number",
    "municipality",
    "Kommunenummer med fire sifre, gyldig den første dagen",
    "Municipality number, four digits, valid on the first day",
)
_SECTOR = Column(
    "sector",
    "choice",
    "Sektor; «all» når fila ikke er delt på sektor",
    'Sector; "all" when the file is not split by sector',
    required=False,
    allowed=SECTORS,
    default="all",
)
_SHARE = Column(
    "position_share_pct",
    "number",
    "Stillingsprosent, over 0 og høyst 100, med inntil tre desimaler",
    "Size of the job in per cent of full time, above 0 and at most 100, with up to three decimals",
    unit="percent",
    low=0,
    high=100,
)
_ORIGIN = Column(
    "origin",
    "choice",
    "Om radene er observert eller syntetiske; én syntetisk rad gjør hele panelet syntetisk",
    "Whether the rows are observed or simulated; one simulated row makes the whole panel simulated",
    required=False,
    allowed=ORIGINS,
    default="observed",
)


def _day(name: str, description_nb: str, description_en: str, *, nullable: bool = False) -> Column:
    return Column(name, "date", description_nb, description_en, nullable=nullable)


SPELLS = Layout(
    id=SPELLS_ID,
    title_nb="Fraværstilfeller (persondata)",
    title_nn="Fråværstilfelle (persondata)",
    title_en="Absence spells (microdata)",
    source_en="The employer's payroll or absence system; one row per spell, or per part of a spell with one grade",
    columns=(
        _PERSON,
        _JOB,
        _MUNICIPALITY,
        _SECTOR,
        _day("first_day", "Første fraværsdag (2007-09-30 eller 30.09.2007)", "First day of absence"),
        _day("last_day", "Siste fraværsdag; tom når fraværet varer", "Last day; empty while it lasts", nullable=True),
        Column(
            "grade_pct",
            "number",
            "Fraværsgrad, over 0 og høyst 100, med inntil tre desimaler; 50 er halv dag",
            "Grade of absence, above 0 and at most 100, with up to three decimals; 50 is half a day",
            unit="percent",
            low=0,
            high=100,
        ),
        _SHARE,
        Column(
            "certificate",
            "choice",
            "«self» for egenmeldt, «doctor» for legemeldt",
            '"self" for self-certified, "doctor" for doctor-certified',
            allowed=CERTIFICATES,
        ),
        _ORIGIN,
    ),
    key=(),
)

EMPLOYMENTS = Layout(
    id=EMPLOYMENTS_ID,
    title_nb="Ansettelser (persondata)",
    title_nn="Tilsetjingar (persondata)",
    title_en="Employments (microdata)",
    source_en="The employer's payroll; one row per job, or per part of it with one size. Same keys as in the spells",
    columns=(
        _PERSON,
        _JOB,
        _MUNICIPALITY,
        _SECTOR,
        _day("first_day", "Første dag i stillingen", "First day in the job"),
        _day("last_day", "Siste dag i stillingen; tom når den varer", "Last day; empty while it lasts", nullable=True),
        _SHARE,
        _ORIGIN,
    ),
    key=(),
)

AGREED = Layout(
    id=AGREED_ID,
    title_nb="Avtalte dagsverk per kommune, kvartal og sektor",
    title_nn="Avtalte dagsverk per kommune, kvartal og sektor",
    title_en="Agreed person-days per municipality, quarter and sector",
    source_en="The employer's payroll, when employments are not available person by person",
    columns=(
        _MUNICIPALITY,
        QUARTER,
        _SECTOR,
        Column(
            "employees",
            "number",
            "Antall ansatte (personer) ved kvartalets slutt",
            "Employees (persons) at the end of the quarter",
            unit="persons",
            nullable=True,
            low=0,
        ),
        Column(
            "agreed_days",
            "number",
            "Avtalte dagsverk i kvartalet",
            "Agreed person-days in the quarter",
            unit="person-days",
            low=0,
        ),
    ),
    key=("municipality_number", "quarter", "sector"),
)

UNIT_KEY = "unit_key"
"""Name that replaces ``person_key`` in spells that are known per unit only: no two rows are then the same person's."""

MICRODATA = MappingProxyType({layout.id: layout for layout in (SPELLS, EMPLOYMENTS, AGREED)})
