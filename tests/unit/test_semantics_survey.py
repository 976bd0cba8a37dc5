"""Codebook, frame and responses of a survey must fit together."""

import pytest

from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.semantics.survey import check_survey, response_rates
from kvalitet_eval.present.messages import describe

CODEBOOK = "survey_id;question_id;question;dimension;scale_min;scale_max;better\nB;Q1;x;system;1;6;higher\n"
FRAME = "survey_id;municipality_number;unit;date;n_invited\nB;0542;school;2008-03;2\nB;0542;home;2008-03;1\n"
HEADER = "survey_id;municipality_number;unit;respondent;question_id;answer\n"


@pytest.fixture
def survey(tmp_path):
    """Three files of one survey, the responses given."""

    def written(responses, codebook=CODEBOOK, frame=FRAME):
        files = []
        for layout, content in (("codebook", codebook), ("frame", frame), ("responses", HEADER + responses)):
            path = tmp_path / f"{layout}.csv"
            path.write_text(content, encoding="utf-8")
            files.append(read(path, f"survey_{layout}"))
        return files

    return written


def test_a_survey_that_fits_has_no_findings(survey):
    assert check_survey(*survey("B;0542;school;1;Q1;1\nB;0542;school;2;Q1;6\nB;0542;home;1;Q1;\n")) == ()


@pytest.mark.parametrize(
    ("responses", "code", "line", "said"),
    [
        ("B;0542;school;1;Q1;1\nB;0542;school;1;Q2;1\n", "INN-S30", 3, "Spørsmålet «Q2» i undersøkelsen B"),
        ("B;0542;school;1;Q1;7\n", "INN-S31", 2, "Svaret 7 ligger utenfor skalaen for spørsmålet Q1, som går fra 1"),
        ("B;0542;school;1;Q1;0,5\n", "INN-S31", 2, "Svaret 0,5"),
        ("B;0542;hall;1;Q1;1\n", "INN-S32", 2, "enheten «hall» i kommune 0542"),
        ("B;0542;home;1;Q1;1\nB;0542;home;2;Q1;1\n", "INN-S33", 2, "2 personer har svart"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_line(survey, responses, code, line, said):
    found = check_survey(*survey(responses))
    assert [(item.code, item.line, item.severity) for item in found] == [(code, line, "error")]
    assert said in describe(found)


def test_all_that_does_not_fit_is_told_at_once(survey):
    found = check_survey(*survey("B;0542;hall;1;Q1;9\nB;0542;hall;1;Q3;1\n"))
    assert [item.code for item in found] == ["INN-S31", "INN-S32", "INN-S30"]


def test_response_rates_count_persons_with_an_answer_and_keep_places_without(survey):
    files = survey("B;0542;school;1;Q1;1\nB;0542;school;2;Q1;\n")
    rates = response_rates(*files[1:]).set_index("unit")
    assert rates["n_answered"].to_dict() == {"school": 1, "home": 0}
    assert rates["response_pct"].to_dict() == {"school": 50.0, "home": 0.0}
