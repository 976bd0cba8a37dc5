"""Sick leave as the registers deliver it, who it is about, and shares for dividing figures at a new border."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Column, Layout, percent, text
from kvalitet_eval.prepare.layouts.columns import (
    MUNICIPALITY,
    NUMBER,
    ORIGIN,
    QUARTER,
    SECTOR,
    SEXES,
    SOURCE,
    choice,
    date,
    days,
    population,
)

PERSON_DAYS = (
    Column(
        "employees",
        "number",
        "Antall ansatte (personer) i kommunen ved kvartalets slutt",
        "Municipal employees (persons) at the end of the quarter",
        unit="persons",
        nullable=True,
        low=0,
    ),
    days("agreed_days", "Avtalte dagsverk i kvartalet", "Agreed person-days in the quarter"),
    days("lost_days_self", "Tapte dagsverk, egenmeldt", "Lost person-days, self-certified"),
    days("lost_days_doctor", "Tapte dagsverk, legemeldt", "Lost person-days, doctor-certified"),
)

SICK_LEAVE_DAYS = Layout(
    id="sick_leave_days",
    title_nb="Sykefraværspanel: tapte og avtalte dagsverk",
    title_nn="Sjukefråværspanel: tapte og avtalte dagsverk",
    title_en="Sick-leave panel: lost and agreed person-days",
    source_en="Your own panel, from the employer's payroll or the KS PAI register; population: municipal employees",
    columns=(NUMBER, QUARTER, SECTOR, *PERSON_DAYS, ORIGIN),
    key=("municipality_number", "quarter", "sector"),
)

SICK_LEAVE_RATES = Layout(
    id="sick_leave_rates",
    title_nb="Sykefraværsprosenter uten dagsverk (kan kontrolleres, men ikke slås sammen)",
    title_nn="Sjukefråværsprosentar utan dagsverk (kan kontrollerast, men ikkje slåast saman)",
    title_en="Sick-leave rates without person-days (can be checked, cannot be aggregated)",
    source_en="Published tables; a mean of percentages is not a percentage, so such a file is refused as a panel",
    columns=(
        NUMBER,
        QUARTER,
        percent("rate_total_pct", "Sykefravær i alt", "Sick leave, total", nullable=True),
        percent("rate_self_pct", "Egenmeldt sykefravær", "Self-certified", required=False, nullable=True),
        percent("rate_doctor_pct", "Legemeldt sykefravær", "Doctor-certified", required=False, nullable=True),
    ),
    key=("municipality_number", "quarter"),
)

PAI_SICK_LEAVE = Layout(
    id="pai_sick_leave",
    title_nb="Sykefravær fra KS' PAI-register",
    title_nn="Sjukefråvær frå PAI-registeret til KS",
    title_en="Sick leave from the PAI register of KS",
    source_en=(
        "The PAI register of KS, payroll based, self-certified and doctor-certified; until 2019 without temporary and"
        " hourly paid staff and secondary jobs. Population: municipal EMPLOYEES; never beside figures for residents"
    ),
    columns=(NUMBER, MUNICIPALITY, QUARTER, SECTOR, population("employees"), *PERSON_DAYS, ORIGIN),
    key=("municipality_number", "quarter", "sector"),
)

SSB_SICK_LEAVE = Layout(
    id="ssb_sick_leave",
    title_nb="Sykefravær fra Statistisk sentralbyrå, etter kommune",
    title_nn="Sjukefråvær frå Statistisk sentralbyrå, etter kommune",
    title_en="Sick leave of Statistics Norway, by municipality",
    source_en=(
        "Statistics Norway, tables 03217 (2000Q2-2008Q4), 07905 (2008Q1-2018Q4) and 12451 (current): doctor-certified"
        " only, RESIDENTS of all industries; tables about a municipality's own employees have population employees."
        " One file has one population"
    ),
    columns=(
        NUMBER,
        MUNICIPALITY,
        QUARTER,
        choice("sex", SEXES, "Kjønn: begge, kvinner eller menn", "Sex"),
        population("employees", "residents"),
        percent("rate_doctor_pct", "Legemeldt sykefravær", "Doctor-certified sick leave", nullable=True),
        days("lost_days_doctor", "Tapte dagsverk, legemeldt", "Lost person-days, doctor-certified", required=False),
        days("agreed_days", "Avtalte dagsverk i kvartalet", "Agreed person-days in the quarter", required=False),
        text("table", "Tabellnummer, for eksempel 07905", "Number of the table, for example 07905", digits=5),
        ORIGIN,
    ),
    key=("municipality_number", "quarter", "sex", "population", "table"),
    dash_is_zero=True,
)

BOUNDARY_WEIGHTS = Layout(
    id="boundary_weights",
    title_nb="Andeler for å dele tall når en kommune er delt",
    title_nn="Prosentdelar for å fordele tal når ein kommune er delt",
    title_en="Shares for dividing figures when a municipality was divided",
    source_en="Your own, for example from employees by unit; without such a file figures are not divided",
    columns=(
        date("date", "Datoen grensen ble endret (1. januar)", "Date of the change (1 January)"),
        choice(
            "direction",
            ("forward", "backward"),
            "forward: fra gammel til ny kommune; backward: fra ny kommune tilbake til de gamle",
            "forward: from the old municipality to the new; backward: from the new one back to the old",
        ),
        Column("from_number", "municipality", "Kommunen tallene gjelder", "Municipality that the figures are about"),
        Column("to_number", "municipality", "Kommunen en del av tallene føres til", "Municipality that gets a part"),
        Column(
            "share",
            "number",
            "Andelen av tallene som føres dit, fra 0 til 1; andelene fra én kommune er 1 til sammen",
            "Share of the figures, 0 to 1; the shares of one municipality add up to 1",
            unit="share",
            low=0,
            high=1,
        ),
        text("basis", "Hva andelen er regnet av, for eksempel ansatte", "What the share is of, for example employees"),
        SOURCE,
        ORIGIN,
    ),
    key=("date", "direction", "from_number", "to_number"),
)

SICK_LEAVE = (SICK_LEAVE_DAYS, SICK_LEAVE_RATES, PAI_SICK_LEAVE, SSB_SICK_LEAVE)
