"""Who knows what: each layer needs one of three kinds of knowledge."""

from __future__ import annotations

import pytest

from cockpit.domain.expertise import KINDS, NEEDED, tagged, to_ask, who_knows
from cockpit.playbooks.loader import load_playbook

TEAM = {"ada": ["software"], "bo": ["ml", "data"], "cy": []}


@pytest.mark.parametrize(
    ("layer", "names"),
    [("tool", ("ada",)), ("infra", ("ada",)), ("model", ("bo",)), ("prompt", ("bo",)), ("retrieval", ("bo",))],
)
def test_a_layer_has_its_people(layer: str, names: tuple[str, ...]) -> None:
    assert who_knows(layer, TEAM) == names


def test_every_layer_of_the_playbook_needs_something() -> None:
    assert set(NEEDED) == set(load_playbook("default").layers)
    assert set(NEEDED.values()) == set(KINDS)


def test_a_gap_is_said() -> None:
    assert to_ask("retrieval", TEAM) == "retrieval needs data: bo"
    assert to_ask("model", {"ada": ["software"]}) == "model needs ml: nobody here is named for it"


def test_nothing_is_said_where_nobody_says_who_knows_what() -> None:
    assert to_ask("model", {}) == to_ask("", TEAM) == ""


def test_names_carry_what_they_know() -> None:
    assert tagged("bo", TEAM) == "bo (ml, data)"
    assert tagged("cy", TEAM) == tagged("cy", {}) == "cy"
