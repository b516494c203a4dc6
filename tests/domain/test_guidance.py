"""The one next step, from the page to the debrief, and the five stations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from cockpit.domain.events import Event, Kind
from cockpit.domain.guidance.next_step import Advice, next_step, stations
from cockpit.domain.incident import fold
from cockpit.domain.playbook import Fact
from cockpit.playbooks.loader import load_playbook, profile_names
from tests.domain.lines import PAGE, Lines, opened, pulled, replay, state_of
from tests.domain.strategies import journals

LEAK: dict[str, Fact] = {"leak_seen": True, "injection_seen": True, "users_harmed": 3.0}
DEAR: dict[str, Fact] = {"cost_ratio": 40.0}
Step = tuple[float, Kind, Mapping[str, Any]]

ACK: Step = (20, Kind.ACKNOWLEDGED, {})
SEV1: Step = (40, Kind.SEVERITY_SET, {"severity": "SEV1"})
SEV2: Step = (40, Kind.SEVERITY_SET, {"severity": "SEV2"})
DECLARED: Step = (41, Kind.DECLARED, {})
FREEZE: Step = (50, Kind.EVIDENCE_FROZEN, {})
KILL: Step = pulled(60, "kill_switch")
IC: Step = (70, Kind.ROLE_TAKEN, {"role": "ic"})
TOLD: Step = (80, Kind.UPDATE_POSTED, {"audience": "team", "state": "investigating", "text": "…"})
PROVEN: tuple[Step, ...] = ((62, Kind.LEVER_APPLIED, {"op": "L1"}), (100, Kind.LEVER_PROVEN, {"op": "L1"}))
CONTAINED: Step = (200, Kind.CONTAINED, {})
MITIGATED: Step = (210, Kind.UPDATE_POSTED, {"audience": "team", "state": "monitoring", "text": "…"})
CLASS: Step = (220, Kind.CLASS_SET, {"class": "pii_leak"})
LAYER: Step = (240, Kind.LAYER_SET, {"layer": "retrieval"})
SHAPE: Step = (
    250,
    Kind.CHARACTERISED,
    {"since": "02:04", "fraction": 0.1, "shape": "leak", "reproducible": "3/3", "changed": "index"},
)
PARTLY: Step = (250, Kind.CHARACTERISED, {"since": "02:04"})
SCOPE: Step = (260, Kind.SCOPE_SET, {"routes": ["/support"]})
CANARY: Step = (1500, Kind.CANARY_OPENED, {"percent": 5.0, "op": "L2", "reopens": ["L1"]})
FULL: Step = (2800, Kind.CANARY_WIDENED, {"percent": 100.0, "op": "L3", "reopens": ["L1"]})
PASSED: Step = (2870, Kind.CANARY_PASSED, {"percent": 100.0, "reopened": ["L1"]})
CLEAR: Step = (2900, Kind.ALL_CLEAR_GIVEN, {})
RESOLVED: Step = (2910, Kind.UPDATE_POSTED, {"audience": "team", "state": "resolved", "text": "…"})
LOUD: Step = (1900, Kind.UPDATE_POSTED, {"audience": "team", "state": "monitoring", "text": "…"})


def answers(at: float, **given_: str) -> list[Step]:
    return [(at, Kind.QUESTION_ANSWERED, {"question": name, "answer": answer}) for name, answer in given_.items()]


TREE = answers(230, at_risk="yes", on_the_wire="yes", changed="index", undone="cannot", layer="retrieval")
HELD = [ACK, SEV1, DECLARED, FREEZE, KILL, *PROVEN, IC, TOLD]
KNOWN = [*HELD, CONTAINED, MITIGATED, CLASS, *TREE, LAYER, SHAPE, SCOPE]


@pytest.mark.parametrize(
    ("steps", "seconds", "facts", "action", "words"),
    [
        ([], 5, LEAK, "acknowledge", "Acknowledge"),
        ([ACK], 25, LEAK, "set_severity", "Call SEV1"),
        ([ACK], 25, {}, "set_severity", "Look at the signals"),
        ([ACK, SEV2], 45, LEAK, "set_severity", "Raise the severity to SEV1"),
        ([ACK, SEV1], 45, LEAK, "freeze_evidence", "Freeze"),
        ([ACK, SEV1, FREEZE], 55, LEAK, "pull_lever", "Pull Kill switch."),
        ([ACK, SEV2], 45, DEAR, "answer", "at risk"),
        ([ACK, SEV2, *answers(50, at_risk="no")], 55, DEAR, "set_class", "class"),
        (
            [ACK, SEV2, FREEZE, *answers(50, at_risk="no", changed="tool")],
            55,
            DEAR,
            "pull_lever",
            "Pull Disable tool.",
        ),
        ([ACK, SEV1, DECLARED, FREEZE, KILL], 65, LEAK, "take_role", "command"),
        ([ACK, SEV1, DECLARED, FREEZE, KILL, IC], 75, LEAK, "post_update", "update"),
        ([ACK, SEV1, DECLARED, FREEZE, KILL, IC, TOLD], 85, LEAK, "", "pulled, not proven"),
        (HELD, 120, LEAK, "", "is proven"),
        ([*HELD, *answers(230, at_risk="yes", on_the_wire="no")], 300, LEAK, "pull_lever", "Pull Guardrail block."),
        ([*HELD, CONTAINED], 205, LEAK, "post_update", "monitoring"),
        ([*HELD, CONTAINED, MITIGATED], 215, LEAK, "set_class", "class"),
        ([*HELD, CONTAINED, MITIGATED, CLASS], 225, LEAK, "answer", "at risk"),
        ([*HELD, CONTAINED, MITIGATED, CLASS, *TREE], 235, LEAK, "set_layer", "layer"),
        ([*HELD, CONTAINED, MITIGATED, CLASS, *TREE, LAYER], 245, LEAK, "characterise", "since"),
        (KNOWN, 300, LEAK, "open_canary", "5 % canary"),
        ([*HELD, CONTAINED, MITIGATED, CLASS, *TREE, LAYER, PARTLY], 255, LEAK, "set_scope", "scope"),
        ([*HELD, CONTAINED, MITIGATED, CLASS, *TREE, LAYER, PARTLY, SCOPE], 300, LEAK, "open_canary", "5 % canary"),
        (KNOWN, 1990, LEAK, "post_update", "monitoring"),
        ([*KNOWN, CANARY], 1600, LEAK, "", "Watch the 5 % canary"),
        ([*KNOWN, CANARY, LOUD], 2750, LEAK, "widen_canary", "100 %"),
        ([*KNOWN, CANARY, LOUD, FULL], 2820, LEAK, "", "everybody"),
        ([*KNOWN, CANARY, LOUD, FULL, PASSED], 2880, LEAK, "post_update", "resolved"),
        ([*KNOWN, CANARY, LOUD, FULL, PASSED, RESOLVED], 2915, LEAK, "all_clear", "all-clear"),
        ([*KNOWN, CANARY, LOUD, FULL, PASSED, CLEAR], 2905, {}, "post_update", "resolved"),
        ([*KNOWN, CANARY, LOUD, FULL, PASSED, CLEAR, RESOLVED], 2915, {}, "end_drill", "debrief"),
        ([*KNOWN, CLEAR, RESOLVED], 2915, {}, "undo_lever", "Kill switch"),
        ([*KNOWN, (3000, Kind.DRILL_ENDED, {"reason": "x"})], 3001, {}, "", "debrief"),
    ],
)
def test_the_next_step(steps: list[Step], seconds: float, facts: dict[str, Fact], action: str, words: str) -> None:
    advice = next_step(load_playbook(), state_of(*steps), facts, PAGE + timedelta(seconds=seconds))
    assert (advice.action, words in advice.text) == (action, True), advice


def test_before_the_page_there_is_only_watching() -> None:
    lines = Lines()
    lines.add(-5, Kind.INCIDENT_OPENED, mode="drill")
    assert next_step(load_playbook(), lines.state, {}, PAGE).action == ""


@pytest.mark.parametrize(("profile", "action"), [("s4", "set_layer"), ("s2", "set_class"), ("s0", "pull_lever")])
def test_the_profile_says_what_comes_before_the_first_lever(profile: str, action: str) -> None:
    severity = "S2" if profile == "s4" else "SEV2"
    steps = [ACK, (40, Kind.SEVERITY_SET, {"severity": severity}), *answers(50, at_risk="no", changed="prompt")]
    if profile == "s4":
        steps.append((52, Kind.CLASS_SET, {"class": "drift"}))
    playbook = load_playbook(profile)
    advice = next_step(playbook, state_of(*steps), {"quality_drop": 3.0}, PAGE + timedelta(seconds=60))
    assert advice.action == action


@given(journals())
def test_there_is_always_something_to_do_and_a_reason(events: list[Event]) -> None:
    playbook = load_playbook()
    for state in replay(events):
        advice = next_step(playbook, state, LEAK, state.last_at or PAGE)
        assert isinstance(advice, Advice)
        assert advice.text
        assert advice.why
        assert len(stations(state, state.last_at or PAGE)) == 5


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_guides(profile: str) -> None:
    playbook = load_playbook(profile)
    assert next_step(playbook, opened().state, LEAK, PAGE).action == "acknowledge"


def test_following_the_advice_ends_at_the_debrief() -> None:
    """Do what is said, with the wire answering as it should, and arrive."""
    lines, now, seen = opened(), 10.0, []
    for _ in range(60):
        advice = next_step(load_playbook(), lines.state, LEAK, PAGE + timedelta(seconds=now))
        seen.append(advice.action)
        if lines.state.ended:
            break
        _follow(lines, advice, now)
        now += 60
    assert lines.state.ended
    assert (
        seen.index("freeze_evidence") < seen.index("pull_lever") < seen.index("open_canary") < seen.index("all_clear")
    )


def _follow(lines: Lines, advice: Advice, now: float) -> None:
    state = lines.state
    question = next(
        (
            name
            for name in ("at_risk", "on_the_wire", "changed", "undone", "layer")
            if name not in state.triage.answers
        ),
        "",
    )
    right = {"at_risk": "yes", "on_the_wire": "yes", "changed": "index", "undone": "cannot", "layer": "retrieval"}
    done: dict[str, tuple[Kind, Mapping[str, Any]]] = {
        "acknowledge": (Kind.ACKNOWLEDGED, {}),
        "set_severity": SEV1[1:],
        "declare": (Kind.DECLARED, {}),
        "freeze_evidence": (Kind.EVIDENCE_FROZEN, {}),
        "pull_lever": KILL[1:],
        "take_role": IC[1:],
        "post_update": RESOLVED[1:] if "resolved" in advice.text else TOLD[1:],
        "set_class": CLASS[1:],
        "set_layer": LAYER[1:],
        "set_scope": SCOPE[1:],
        "characterise": SHAPE[1:],
        "answer": (Kind.QUESTION_ANSWERED, {"question": question, "answer": right.get(question, "")}),
        "open_canary": CANARY[1:],
        "widen_canary": FULL[1:],
        "all_clear": (Kind.ALL_CLEAR_GIVEN, {}),
        "end_drill": (Kind.DRILL_ENDED, {"reason": "done"}),
    }
    wire: dict[str, tuple[tuple[Kind, Mapping[str, Any]], ...]] = {
        "pull_lever": ((Kind.LEVER_APPLIED, {"op": "L1"}), (Kind.LEVER_PROVEN, {"op": "L1"}), CONTAINED[1:]),
    }
    if advice.action:
        for kind, payload in (done[advice.action], *wire.get(advice.action, ())):
            lines.add(now, kind, **dict(payload))
    elif state.canary and state.canary.percent >= 100:
        lines.add(now, PASSED[1], **dict(PASSED[2]))


@pytest.mark.parametrize(
    ("steps", "seconds", "expected"),
    [
        ([], 10, "now todo todo todo todo"),
        ([ACK, SEV1], 45, "done now todo todo todo"),
        ([ACK, SEV1, CLASS, *answers(230, at_risk="yes")], 240, "done done now todo todo"),
        ([ACK, SEV1, CONTAINED], 240, "done now done todo todo"),
        ([ACK, SEV1, CLASS, *answers(230, at_risk="yes"), CONTAINED, CLEAR], 3000, "done done done done now"),
    ],
)
def test_the_stations(steps: list[Step], seconds: float, expected: str) -> None:
    views = stations(state_of(*steps), PAGE + timedelta(seconds=seconds))
    assert " ".join(view.status for view in views) == expected


def test_a_station_that_is_done_says_how_long_after_the_page() -> None:
    views = stations(state_of(ACK, SEV1), PAGE + timedelta(seconds=100))
    assert (views[0].elapsed_s, views[1].elapsed_s) == (40, 60)


def test_stations_before_the_page_all_wait() -> None:
    lines = Lines()
    lines.add(-5, Kind.INCIDENT_OPENED, mode="drill")
    assert {view.status for view in stations(fold(lines.events), PAGE)} == {"todo"}
