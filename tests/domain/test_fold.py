"""The fold is total, takes lines one by one or all at once, and keeps what must always hold."""

from __future__ import annotations

from hypothesis import given

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.domain.levers import Stage
from tests.domain.lines import opened, pulled, replay, state_of
from tests.domain.strategies import journals


@given(journals())
def test_folding_one_by_one_is_folding_at_once(events: list[Event]) -> None:
    assert replay(events)[-1] == fold(events)


@given(journals())
def test_nobody_else_holds_a_role_that_somebody_holds(events: list[Event]) -> None:
    for state in replay(events):
        for role, who in state.command.holders.items():
            open_holds = [hold for hold in state.command.holds if hold.role == role and hold.until is None]
            assert [hold.who for hold in open_holds] == [who]


@given(journals())
def test_a_commander_who_was_there_is_only_gone_when_released(events: list[Event]) -> None:
    had = False
    for event, state in zip(events, replay(events), strict=True):
        has = "ic" in state.command.holders
        assert has or not had or (event.kind is Kind.ROLE_RELEASED and event.get("role") == "ic") or not event.actor
        had = has


@given(journals())
def test_ops_are_never_doubled_and_stages_never_come_back_from_undone(events: list[Event]) -> None:
    undone: set[str] = set()
    for state in replay(events):
        ops = [pull.op for pull in state.pulls]
        assert len(ops) == len(set(ops))
        gone = {pull.op for pull in state.pulls if pull.stage is Stage.UNDONE}
        assert undone <= gone
        undone = gone


@given(journals())
def test_nothing_is_seen_on_the_wire_before_it_is_stored(events: list[Event]) -> None:
    for state in replay(events):
        for pull in state.pulls:
            assert pull.stored or pull.stage not in (Stage.APPLIED, Stage.PROVEN, Stage.NOT_PROVEN)
            assert not (pull.stage in (Stage.REFUSED, Stage.UNKNOWN) and pull.stored)


@given(journals())
def test_a_proposal_is_over_once_its_lever_is_pulled(events: list[Event]) -> None:
    for event, state in zip(events, replay(events), strict=True):
        levers = [one.lever for one in state.proposals]
        assert len(levers) == len(set(levers))
        fresh = event.kind is Kind.LEVER_PULLED and state.pulls and state.pulls[-1].seq == event.seq
        assert not (fresh and event.get("lever") in levers)


@given(journals())
def test_milestones_stay_where_they_were_first_reached(events: list[Event]) -> None:
    before: dict[str, object] = {}
    for state in replay(events):
        assert {name: state.milestones[name] for name in before} == before
        before = dict(state.milestones)


def test_a_pull_goes_from_asked_to_stored_to_seen() -> None:
    lines = opened()
    seconds, kind, payload = pulled(60, "kill_switch")
    lines.add(seconds, kind, **payload)
    stages = [lines.state.pulls[0].stage]
    for later, then in ((62, Kind.LEVER_APPLIED), (100, Kind.LEVER_PROVEN)):
        lines.add(later, then, op="L1")
        stages.append(lines.state.pulls[0].stage)
    assert stages == [Stage.PULLED, Stage.APPLIED, Stage.PROVEN]
    assert lines.state.in_force("kill_switch") is not None


def test_an_unknown_pull_is_settled_by_reading_back() -> None:
    state = state_of(
        pulled(60, "pin_model"), (61, Kind.LEVER_UNKNOWN, {"op": "L1"}), (65, Kind.LEVER_APPLIED, {"op": "L1"})
    )
    assert state.pulls[0].stage is Stage.APPLIED


def test_what_is_done_once_is_no_debt_and_its_latest_pull_is_the_one_to_be_proven() -> None:
    flushed = [pulled(60, "flush_cache", once=True), (61, Kind.LEVER_APPLIED, {"op": "L1"})]
    state = state_of(*flushed, (90, Kind.LEVER_NOT_PROVEN, {"op": "L1"}))
    assert (state.debt, [pull.op for pull in state.unproven]) == ((), ["L1"])
    again = [pulled(100, "flush_cache", "L2", once=True), (101, Kind.LEVER_APPLIED, {"op": "L2"})]
    state = state_of(*flushed, (90, Kind.LEVER_NOT_PROVEN, {"op": "L1"}), *again)
    assert [(pull.op, pull.undone_at) for pull in state.pulls] == [("L1", None), ("L2", None)]
    assert [pull.op for pull in state.unproven] == ["L2"]
    elsewhere = pulled(120, "flush_cache", "L3", once=True, target="the other cache")
    assert [pull.op for pull in state_of(*flushed, elsewhere).unproven] == ["L1", "L3"]


def test_an_undo_takes_the_debt_away_only_once_it_is_stored() -> None:
    steps = [
        pulled(60, "pin_model"),
        (61, Kind.LEVER_APPLIED, {"op": "L1"}),
        pulled(90, "pin_model", "L2", undoes="L1"),
    ]
    assert [pull.op for pull in state_of(*steps).debt] == ["L1"]
    assert state_of(*steps, (91, Kind.LEVER_APPLIED, {"op": "L2"})).debt == ()


def test_a_pull_after_a_freeze_says_so() -> None:
    assert not state_of(pulled(60, "kill_switch")).pulls[0].froze_first
    assert state_of((30, Kind.EVIDENCE_FROZEN, {}), pulled(60, "kill_switch")).pulls[0].froze_first


def test_a_role_changes_hands_only_when_it_is_accepted() -> None:
    lines = opened()
    lines.add(10, Kind.ROLE_TAKEN, "ada", role="ic")
    lines.add(20, Kind.ROLE_OFFERED, "ada", role="ic", to="lin")
    assert lines.state.command.holders == {"ic": "ada"}
    lines.add(40, Kind.ROLE_ACCEPTED, "lin", role="ic", giver="ada")
    assert lines.state.command.holders == {"ic": "lin"}
    first, second = lines.state.command.holds
    assert first.until == second.since


def test_containment_that_is_lost_is_not_contained() -> None:
    state = state_of((200, Kind.CONTAINED, {}), (300, Kind.CONTAINMENT_LOST, {"signal": "leaks"}))
    assert (state.contained, state.containment.lost) == (False, 1)


def test_a_step_of_the_canary_that_is_refused_leaves_it_as_wide_as_it_was() -> None:
    steps: list[tuple[float, Kind, dict[str, object]]] = [
        (10, Kind.CANARY_OPENED, {"percent": 5.0, "op": "L1", "reopens": []}),
        (90, Kind.CANARY_WIDENED, {"percent": 50.0, "op": "L2", "reopens": []}),
        (95, Kind.LEVER_REFUSED, {"op": "L2", "reason": "not allowed"}),
    ]
    canary = state_of(*steps).canary
    assert canary is not None
    assert (canary.percent, canary.open, canary.reason) == (5.0, True, "not allowed")


def test_a_canary_that_never_opened_is_not_open() -> None:
    canary = state_of(
        (10, Kind.CANARY_OPENED, {"percent": 5.0, "op": "L1"}), (12, Kind.LEVER_REFUSED, {"op": "L1"})
    ).canary
    assert canary is not None
    assert not canary.open
