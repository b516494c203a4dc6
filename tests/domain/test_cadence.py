"""How updates keep time: late seconds counted one by one, words too soon, and the reminder that was put off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence import overruns, put_off, rhythm, share_in_time, soon_after, waits
from cockpit.domain.comms import overdue
from cockpit.domain.events import Kind, iso
from cockpit.domain.incident import IncidentState
from cockpit.domain.playbook import Cadence
from tests.domain.lines import PAGE, state_of

CADENCE = Cadence(300, 1800)
SECONDS = st.lists(st.integers(0, 400), max_size=8)
STATES = st.sampled_from(["investigating", "monitoring"])
POSTED = st.lists(st.tuples(st.integers(1, 5000), st.sampled_from(["team", "customers"]), STATES), max_size=8)
Step = tuple[float, Kind, Mapping[str, Any]]


def told(seconds: float, audience: str = "team", state: str = "investigating") -> Step:
    """Return an update as a step."""
    return seconds, Kind.UPDATE_POSTED, {"audience": audience, "state": state, "text": "…"}


def acknowledged(*steps: Step) -> IncidentState:
    """Return an incident that somebody is on since the page."""
    return state_of((0, Kind.ACKNOWLEDGED, {}), *sorted(steps, key=lambda step: step[0]))


@given(SECONDS, st.integers(0, 400), st.integers(1, 100), st.integers(1, 100))
def test_late_seconds_are_those_in_which_somebody_waits_too_long(
    moments: list[int], end: int, every: int, first: int
) -> None:
    late = 0
    for second in range(end):
        heard = [moment for moment in moments if moment <= second]
        late += second - max(heard, default=0) >= (every if heard else first)
    over = overruns(waits(moments, end), every, first)
    assert sum(over) == pytest.approx(late)
    assert share_in_time(over, end) == pytest.approx(1 - late / end if end else 1.0)


@given(SECONDS, st.floats(0, 1e5), st.floats(1, 1e4), st.floats(1, 1e4))
def test_waits_fill_the_whole_time_and_the_share_is_one(
    moments: list[int], end: float, every: float, first: float
) -> None:
    waited = waits(moments, end)
    assert sum(waited) == pytest.approx(end)
    assert 0.0 <= share_in_time(overruns(waited, every, first), end) <= 1.0


@given(POSTED, st.integers(0, 6000))
def test_what_is_overdue_now_is_what_the_last_wait_is_too_long_by(posted: list[Any], now: int) -> None:
    state = acknowledged(*(told(*one) for one in posted if one[0] <= now))
    seen = rhythm(state, CADENCE, PAGE + timedelta(seconds=now))
    assert seen is not None
    moments = [float(one[0]) for one in posted if one[0] <= now]
    last = overruns(waits(moments, now), CADENCE.every_s, CADENCE.first_s)[-1]
    assert overdue(state, CADENCE, PAGE + timedelta(seconds=now)) == pytest.approx(last)
    assert (seen.gaps > 0) == (seen.late_s > 0)


@given(POSTED)
def test_too_soon_is_the_same_state_to_the_same_people_within_a_quarter(posted: list[Any]) -> None:
    posted = sorted(posted, key=lambda one: one[0])
    state = acknowledged(*(told(*one) for one in posted))
    expected = 0
    for number, (at, audience, status) in enumerate(posted):
        before = next((one for one in reversed(posted[:number]) if one[1] == audience), None)
        expected += before is not None and before[2] == status and at - before[0] < 450
    seen = rhythm(state, CADENCE, PAGE + timedelta(seconds=6000))
    assert seen is not None
    assert len(seen.too_soon) == expected
    for at, audience, status in posted:
        moment = PAGE + timedelta(seconds=at)
        before_it = acknowledged(*(told(*one) for one in posted if one[0] < at))
        warned = soon_after(before_it, CADENCE, audience, status, moment) is not None
        if [one[0] for one in posted].count(at) == 1:
            line = next(update.seq for update in state.updates if update.at == moment)
            assert warned == (line in seen.too_soon), "the dialog warns of exactly what is counted"


def test_the_all_clear_ends_the_measure_and_no_cadence_is_measured_where_none_is_asked() -> None:
    state = acknowledged(told(100), (400, Kind.ALL_CLEAR_GIVEN, {}))
    assert rhythm(state, CADENCE, PAGE + timedelta(seconds=9000)) == rhythm(
        state, CADENCE, PAGE + timedelta(seconds=400)
    )
    mild = acknowledged((5, Kind.SEVERITY_SET, {"severity": "SEV3"}))
    assert rhythm(mild, Cadence(300, 1800, ("SEV1",)), PAGE) is None
    assert rhythm(state_of(), CADENCE, PAGE) is None


def test_a_snooze_lasts_until_its_end_or_the_next_word_and_a_broken_one_is_none() -> None:
    until = PAGE + timedelta(seconds=900)
    snoozed = (300, Kind.UPDATE_SNOOZED, {"until": iso(until), "minutes": 10, "reason": "on the phone"})
    state = acknowledged(snoozed)
    found = put_off(state, PAGE + timedelta(seconds=899))
    assert found is not None
    assert (found.actor, found.reason) == ("ada", "on the phone")
    assert put_off(state, until) is None
    assert put_off(acknowledged(snoozed, told(400)), PAGE + timedelta(seconds=450)) is None
    assert overdue(state, CADENCE, PAGE + timedelta(seconds=500)) == 200, "late stays late"
    assert acknowledged((300, Kind.UPDATE_SNOOZED, {"until": "soon"})).snooze is None
