"""Tables about nobody - files, lines, quarters, municipalities - and public ones: what the notebooks show of them.

Every column that may be shown is declared here; what is not declared stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.monitor.table_1 import LevelContrast
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present.coverage_tables import OUTCOME_OF_MEASURE
from kvalitet_eval.publish import Policy, PublishedTable, Structure
from kvalitet_eval.report.structures import open_structure

_SEVERITIES = ("error", "warning", "info")
_COUNTS = ("n_read", "n_used", "n_excluded", "n_refused", "n_changed", "n_findings")
_WAYS = ("estimate", "conf_low", "conf_high", "conf_level")
_PRINTED = ("P1", "P2", "P3", "published_P1", "published_P2")
_CHANGES = (
    *("from_rate_pct", "to_rate_pct", "change_pp", "low_pp", "high_pp", "change_pct", "low_pct", "high_pct"),
    *("printed_pct", "published_pct", "place"),
)
STRUCTURES: Mapping[str, Structure] = MappingProxyType(
    {
        "account": open_structure(["role", "reason"], ["n"]),
        "members": open_structure(["municipality_number"], ["population"], ["name", "county"], because="public"),
        "site_counts": open_structure(["count"], ["n"]),
        "site_places": open_structure(["municipality_number"], ["longitude", "latitude"], ["name", "group"]),
        "site_municipalities": open_structure(["municipality_number"], [], ["name", "county"]),
        "absent": open_structure(["name"], [], ["reason"]),
        "glossary": open_structure(["term"], [], ["meaning"]),
        "folders": open_structure(["folder"], [], ["origin_of_folder", "date", "licence"]),
        "files": open_structure(["file"], _COUNTS, ["title_nb", "title_nn", "title_en", "sha256", "is_as_delivered"]),
        "import": open_structure(["name"], ["number"], ["words"]),
        "ledger": open_structure(["file", "column", "rule"], ["n"], ["raw", "value"]),
        "findings": open_structure(["row"], ["line"], ["code", "severity", "found", "why", "mend"]),
        "intakes": open_structure(
            ["name"],
            ["n_entries", "n_with_start", "n_second", "n_unresolved", "n_districts", "n_unproven"],
            ["first_quarter", "published"],
        ),
        "entries": open_structure(["row"], [], ["name", "label", "entry_status", "candidates", "certainty"]),
        "coverage": open_structure(
            ["status"], ["n_municipalities", "n_complete", "n_partial", "n_none", "n_cells", "n_missing"]
        ),
        "quarters": open_structure(["quarter"], ["n_municipalities", "n_with_figure", "n_missing"]),
        "merged": open_structure(
            ["municipality_number", "predecessors"], ["n_quarters"], ["first_quarter", "last_quarter"]
        ),
        "cells": open_structure(
            ["mal", "kjonn"],
            ["n_cells", "n_municipalities", "n_quarters", "n_repeated", "low_pct", "high_pct"],
            ["first_quarter", "last_quarter"],
            because="public",
        ),
        "national": open_structure(
            ["quarter"], ["total_pct", "self_certified_pct", "doctor_certified_pct"], because="public"
        ),
        "gaps": open_structure(["row"], ["gap_pp", "n_quarters"], ["first_quarter"], because="public"),
        "seasons": open_structure(["measure"], [f"season_{quarter}" for quarter in (1, 2, 3, 4)], because="public"),
        "printed_rates": open_structure(
            ["unit"], _PRINTED, ["is_total", "municipality_number", "number_2007"], because="public"
        ),
        "printed_changes": open_structure(
            ["unit", "from_period"],
            _CHANGES,
            ["is_total", "municipality_number", "to_period", "verdict", "direction"],
            because="public",
        ),
        "directions": open_structure(["from_period"], ["down", "up", "cannot_be_told", "n"]),
        "units": open_structure(["period"], ["n_units", "n_identical"], ["missing"]),
        "contrast": open_structure(["group"], ["n", "mean_pp"], ["names"], because="public"),
        "levels": open_structure(
            ["unit"], ["place", "before", "after", "change", "expected"], ["role"], because="simulated"
        ),
        "paths": open_structure(["window_end"], ["rate_pct"], because="simulated"),
        "ways": open_structure(["way"], _WAYS, because="simulated"),
        "many_ways": open_structure(["way"], [*_WAYS, "below_pct", "above_pct", "n_panels"], because="simulated"),
    }
)


def policy_of(config: Config) -> Policy:
    """Return the limits that the programme file asks for; errors as for `Policy.load`."""
    profile = config.publishing.profile
    return Policy.load(profile if profile in publish.PROFILES else config.root / profile)


def publish_open(frame: pd.DataFrame, structure: Structure, policy: Policy, *, output: str) -> PublishedTable:
    """Publish the declared columns of a frame, and no other; there may be no rows. Errors as for `publish.table`."""
    chosen = dict.fromkeys(name for name in (*structure.needs, "origin") if name in frame)
    return publish.table(frame[list(chosen)], policy, structure, output=output, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class OpenTables:
    """Publish tables about nobody under one policy; call it with the name of a structure and the rows.

    Parameters
    ----------
    policy : Policy
        Its hash is in every table's stamp.
    """

    policy: Policy

    @classmethod
    def of(cls, config: Config) -> OpenTables:
        """Take the policy of a programme; errors as for `publishing.policy_of`."""
        return cls(policy_of(config))

    def __call__(self, name: str, rows: pd.DataFrame, *, origin: str = "") -> PublishedTable:
        """Publish the declared columns.

        Raises
        ------
        KeyError
            No such structure.
        ReportError
            As for `publish.table`.
        """
        marked = rows.assign(origin=origin) if origin else rows
        return publish_open(marked, STRUCTURES[name], self.policy, output=name)

    def account(self, account: pd.DataFrame) -> PublishedTable:
        """Publish how many municipalities have each part in the comparison, and why; as ``Design.account``."""
        return self("account", account.groupby(["role", "reason"], sort=True).size().rename("n").reset_index())

    def windows(self, windows: pd.DataFrame) -> PublishedTable:
        """Publish the periods of Table 1; shares of exposure become per cent. As from ``monitor.table_1.windows``."""
        exposed = [name for name in windows if name.startswith("exposed_")]
        numbers = ["n_quarters", *(name for name in windows if name.startswith("shared_")), *exposed]
        structure = open_structure(["period"], numbers, ["first_quarter", "last_quarter"])
        shown = windows.assign(**{name: 100 * windows[name] for name in exposed})
        return publish_open(shown, structure, self.policy, output="windows")

    def folders(self, folders: pd.DataFrame) -> PublishedTable:
        """Publish what SOURCE.md says of each folder; as in ``prepare.sources.Sources``."""
        return self("folders", folders.rename(columns={"origin": "origin_of_folder"}))

    def record(self, record: Mapping[str, object]) -> PublishedTable:
        """Publish the record of the import that a reader needs, line by line."""
        names = (
            *("origin", "source_file", "first_quarter", "last_quarter", "n_municipalities", "rows_read", "rows_used"),
            *("rows_excluded", "rows_refused", "source_sha256", "panel_sha256", "programme_sha256", "version"),
        )
        rows = [
            {"name": name, "words": value if isinstance(value, str) else None, "number": _number(value)}
            for name, value in ((name, record[name]) for name in names)
        ]
        return self("import", pd.DataFrame(rows).astype({"words": "str"}), origin=str(record["origin"]))

    def findings(self, findings: pd.DataFrame) -> PublishedTable:
        """Publish findings, errors first; columns as in ``stored_findings.FINDING_COLUMNS``."""
        order = findings["severity"].map(_SEVERITIES.index).sort_values(kind="stable").index
        return self("findings", _numbered(findings.loc[order]))

    def ledger(self, summary: pd.DataFrame) -> PublishedTable:
        """Publish a summary of the intake ledger; as from ``prepare.sources.summarise_ledger``."""
        return self("ledger", summary.fillna({"column": ".."}))

    def intakes(self, account: ParticipationAccount) -> PublishedTable:
        """Publish the account of the participants by intake."""
        sizes = [", ".join(map(str, found)) for found in account.by_intake["published_sizes"]]
        return self("intakes", account.by_intake.assign(published=sizes))

    def entries(self, account: ParticipationAccount) -> PublishedTable:
        """Publish the entries of the participants' list that are not simply one municipality with one start."""
        parts = [account.unresolved, account.districts, account.second, account.start_unknown]
        entries = pd.concat(parts)
        candidates = [" ".join(numbers) for numbers in entries["candidates"]]
        return self(
            "entries", _numbered(entries.assign(candidates=pd.Series(candidates, index=entries.index, dtype="str")))
        )

    def gaps(self, gaps: pd.DataFrame) -> PublishedTable:
        """Publish the gaps between the printed parts and their total; as from ``monitor.national.rounding_gaps``."""
        return self("gaps", _numbered(gaps))

    def units(self, coverage: pd.DataFrame) -> PublishedTable:
        """Publish the municipalities behind each period of Table 1; as from ``monitor.table_1.coverage``."""
        return self("units", coverage.assign(missing=coverage["missing"].replace("", "–")))

    def paths(self, paths: pd.DataFrame, name: str) -> PublishedTable:
        """Publish the mean path of a simulated panel's ``cohort`` or ``comparison``; as from ``design.paths``."""
        return self("paths", paths.assign(rate_pct=paths[name]))

    def seasons(self, ratios: pd.DataFrame) -> PublishedTable:
        """Publish the seasonal pattern, a column for each quarter; as from ``monitor.national.seasonal_ratios``."""
        wide = ratios.pivot(index="measure", columns="quarter_of_year", values="ratio").reindex(
            list(OUTCOME_OF_MEASURE)
        )
        return self("seasons", wide.set_axis([f"season_{quarter}" for quarter in wide.columns], axis=1).reset_index())

    def changes(self, changes: pd.DataFrame, *, step: float = 0.01) -> PublishedTable:
        """Publish the changes in Table 1; municipalities of the same printed rate stand ``step`` per cent apart."""
        return self("printed_changes", _placed(changes, "from_rate_pct", step, ["from_period"]))

    def contrast(self, contrast: LevelContrast) -> PublishedTable:
        """Publish the mean change of the lowest municipalities of Table 1 and of the others."""
        rows = {
            "group": ["low", "other"],
            "names": pd.Series([", ".join(contrast.low_units), None], dtype="str"),
            "n": [contrast.n_low, contrast.n_other],
            "mean_pp": [contrast.low_pp, contrast.other_pp],
        }
        return self("contrast", pd.DataFrame(rows))

    def levels(self, levels: pd.DataFrame, *, step: float = 1e-6) -> PublishedTable:
        """Publish a simulated panel's levels; as from ``estimate.null_findings.levels_around_start``."""
        return self("levels", _placed(levels, "before", step, ["role"]))

    def ways(self, findings: pd.DataFrame) -> PublishedTable:
        """Publish the answers of each way on simulated panels, of one or as averages of many."""
        if "n_panels" not in findings:
            return self("ways", findings)
        shares = {f"{side}_pct": 100 * findings[f"share_{side}"] for side in ("below", "above")}
        return self("many_ways", findings.assign(**shares))


def _number(value: object) -> float:
    return float("nan") if isinstance(value, str) else float(value)


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(row=[str(number) for number in range(1, len(rows) + 1)])


def _placed(rows: pd.DataFrame, level: str, step: float, by: Iterable[str]) -> pd.DataFrame:
    """Give every row a place of its own along the level, so that equal ones stand side by side."""
    ordered = rows.sort_values([level, "unit"])
    return rows.assign(place=ordered[level] + step * ordered.groupby([level, *by]).cumcount())
