"""138 published, N in the register: the account of who took part."""

import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.participants import ENTRY_STATUSES
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import describe, text


@pytest.fixture(scope="module")
def account():
    config = load_config(PROGRAMME)
    return participation_account(config, load_register(config))


def test_138_published_and_62_in_the_register(account):
    assert (account.published, account.n_in_register, account.n_unnamed) == (138, 62, 74)


def test_the_entries_of_the_list_balance(account):
    parts = (
        account.n_with_start,
        account.n_start_unknown,
        account.n_second,
        account.n_unresolved,
        account.n_districts,
    )
    assert parts == (57, 5, 2, 1, 1)
    assert sum(parts) == account.n_entries == 66


def test_each_intake_beside_its_published_sizes(account):
    table = account.by_intake.set_index("intake")
    assert table["n_entries"].to_dict() == {"innsats": 12, "pulje_1": 3, "pulje_2": 44, "pulje_3": 0, "pulje_4": 2}
    assert table["agrees"].to_dict() == {
        "innsats": True,
        "pulje_1": False,
        "pulje_2": True,
        "pulje_3": False,
        "pulje_4": False,
    }
    assert table.loc["pulje_2", "published_sizes"] == (46, 49, 44)
    assert table.loc["pulje_2", ["n_with_start", "n_second", "n_unresolved", "n_districts"]].tolist() == [40, 2, 1, 1]
    assert table.loc["pulje_1", "n_unproven"] == 3


def test_who_is_behind_the_counts(account):
    assert account.unresolved["name"].tolist() == ["Sande"]
    assert account.districts["name"].tolist() == ["Bydel Nordre Aker"]
    assert sorted(account.second["name"]) == ["Mandal", "Ullensaker"]
    assert sorted(account.start_unknown["name"]) == ["Alta", "Grue", "Rana", "Steinkjer", "Strand"]


def test_an_intake_without_names_and_one_with_disagreeing_sources_are_reported(account):
    message = describe([item for item in account.findings if item.code == "REG-29"])
    assert "Deltakerlista har 0 navn i Pulje III. Publisert antall: 34." in message
    assert "Deltakerlista har 44 navn i Pulje II. Publisert antall: 46, 49, 44." in message
    assert "Innsatskommuner" not in message


@pytest.mark.parametrize("status", ENTRY_STATUSES)
def test_every_status_of_an_entry_has_a_word_for_readers(status):
    assert text(f"entry.{status}")
