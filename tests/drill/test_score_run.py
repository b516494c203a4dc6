"""A drill is scored from its journal alone: what must always hold, and what each part looks at."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cockpit.domain.events import Event, Kind
from cockpit.drill.score import score_run
from cockpit.drill.score.case import Case, Opening
from cockpit.drill.score.model import WEIGHTS
from cockpit.drill.score.run import MILESTONES, score_case
from cockpit.errors import BadInput
from tests.domain.lines import Lines
from tests.domain.strategies import steps as drawn_steps
from tests.drill.runs import ACME, Steps, laid_out, played, retold
from tests.examples import examples

LEAK = "injection-leak"
LATE: Steps = (("00:20", "acknowledge", ()), ("30:00", "pull_lever", (("lever", "kill_switch"),)))


def acme(**edits: Any) -> Case:
    return retold(laid_out(LEAK, ACME), **edits)


def value(case: Case, part: str) -> float:
    found = score_case(case).parts[part].value
    assert found is not None
    return found


def gate_ids(case: Case) -> list[str]:
    return [gate.id for gate in score_case(case).gates]


def test_nothing_scores_0_and_the_reference_1() -> None:
    assert score_case(laid_out(LEAK, ())).parts["outcome"].value == 0.0
    assert score_case(laid_out(LEAK, None)).parts["outcome"].value == 1.0


def test_the_acme_night_contains_well_and_waiting_does_not() -> None:
    assert value(acme(), "outcome") >= 0.9
    assert 0.0 < value(laid_out(LEAK, LATE), "outcome") < 0.6


def test_doing_nothing_is_worth_nothing() -> None:
    score = score_case(laid_out(LEAK, ()))
    assert score.total == 0.0
    assert {name: part.value for name, part in score.parts.items()} == {
        name: None if name == "learn" else 0.0 for name in WEIGHTS
    }


def test_the_json_is_the_contracts() -> None:
    score = score_run(played(LEAK, ACME)).as_json()
    assert list(score) == [
        "format", "incident", "scenario", "seed", "profile", "total", "parts", "gates", "times", "harm", "evidence",
        "journal",
    ]  # fmt: skip
    assert score["format"] == "cockpit.score/1"
    assert list(score["parts"]) == list(score["evidence"]) == list(WEIGHTS)
    assert list(score["times"]) == list(MILESTONES)
    assert set(score["harm"]) == {"unit", "yours", "nothing", "reference"}
    assert score["journal"] == {"events": len(played(LEAK, ACME)), "head": played(LEAK, ACME)[-1].hash}
    assert score["harm"]["reference"] < score["harm"]["yours"] < score["harm"]["nothing"]


def test_the_same_run_gives_the_same_bytes() -> None:
    first = json.dumps(score_run(played(LEAK, ACME)).as_json())
    played.cache_clear()
    second = score_run(played(LEAK, ACME)).as_json()
    head = json.loads(first)["journal"]["head"]
    second["journal"]["head"] = head
    assert json.dumps(second) == first


def test_times_are_after_the_page_and_onset_before_it() -> None:
    times = score_case(laid_out(LEAK, ACME)).times
    assert times["page"] == 0.0
    assert times["ack"] == 20.0
    assert times["first_lever"] == 240.0
    assert times["onset"] is not None
    assert times["onset"] < 0
    assert times["contained"] is not None
    assert 240.0 <= times["contained"] <= 300.0
    assert times["verified"] is not None
    assert times["verified"] > times["contained"]
    assert times["fixture_done"] is None


@pytest.mark.parametrize("steps", [ACME, LATE, None])
def test_every_point_is_tied_to_lines_of_the_journal(steps: Steps | None) -> None:
    case = laid_out(LEAK, steps)
    score = score_case(case)
    known = {event.seq for event in case.events}
    for part in score.parts.values():
        assert set(part.seqs) <= known
        assert part.seqs or not part.value
        assert part.why
    for gate in score.gates:
        assert gate.seqs
        assert set(gate.seqs) <= known


def test_what_was_left_out_of_the_journal_can_not_be_scored() -> None:
    with pytest.raises(BadInput, match="nothing to score"):
        score_run([])
    live = Lines()
    live.add(0, Kind.INCIDENT_OPENED, mode="live", title="x")
    with pytest.raises(BadInput, match="is no drill"):
        score_run(live.events)


@pytest.mark.parametrize("profile", ["default", "s0", "s2", "s3", "s4"])
def test_every_profile_scores(profile: str) -> None:
    score = score_case(retold(laid_out(LEAK, None), profile=profile))
    assert 40.0 < score.total <= 100.0
    assert score.profile == profile


def test_the_total_is_the_weighted_mean_of_what_is_scored() -> None:
    score = score_case(laid_out(LEAK, None))
    known = {name: part.value for name, part in score.parts.items() if part.value is not None}
    mean = sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    assert score.total == pytest.approx(100 * mean)


@pytest.mark.parametrize(
    "kind",
    [
        Kind.ACKNOWLEDGED, Kind.SEVERITY_SET, Kind.EVIDENCE_FROZEN, Kind.LEVER_PULLED, Kind.UPDATE_POSTED,
        Kind.CLASS_SET, Kind.LAYER_SET, Kind.ROLE_TAKEN,
    ],
)  # fmt: skip
def test_leaving_something_right_out_never_pays(kind: Kind) -> None:
    assert score_case(acme(drop=lambda event: event.kind is kind)).total <= score_case(acme()).total


def test_the_order_of_the_loop_pays() -> None:
    best = laid_out(LEAK, None)
    assert value(retold(best, move={Kind.EVIDENCE_FROZEN: 250}), "order") < value(best, "order")


def test_a_hard_pair_that_is_broken_takes_the_whole_part() -> None:
    best = laid_out(LEAK, None)
    closed = retold(best, drop=lambda event: event.kind is Kind.CANARY_OPENED)
    assert any(pair.hard for pair in best.scenario.order)
    assert value(closed, "order") <= 0.25


def test_a_harmful_lever_never_pays() -> None:
    pull = {"op": "L2", "lever": "disable_tenant", "target": "acme", "title": "Disable tenant"}
    harmful = acme(add=[(360, Kind.LEVER_PULLED, pull)])
    assert value(harmful, "levers") < value(acme(), "levers")
    assert value(harmful, "outcome") <= value(acme(), "outcome")


def test_a_pull_that_the_system_refused_counts_neither_way() -> None:
    pull = {"op": "L2", "lever": "disable_tenant", "target": "acme"}
    refused = [(360, Kind.LEVER_PULLED, pull), (361, Kind.LEVER_REFUSED, {"op": "L2", "reason": "no"})]
    assert value(acme(add=refused), "levers") == value(acme(), "levers")


@pytest.mark.parametrize("severity", ["", "SEV2", "SEV4"])
def test_a_breach_that_nobody_calls_one_is_capped(severity: str) -> None:
    case = acme(change={Kind.SEVERITY_SET: {"severity": severity}})
    assert score_case(case).total <= 49.0
    assert gate_ids(case) == ["breach_called_too_mild"]


def test_a_destructive_lever_before_the_freeze_is_capped() -> None:
    case = acme(drop=lambda event: event.kind is Kind.EVIDENCE_FROZEN)
    assert score_case(case).total <= 49.0
    assert gate_ids(case) == ["no_evidence_freeze"]


@pytest.mark.parametrize(
    ("audience", "text", "gated"),
    [
        ("customers", "Investigating. Next update 02:48 UTC, 12 % of answers, since 2026-06-12 02:04.", False),
        ("customers", "Investigating for jane.doe@example.com", True),
        ("executives", "She called from +44 20 7946 0958", True),
        ("customers", "Sent to 12 Elm Street by mistake", True),
        ("customers", "A customer saw an address", False),
        ("customers", "JANE O'Hara saw an address", True),
        ("team", "Jane O'Hara <jane@example.com> wrote", False),
    ],
)
def test_personal_data_must_not_go_out(audience: str, text: str, gated: bool) -> None:
    mail = {"inject": "mail-1", "channel": "email", "sender": "Jane O'Hara (beta-shop)", "trace": 12, "text": "…"}
    update = {"audience": audience, "state": "investigating", "text": text}
    case = acme(add=[(800, Kind.INJECT_DELIVERED, mail), (840, Kind.UPDATE_POSTED, update)])
    assert gate_ids(case) == ["personal_data_sent_out"] * gated


def test_the_right_severity_late_is_worth_less_than_at_once() -> None:
    assert value(acme(move={Kind.SEVERITY_SET: 230}), "severity") < value(acme(), "severity")


def test_too_mild_costs_more_than_a_late_call() -> None:
    mild = acme(change={Kind.SEVERITY_SET: {"severity": "SEV3"}})
    assert value(mild, "severity") < value(acme(move={Kind.SEVERITY_SET: 230}), "severity")


def test_silence_and_spam_both_cost() -> None:
    said = next(event for event in acme().events if event.kind is Kind.UPDATE_POSTED)
    silent = acme(drop=lambda event: event.kind is Kind.UPDATE_POSTED)
    spam = acme(add=[(330 + 60 * number, Kind.UPDATE_POSTED, said.payload) for number in range(4)])
    assert value(silent, "comms") < value(spam, "comms") < value(acme(), "comms")


def test_a_cadence_that_the_profile_does_not_ask_for_is_not_scored() -> None:
    mild = acme(profile="s0", change={Kind.SEVERITY_SET: {"severity": "SEV1"}})
    assert score_case(mild).parts["comms"].value is not None


def test_nobody_in_command_is_worth_nothing() -> None:
    assert value(acme(drop=lambda event: event.kind is Kind.ROLE_TAKEN), "command") == 0.0
    assert value(acme(), "command") > 0.95


def test_naming_more_and_naming_it_right_pays() -> None:
    wrong = acme(change={Kind.LAYER_SET: {"layer": "model"}})
    gap = acme(drop=lambda event: event.kind is Kind.LAYER_SET)
    full = acme(change={Kind.LAYER_SET: {"component": "shared-3", "change": "index:shared-3"}})
    assert value(wrong, "diagnosis") < value(acme(), "diagnosis") < value(full, "diagnosis")
    assert value(gap, "diagnosis") < value(acme(), "diagnosis")


def _forged(drawn: list[tuple[Kind, float, str, dict[str, object]]]) -> list[Event]:
    """Return a journal that begins as a real drill's and goes on as nobody would."""
    real = played(LEAK, ())
    lines, at = Lines(), real[0].at
    for event in real[:2]:
        lines.write(event.at, event.kind, event.actor, event.payload, event.source)
    for kind, later, actor, payload in drawn:
        at += timedelta(seconds=later)
        lines.write(at, kind, actor, payload)
    return lines.events


@given(drawn_steps(most=15))
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_journal_of_a_drill_is_scored(drawn: list[tuple[Kind, float, str, dict[str, object]]]) -> None:
    events, base = _forged(drawn), laid_out(LEAK, ())
    score = score_case(Case(events, Opening(base.scenario, base.profile, 7), base.truth))
    assert 0.0 <= score.total <= 100.0
    for part in score.parts.values():
        assert part.value is None or 0.0 <= part.value <= 1.0
        assert set(part.seqs) <= {event.seq for event in events}
    json.dumps(score.as_json(), allow_nan=False)
