"""What each kind of file must look like: the columns are data, and reading, checking and documentation all use them.

``docs/DATA.md`` is generated from here (:mod:`kvalitet_eval.prepare.dictionary`).
"""

from __future__ import annotations

from types import MappingProxyType

from kvalitet_eval.prepare.bundled_layouts import BUNDLED, QUARTER
from kvalitet_eval.prepare.layout import Column, Layout, percent

SECTORS = ("all", "health_care", "education", "kindergarten", "other")
ORIGINS = ("observed", "syntetisk")


def _days(name: str, description_nb: str, description_en: str) -> Column:
    return Column(name, "number", description_nb, description_en, unit="man-days", nullable=True, low=0)


_NUMBER = Column(
    "municipality_number",
    "municipality",
    "Kommunenummer med fire sifre, gyldig i kvartalets år",
    "Municipality number, four digits, valid in the year of the quarter",
)
_SICK_LEAVE_DAYS = Layout(
    id="sick_leave_days",
    title_nb="Sykefraværspanel: tapte og avtalte dagsverk",
    title_en="Sick-leave panel: lost and agreed man-days",
    source_en="Your own panel, from the employer's payroll or the KS PAI register; population: municipal employees",
    columns=(
        _NUMBER,
        QUARTER,
        Column(
            "sector",
            "choice",
            "Sektor; «all» når fila ikke er delt på sektor",
            'Sector; "all" when the file is not split by sector',
            required=False,
            allowed=SECTORS,
            default="all",
        ),
        Column(
            "employees",
            "number",
            "Antall ansatte (personer) i kommunen ved kvartalets slutt",
            "Municipal employees (persons) at the end of the quarter",
            unit="persons",
            nullable=True,
            low=0,
        ),
        _days("agreed_days", "Avtalte dagsverk i kvartalet", "Agreed man-days in the quarter"),
        _days("lost_days_self", "Tapte dagsverk, egenmeldt", "Lost man-days, self-certified"),
        _days("lost_days_doctor", "Tapte dagsverk, legemeldt", "Lost man-days, doctor-certified"),
        Column(
            "origin",
            "choice",
            "Om tallene er observert eller syntetiske (simulerte)",
            "Whether the figures are observed or simulated",
            required=False,
            allowed=ORIGINS,
            default="observed",
        ),
    ),
    key=("municipality_number", "quarter", "sector"),
)

_SICK_LEAVE_RATES = Layout(
    id="sick_leave_rates",
    title_nb="Sykefraværsprosenter uten dagsverk (kan kontrolleres, men ikke slås sammen)",
    title_en="Sick-leave rates without man-days (can be checked, cannot be aggregated)",
    source_en="Published tables; a mean of percentages is not a percentage, so such a file is refused as a panel",
    columns=(
        _NUMBER,
        QUARTER,
        percent("rate_total_pct", "Sykefravær i alt", "Sick leave, total", nullable=True),
        percent("rate_self_pct", "Egenmeldt sykefravær", "Self-certified", required=False, nullable=True),
        percent("rate_doctor_pct", "Legemeldt sykefravær", "Doctor-certified", required=False, nullable=True),
    ),
    key=("municipality_number", "quarter"),
)


LAYOUTS: MappingProxyType[str, Layout] = MappingProxyType(
    {layout.id: layout for layout in (_SICK_LEAVE_DAYS, _SICK_LEAVE_RATES, *BUNDLED)}
)
