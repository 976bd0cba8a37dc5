import pandas as pd
import pytest
from notebook_samples import bundled
from publish_samples import STANDARD
from report_samples import sample_chart, sample_table, words

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.coverage_charts import season_chart
from kvalitet_eval.present.coverage_tables import gap_table
from kvalitet_eval.report.display import show
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)


def test_chart_is_shown_with_plotly_and_as_the_page_has_it():
    bundle = show(season_chart(published.seasons(bundled().ratios)))._repr_mimebundle_()
    names = {trace.get("name") for trace in bundle["application/vnd.plotly.v1+json"]["data"]}
    assert "Egenmeldt sykefravær" in names
    assert "<svg" in bundle["text/html"]


def test_table_is_shown_as_html():
    bundle = show(gap_table(published.gaps(bundled().gaps)))._repr_mimebundle_()
    assert "<table" in bundle["text/html"]
    assert "+0,1" in bundle["text/html"]


def test_text_is_shown_as_a_paragraph_and_escaped():
    assert "<p>A &lt;b&gt; sentence.</p>" in show(words("A <b> sentence."))._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("item", [pd.DataFrame({"a": [1]}), 3, None, "A sentence.", sample_chart(), sample_table()])
def test_something_else_is_refused_by_name(item):
    with pytest.raises(ReportError) as caught:
        show(item)
    assert type(item).__name__ in str(caught.value)
    assert caught.value.findings[0].code == "RAP-11"
