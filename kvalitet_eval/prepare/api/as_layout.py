"""Fetched cells in a documented layout, so that a fetched table goes on like any other file.

What a code means is told by the provider's labels; a table with something that has no place in the layout is left as it
came. Symbols that stand for missing figures go along as they were published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from kvalitet_eval.prepare.api.pxweb import TableDescription
from kvalitet_eval.prepare.layouts.programme import KOSTRA_INDICATORS
from kvalitet_eval.prepare.layouts.sick_leave import SSB_SICK_LEAVE

CANNOT_BE = "."
NO_UNIT = "ikke oppgitt"
_MUNICIPALITY = re.compile(r"[0-9]{4}")
_NOT_PLACES = ("0000", "9999")
_YEAR = re.compile(r"[0-9]{4}")
_SEXES = {"begge kjønn": "both", "menn": "men", "kvinner": "women"}
_MEASURES = {"agreed_days": re.compile("avtalte"), "lost_days_doctor": re.compile("dagsverk"),
             "rate_doctor_pct": re.compile("prosent")}  # fmt: skip
_RESIDENTS = "residents"


def sick_leave_rows(described: TableDescription, cells: pd.DataFrame) -> pd.DataFrame | None:
    """Return the cells of a table of sick leave in the columns of layout ``ssb_sick_leave``, all text.

    Parameters
    ----------
    described : TableDescription
        What the codes mean.
    cells : pandas.DataFrame
        As :func:`pxweb.fetch_cells` gives them.

    Returns
    -------
    pandas.DataFrame or None
        One row for each municipality, quarter and sex, about residents; totals, counties and unknown places are left
        out, and so are rows that the provider says cannot be (``.``) in every figure, such as those of a municipality
        before or after its time. Nothing when a dimension, a sex or a measure is not one of the layout's.
    """
    region, sex, contents, time = "Region", "Kjonn", "ContentsCode", described.time
    if set(described.codes) != {region, sex, contents, time}:
        return None
    sexes = _by_label(described, sex, _SEXES)
    measures = {code: _measure(label) for code, label in described.labels[contents].items()}
    if (
        set(sexes) != set(described.codes[sex])
        or None in measures.values()
        or len(set(measures.values())) < len(measures)
    ):
        return None
    places = _of_municipalities(cells, region)
    wide = places.assign(measure=places[contents].map(measures)).pivot(
        index=[region, time, sex], columns="measure", values="value"
    )
    wide = wide[~wide.eq(CANNOT_BE).all(axis=1)].reset_index()
    rows = pd.DataFrame({
        "municipality_number": wide[region],
        "municipality": [_name(described.labels[region].get(code, "")) for code in wide[region]],
        "quarter": wide[time],
        "sex": wide[sex].map(sexes),
        "population": _RESIDENTS,
        **{name: wide[name] for name in ("rate_doctor_pct", "lost_days_doctor", "agreed_days") if name in wide},
        "table": described.table,
        "origin": "observed",
    })  # fmt: skip
    return rows if "rate_doctor_pct" in rows else None


def kostra_rows(described: TableDescription, cells: pd.DataFrame) -> pd.DataFrame | None:
    """Return the cells of a table by municipality and year in the columns of layout ``kostra_indicators``, all text.

    An indicator is what is measured and the codes of all dimensions beside place and time; its unit is the provider's.
    Parameters, what is left out, and the result as for :func:`sick_leave_rows`; nothing for a table without
    municipalities, or whose periods are not years.
    """
    region = next((name for name in described.codes if re.search("region", name, re.IGNORECASE)), None)
    if region is None or not all(map(_YEAR.fullmatch, described.codes[described.time])):
        return None
    kinds = [name for name in described.codes if name not in (region, described.time)]
    rows = _of_municipalities(cells, region)
    rows = rows[rows["value"] != CANNOT_BE]
    units = described.units
    return pd.DataFrame({
        "municipality_number": rows[region],
        "year": rows[described.time],
        "indicator": ["/".join(codes) for codes in zip(*(rows[name] for name in kinds), strict=True)],
        "indicator_name": [
            ", ".join(described.labels[name].get(code, code) for name, code in zip(kinds, codes, strict=True))
            for codes in zip(*(rows[name] for name in kinds), strict=True)
        ],
        "value": rows["value"],
        "unit": [units.get(code, NO_UNIT) for code in rows["ContentsCode"]] if "ContentsCode" in rows else NO_UNIT,
        "table": described.table,
        "origin": "observed",
    }).reset_index(drop=True)  # fmt: skip


LAYOUTS_OF_SOURCE = {SSB_SICK_LEAVE.id: sick_leave_rows, KOSTRA_INDICATORS.id: kostra_rows}


def _of_municipalities(cells: pd.DataFrame, region: str) -> pd.DataFrame:
    is_place = cells[region].str.fullmatch(_MUNICIPALITY) & ~cells[region].isin(_NOT_PLACES)
    return cells[is_place & ~cells[region].str.endswith("99")]


def _by_label(described: TableDescription, name: str, meanings: Mapping[str, str]) -> dict[str, str]:
    labels = {code: label.strip().casefold() for code, label in described.labels[name].items()}
    return {code: meanings[label] for code, label in labels.items() if label in meanings}


def _measure(label: str) -> str | None:
    return next((name for name, pattern in _MEASURES.items() if pattern.search(label.casefold())), None)


def _name(label: str) -> str:
    """Return the name without the years in which it was valid."""
    return re.sub(r"\s*\([0-9]*-[0-9]*\)$", "", label)
