"""Profiles, their limits and their hash."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kvalitet_eval.errors import ConfigError
from kvalitet_eval.publish import PROFILES, Policy
from kvalitet_eval.publish.policy import FOLDER


def test_three_profiles_that_differ_in_the_minimum_alone():
    policies = [Policy.load(name) for name in PROFILES]
    assert [policy.minimum for policy in policies] == [3, 5, 10]
    assert [policy.name for policy in policies] == ["ssb", "standard", "streng"]
    assert len({policy.model_copy(update={"name": "x", "minimum": 3}).sha256 for policy in policies}) == 1
    assert Policy.load() == policies[1]


def test_every_rule_is_on_in_every_profile():
    for name in PROFILES:
        policy = Policy.load(name)
        assert policy.protect_zeros
        assert policy.protect_full
        assert policy.protect_complement
        assert policy.interval
        assert (policy.dominance_n, policy.dominance_pct) == (2, 90)
        assert (policy.percentile_minimum, policy.residual_df_minimum) == (10, 10)


@pytest.mark.parametrize("name", sorted(set(Policy.model_fields)))
def test_any_setting_changes_the_hash(name):
    policy = Policy.load()
    value = getattr(policy, name)
    other = (not value) if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else value + 1
    assert policy.model_copy(update={name: other}).sha256 != policy.sha256


def test_a_comment_does_not_change_the_hash(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("# another comment\n" + (FOLDER / "streng.toml").read_text("utf-8"), "utf-8")
    assert Policy.load(path).sha256 == Policy.load("streng").sha256


def test_the_footer_names_profile_minimum_and_hash():
    policy = Policy.load("ssb")
    assert policy.footer == f"ssb 3 {policy.sha256[:12]}"


def test_an_unknown_profile_is_refused():
    with pytest.raises(ConfigError) as caught:
        Policy.load("sbb")
    assert caught.value.findings[0].code == "PUB-01"
    assert "ssb, standard, streng" in str(caught.value)


def test_faulty_settings_are_refused_all_at_once_with_their_lines(tmp_path):
    path = tmp_path / "weak.toml"
    path.write_text('name = "weak"\nminimum = 2\npercentile_minimum = 5\ninterval = "yes"\nnew = 1\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        Policy.load(path)
    found = {(item.code, item.column, item.line, item.found) for item in caught.value.findings}
    assert found == {
        ("PUB-02", "minimum", 2, "2"),
        ("PUB-02", "percentile_minimum", 3, "5"),
        ("PUB-02", "interval", 4, "yes"),
        ("PUB-02", "new", 5, "1"),
    }


@pytest.mark.parametrize("content", [b"minimum = ", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        Policy.load(path)
    assert caught.value.findings[0].code == "PUB-02"


WEAK = {
    "minimum": "2", "percentile_minimum": "9", "residual_df_minimum": "9", "dominance_n": "0", "dominance_pct": "0.0",
    "width_pct": "0.0",
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [*WEAK.items(), ("dominance_pct", "100.5"), ("width_pct", "inf")])
def test_no_profile_is_weaker_than_any_may_be_or_asks_for_what_no_table_has(tmp_path, name, value):
    path = tmp_path / "weak.toml"
    settings = {"name": '"weak"', "minimum": "5", name: value}
    path.write_text("\n".join(f"{key} = {said}" for key, said in settings.items()), "utf-8")
    with pytest.raises(ConfigError) as caught:
        Policy.load(path)
    assert [(item.code, item.column) for item in caught.value.findings] == [("PUB-02", name)]


def test_a_profile_does_not_change_after_it_was_hashed():
    with pytest.raises(ValidationError, match="frozen"):
        Policy.load().minimum = 3
