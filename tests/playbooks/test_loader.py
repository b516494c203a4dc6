"""Shipped playbooks are whole, a team's own come first, and what is wrong is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.facts import ASSERTED, FACTS
from cockpit.domain.levers import Lever
from cockpit.errors import BadInput, ScenarioError
from cockpit.playbooks.loader import (
    SHIPPED,
    load_playbook,
    load_profile,
    parse_profile,
    profile_names,
    profile_path,
    profile_text,
)
from tests.examples import examples


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profiles_are_whole(name: str) -> None:
    playbook = load_playbook(name)
    profile = playbook.profile
    assert profile.name == name
    assert {spec.name for spec in playbook.levers} == set(Lever)
    assert [spec.rung for spec in playbook.levers][:7] == [1, 2, 3, 4, 5, 6, 7]
    assert set(profile.targets_s) == set(profile.scale)
    assert all(one.layer in playbook.layers for one in profile.classes)
    assert len(playbook.symptoms) == 9
    assert len(playbook.templates) == 16


def test_the_five_profiles_are_there_with_the_default_first() -> None:
    assert profile_names() == ("default", "s0", "s2", "s3", "s4")


@pytest.mark.parametrize(
    ("name", "scale", "first_target", "every", "due_h", "hats"),
    [
        ("default", ("SEV1", "SEV2", "SEV3", "SEV4"), 900, 1800, 48, True),
        ("s0", ("SEV1", "SEV2", "SEV3"), 300, 1800, 12, True),
        ("s2", ("SEV1", "SEV2", "SEV3", "SEV4"), 900, 1800, 48, True),
        ("s3", ("SEV1", "SEV2", "SEV3"), 900, 1800, 48, True),
        ("s4", ("S1", "S2", "S3"), 90, 1800, 48, False),
    ],
)
def test_where_the_documents_disagree(
    name: str, scale: tuple[str, ...], first_target: float, every: float, due_h: float, hats: bool
) -> None:
    profile = load_profile(name)
    assert profile.scale == scale
    assert profile.targets_s[scale[0]] == first_target
    assert profile.cadence.every_s == every
    assert profile.postmortem_due_s == due_h * 3600
    assert profile.many_hats is hats


def test_order_depends_on_the_profile_and_sometimes_on_the_severity() -> None:
    assert ("first_lever", "set_layer") in load_profile("default").order_for("SEV2")
    assert ("set_layer", "first_lever") in load_profile("s4").order_for("S2")
    assert ("first_lever", "set_layer") in load_profile("s4").order_for("S1")


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("kind", ["pii_leak", "cost_runaway", "drift", "capability_regression", "injection"])
def test_a_class_of_one_profile_has_a_word_in_the_others(name: str, kind: str) -> None:
    known = load_profile(name).class_for(kind)
    assert known is not None or (name, kind) == ("s4", "cost_runaway")


def test_the_tree_puts_only_known_facts_on_record() -> None:
    options = [option for question in load_playbook().questions.values() for option in question.options]
    assert {fact for option in options for fact in option.asserts or {}} <= set(ASSERTED)
    assert {fact for question in load_playbook().questions.values() for fact in question.evidence} <= set(FACTS)
    assert all(option.advice for option in options)


def test_a_profile_can_be_read_back_from_its_text() -> None:
    for name in profile_names():
        assert parse_profile(profile_text(name)) == load_profile(name)


def test_a_teams_own_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    own = (
        profile_text("default").replace("title: Merged default", "title: Ours").replace("name: default", "name: ours")
    )
    (tmp_path / "profiles" / "ours.yaml").write_text(own, encoding="utf-8")
    tree = (SHIPPED / "tree.yaml").read_text("utf-8").replace("Are users at risk right now?", "Is it bad?")
    (tmp_path / "tree.yaml").write_text(tree, encoding="utf-8")
    playbook = load_playbook("ours", tmp_path)
    assert playbook.profile.title == "Ours"
    assert playbook.questions["at_risk"].text == "Is it bad?"
    assert len(playbook.levers) == 17
    assert "ours" in profile_names(tmp_path)
    assert load_profile(tmp_path / "profiles" / "ours.yaml").name == "ours"


def test_an_unknown_profile_suggests_a_known_one() -> None:
    with pytest.raises(BadInput, match=r"no profile 'defualt'; did you mean 'default'"):
        profile_path("defualt")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("many_hats: true", "many_hats: yes", "many_hats"),
        ("many_hats: true", "", "many_hats is missing"),
        ("many_hats: true", "many_hats: true\nmany_heads: true", "unknown field 'many_heads'"),
        ("when: [cost_ratio > 100]", "when: [cost_ration > 100]", "did you mean 'cost_ratio'"),
        ("when: [cost_ratio > 100]", "when: [cost_ratio over 100]", "write a condition as"),
        ("when: [cost_ratio > 100]", "when: [leak_seen > true]", "needs a number"),
        ("id: cost_100, severity: SEV1", "id: cost_100, severity: SEV9", "'SEV9' does not exist"),
        ("SEV4: 24h", "SEV4: 24", "write a span"),
        ("SEV4: 24h}", "}", "no target for SEV4"),
        ("[ack, first_lever]", "[akc, first_lever]", "did you mean 'ack'"),
        ("[ack, first_lever]", "[]", "order.0.0 is missing"),
        (
            "levers: [kill_switch, guardrail_block, disable_tenant]",
            "levers: [kill_swich]",
            "did you mean 'kill_switch'",
        ),
        ("id: injection_class", "id: leak_class", "rule 'leak_class' is there twice"),
        ("name: default", "name: default\nname: again", "twice"),
        ("name: default", "name: &a default", "nchor"),
        ("name: default", "name: !!python/name:os.system default", "ag"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, message: str) -> None:
    text = profile_text("default")
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        parse_profile(text.replace(old, new, 1), "ours.yaml")
    assert message in caught.value.message or message in str(caught.value)
    assert str(caught.value).startswith("ours.yaml:")
    assert caught.value.line is not None


def test_the_line_is_the_right_one() -> None:
    text = profile_text("default")
    wanted = next(number for number, line in enumerate(text.splitlines(), 1) if "cost_ratio > 100" in line)
    with pytest.raises(ScenarioError) as caught:
        parse_profile(text.replace("cost_ratio > 100", "cost_ratio >> 100"), "ours.yaml")
    assert caught.value.line == wanted


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("tree.yaml", "then: on_the_wire", "then: on_the_wier", "did you mean 'on_the_wire'"),
        ("tree.yaml", "then: undone", "then: at_risk", "circle"),
        ("tree.yaml", "asserts: {users_at_risk: true}", "asserts: {leak_seen: true}", "leak_seen"),
        ("levers.yaml", "rung: 2", "rung: 1", "twice"),
        ("levers.yaml", "name: flush_cache", "name: clear_sessions", "twice"),
        ("templates.yaml", "$service:", "$servise:", "did you mean 'service'"),
        ("templates.yaml", "audience: team", "audience: everybody", "everybody"),
        ("symptoms.yaml", "first_step:", "firststep:", "firststep"),
    ],
)
def test_the_other_files_are_checked_as_strictly(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    text = (SHIPPED / file).read_text("utf-8")
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"{file}:") as caught:
        load_playbook("default", tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_000_001, b"", b"- 1", b"a: [", b"\x00"])
def test_files_that_are_no_playbook_are_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"bad\.yaml"):
        load_profile(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        load_profile(tmp_path / "gone.yaml")


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        parse_profile(text)


@given(st.data())
@settings(max_examples=examples(20), deadline=None)
def test_a_file_with_a_line_missing_or_doubled_is_read_or_refused(data: st.DataObject) -> None:
    lines = profile_text("s0").splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    changed = [*lines[:place], *([lines[place]] * data.draw(st.sampled_from([0, 2]))), *lines[place + 1 :]]
    problem = None
    try:
        parse_profile("\n".join(changed), "s0.yaml")
    except ScenarioError as raised:
        problem = raised
    assert problem is None or (problem.line is not None and str(problem).startswith("s0.yaml:"))
