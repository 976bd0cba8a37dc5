import dataclasses
import hashlib
from types import SimpleNamespace

from publish_samples import STANDARD
from report_samples import FACTS

from kvalitet_eval.report.facts import RunFacts


def test_run_id_is_the_beginning_of_a_hash_of_version_data_programme_and_policy():
    assert FACTS.run_id == hashlib.sha256(f"0.1.0 {'a' * 64} {'b' * 64} {STANDARD.sha256}".encode()).hexdigest()[:12]


def test_run_id_changes_with_each_of_the_four_and_with_nothing_else():
    for name in ("version", "data_sha256", "programme_sha256", "policy_sha256"):
        assert dataclasses.replace(FACTS, **{name: "x"}).run_id != FACTS.run_id
    assert dataclasses.replace(FACTS, source="x", period="y", method="z", n_municipalities=1).run_id == FACTS.run_id


def test_facts_are_collected_from_the_programme_file(tmp_path):
    path = tmp_path / "kkp.toml"
    path.write_bytes(b"hello")
    values = {"source": "s", "period": "p", "method": "m", "n_municipalities": 430, "data_sha256": "d"}
    facts = RunFacts.collect(SimpleNamespace(path=path), STANDARD, **values)
    assert facts.programme_sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert facts.version[0].isdigit()
    assert (facts.policy, facts.policy_minimum, facts.policy_sha256) == ("standard", 5, STANDARD.sha256)
