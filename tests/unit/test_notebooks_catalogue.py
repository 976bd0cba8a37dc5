"""Every sentence of ``notebooks.po`` is used, and every sentence used is there."""

import re

import pandas as pd
import pytest
from notebook_samples import STARTS, bundled, lineage, panel_rows
from publish_samples import STANDARD
from test_source_tables import RECORD

from kvalitet_eval.monitor import table_1
from kvalitet_eval.prepare import coverage
from kvalitet_eval.prepare.sources import summarise_ledger
from kvalitet_eval.present import coverage_charts, coverage_tables, messages, published_charts, published_table
from kvalitet_eval.present import source_tables as st
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.stored_findings import findings_frame

published = OpenTables(STANDARD)
OWN = set(
    re.findall(r'^msgid "(.+)"$', (messages.LOCALE / "nb/LC_MESSAGES/notebooks.po").read_text("utf-8"), re.MULTILINE)
)


@pytest.fixture
def used(monkeypatch):
    """The keys that are looked up during a test."""
    seen = set()

    class Recording(dict):
        def __getitem__(self, key):
            seen.add(key)
            return super().__getitem__(key)

    catalogue = Recording(messages._catalogue("nb"))
    monkeypatch.setattr(messages, "_catalogue", lambda language: catalogue)
    return seen


def test_every_sentence_is_used(used):
    got = bundled()
    files = got.sources.files.assign(is_as_delivered=[False, *[True] * 7])
    members = pd.DataFrame({"municipality_number": ["0101"], "status": ["treated"]})
    panels = [panel_rows(("0101", "2007Q1", 1), ("0101", last, 1)) for last in ("2007Q2", "2007Q3")]
    cells = [coverage.panel_coverage(rows, members, got.config.outcomes[0]) for rows in panels]
    merged = coverage.merged(lineage(("1505", "2007Q1", "1503, 1556")))
    contrasts = [got.contrast, table_1.LevelContrast(2, 9, -0.1, -0.7, got.contrast.low_units)]

    st.folder_table(published.folders(got.sources.folders))
    st.file_table(published("files", files))
    st.ledger_table(published.ledger(summarise_ledger(got.sources.ledger)))
    st.finding_table(published.findings(findings_frame(got.account.findings)))
    st.finding_table(published.findings(findings_frame(got.account.findings)), about="table_1")
    for origin in ("observed", "syntetisk"):
        st.import_table(published.record({**RECORD, "origin": origin}))
    coverage_tables.participation_table(published.intakes(got.account), got.account)
    coverage_tables.entry_table(published.entries(got.account), got.register, 2008)
    coverage_tables.merged_table(published("merged", merged, origin="observed"), got.register, 2008)
    coverage_tables.published_cell_table(published("cells", got.cells))
    coverage_tables.gap_table(published.gaps(got.gaps))
    coverage_tables.season_table(published.seasons(got.ratios))
    coverage_charts.national_chart(published("national", got.series))
    coverage_charts.season_chart(published.seasons(got.ratios))
    for item in cells:
        by_status, by_quarter = coverage.coverage_by_status(item), coverage.coverage_by_quarter(item)
        coverage_tables.status_table(published("coverage", by_status, origin="observed"))
        coverage_charts.coverage_chart(published("quarters", by_quarter, origin="observed"))
    printed, periods = published("printed_rates", got.rates), published.windows(got.windows)
    other_number = got.rates["number_2007"] != got.rates["municipality_number"]
    renumbered = published("printed_rates", got.rates[~got.rates["is_total"] & other_number])
    published_table.rate_table(printed, periods)
    published_table.change_table(published.changes(got.changes), "P1")
    published_table.window_table(periods)
    published_table.direction_table(published("directions", table_1.direction_counts(got.changes)))
    published_table.unit_table(published.units(table_1.coverage(got.rates)))
    published_table.contrast_table(published.contrast(got.contrast))
    published_table.renumbered_table(renumbered, got.register, 2008, 2007)
    published_charts.window_chart(periods, STARTS)
    for contrast in contrasts:
        published_charts.level_chart(published.changes(got.changes), contrast)
    assert {key for key in used if key.startswith("notebook.")} == OWN
