import pytest

from kvalitet_eval.present import sentences


@pytest.mark.parametrize(
    ("verdict", "improvement", "direction"),
    [
        ("better", "decrease", "lower"),
        ("better", "increase", "higher"),
        ("worse", "decrease", "higher"),
        ("worse", "increase", "lower"),
        ("cannot_be_told", "decrease", "cannot_be_told"),
        ("consistent_with_regression_to_the_mean", "increase", "consistent_with_regression_to_the_mean"),
    ],
)
def test_direction(verdict, improvement, direction):
    assert sentences.effect_direction(verdict, improvement) == direction


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="verdict 'good' is none of better, worse"):
        sentences.conclusion("good", "observed")


def test_synthetic_figures_are_said_to_be_so():
    assert sentences.conclusion("cannot_be_told", "syntetisk").endswith("Tallene er syntetiske.")
    assert "syntetisk" not in sentences.conclusion("cannot_be_told", "observed")
    assert sentences.without_verdict("observed").startswith("Figuren beskriver")


@pytest.mark.parametrize("outcome", ["sick_leave_total", "sick_leave_self", "sick_leave_doctor"])
def test_outcomes_of_the_programme_have_words(outcome):
    assert "sykefravær" in sentences.outcome_name(outcome)
    assert sentences.outcome_definite(outcome).endswith("sykefraværet")
