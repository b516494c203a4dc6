"""What the saga says of a change is true, whatever happens to the calls it makes."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.levers import Stage
from cockpit.errors import BadInput
from cockpit.world.contract import Control, Deadline, Reading, Write
from cockpit.world.saga import SagaResult, carry_out, recover, same
from tests.examples import examples
from tests.world.wild import Fate, Time, Wild

ORDER = Write("flag:x", "new", "L1", version="1", before="old", why="incident 7, ada")
UNVERSIONED = Write("flag:x", "new", "L1", before="old")


def pull(system: Wild, *, limit: float = 3.0, write: Write | None = None, **given: Any) -> SagaResult:
    """Carry a change out on a clock that moves only when the saga sleeps."""
    clock = Time()
    chosen = write or (ORDER if system.versioned else UNVERSIONED)
    return carry_out(system, chosen, limit, sleep=clock.sleep, monotonic=clock, **given)


def test_a_change_is_applied_when_it_was_read_back() -> None:
    system = Wild()
    result = pull(system)
    assert (result.stage, result.sends, result.unsure, result.reason) == (Stage.APPLIED, 1, 0, "")
    assert result.reading == Reading("new", "2")


def test_what_is_wanted_already_is_not_sent() -> None:
    system = Wild(value="new")
    assert (pull(system).stage, system.asked) == (Stage.APPLIED, [])


def test_nothing_is_sent_to_what_can_not_be_observed() -> None:
    system = Wild(reads=[Fate.UNREACHABLE])
    result = pull(system)
    assert (result.stage, system.asked, result.reading) == (Stage.REFUSED, [], None)
    assert "nothing was sent" in result.reason
    assert "there is nobody" in result.reason


def test_what_moved_since_the_plan_is_refused_with_both_values() -> None:
    system = Wild()
    system.elsewhere("theirs")
    result = pull(system)
    assert (result.stage, system.asked) == (Stage.REFUSED, [])
    assert "it was old when you planned, it is theirs now" in result.reason


def test_what_was_written_again_with_the_same_value_has_moved_too() -> None:
    system = Wild()
    system.elsewhere("old")
    result = pull(system)
    assert (result.stage, system.asked) == (Stage.REFUSED, [])
    assert "written again" in result.reason


def test_a_refusal_is_decisive_when_nothing_else_is_under_way() -> None:
    result = pull(Wild(writes=[Fate.REFUSED]))
    assert (result.stage, result.sends, result.reason) == (Stage.REFUSED, 1, "not allowed on Sundays")


@pytest.mark.parametrize("fenced", [True, False])
def test_a_refusal_after_a_doubt_leaves_the_doubt(fenced: bool) -> None:
    system = Wild(fenced=fenced, writes=[Fate.LOST, Fate.REFUSED])
    result = pull(system)
    assert (result.stage, result.sends, result.unsure) == (Stage.UNKNOWN, 2, 1)


def test_the_same_write_is_sent_until_it_is_decided() -> None:
    system = Wild(writes=[Fate.LOST, Fate.UNREACHABLE, Fate.THROTTLED])
    result = pull(system)
    assert (result.stage, result.sends, system.applied) == (Stage.APPLIED, 4, 1)
    assert set(map(id, system.asked)) == {id(ORDER)}


def test_a_liar_is_unknown_and_a_liar_without_a_fence_is_not_asked_twice() -> None:
    assert pull(Wild(writes=[Fate.LIAR] * 99)).stage is Stage.UNKNOWN
    loose = Wild(fenced=False, writes=[Fate.LIAR] * 99)
    assert (pull(loose).stage, len(loose.asked)) == (Stage.UNKNOWN, 1)


def test_a_system_that_asks_for_patience_is_given_it() -> None:
    clock = Time()
    result = carry_out(Wild(writes=[Fate.THROTTLED]), ORDER, 3.0, sleep=clock.sleep, monotonic=clock)
    assert (result.stage, clock.slept) == (Stage.APPLIED, [0.7])


def test_more_patience_than_there_is_time_ends_it_at_once() -> None:
    clock = Time()
    result = carry_out(Wild(writes=[Fate.THROTTLED]), ORDER, 0.5, sleep=clock.sleep, monotonic=clock)
    assert (result.stage, result.reason, clock.slept) == (Stage.REFUSED, "nothing was changed: too many", [])


def test_what_was_never_sent_is_refused_in_the_end() -> None:
    result = pull(Wild(writes=[Fate.UNREACHABLE] * 99))
    assert (result.stage, result.unsure) == (Stage.REFUSED, 0)
    assert "there is nobody" in result.reason


def test_without_a_fence_nothing_is_sent_again_over_what_was_not_seen() -> None:
    system = Wild(fenced=False, versioned=False, writes=[Fate.LOST], reads=[Fate.FINE, *[Fate.LOST] * 99])
    assert (pull(system).stage, len(system.asked)) == (Stage.UNKNOWN, 1)


def test_a_colleague_in_between_is_told_of() -> None:
    result = pull(Wild(writes=[Fate.COLLEAGUE]))
    assert (result.stage, result.sends) == (Stage.REFUSED, 1)
    assert "theirs" in result.reason


def test_after_a_crash_the_same_write_finishes_what_was_begun() -> None:
    clock = Time()
    system = Wild()
    system.write(ORDER, Deadline(1.0))
    result = recover(system, ORDER, 3.0, sleep=clock.sleep, monotonic=clock)
    assert (result.stage, result.sends, system.applied) == (Stage.APPLIED, 0, 1)


def test_after_a_crash_nothing_that_can_not_be_seen_is_called_refused() -> None:
    system = Wild(reads=[Fate.LOST] * 999, writes=[Fate.REFUSED] * 99)
    assert pull(system, repeat=True).stage is Stage.UNKNOWN


def test_an_address_that_is_none_is_refused_with_its_reason() -> None:
    class Strict(Wild):
        def control(self, address: str) -> Control:
            raise BadInput("addresses look like flag:NAME")

    assert "flag:NAME" in pull(Strict()).reason


class Hanging(Wild):
    """Never comes back from a write, and hears no deadline."""

    def write(self, write: Write, deadline: Deadline) -> None:
        """Hang."""
        threading.Event().wait(30)


def test_an_adapter_that_hangs_takes_nobody_along() -> None:
    began = time.monotonic()
    result = carry_out(Hanging(), ORDER, 0.4, call_s=0.2)
    assert time.monotonic() - began < 15
    assert (result.stage, result.unsure) == (Stage.UNKNOWN, 1)


def test_an_adapter_that_returns_nonsense_is_not_believed() -> None:
    class Nonsense(Wild):
        def read(self, address: str, deadline: Deadline) -> Any:
            return {"value": "new"}

    assert pull(Nonsense()).stage is Stage.REFUSED

    class Undescribed(Wild):
        def control(self, address: str) -> Any:
            return {"fenced": True}

    assert pull(Undescribed()).stage is Stage.REFUSED


def test_what_adds_with_every_write_is_not_sent_again_in_doubt() -> None:
    system = Wild(fenced=False, adds=True, writes=[Fate.LATE])
    result = pull(system)
    assert (len(system.asked), system.applied, result.stage) == (1, 1, Stage.APPLIED)
    assert (pull(Wild(fenced=False, adds=True, writes=[Fate.LOST])).stage) is Stage.UNKNOWN


FATES = st.lists(st.sampled_from(list(Fate)), max_size=12)


@settings(max_examples=examples(100), deadline=None)
@given(
    writes=FATES, reads=FATES,
    fenced=st.booleans(), versioned=st.booleans(), adds=st.booleans(), repeat=st.booleans(),
    before=st.sampled_from([(), ("theirs",), ("theirs", "old")]),
)  # fmt: skip
def test_what_is_said_is_true_and_nothing_happens_twice(
    writes: list[Fate],
    reads: list[Fate],
    fenced: bool,
    versioned: bool,
    adds: bool,
    repeat: bool,
    before: tuple[str, ...],
) -> None:
    system = Wild(fenced, versioned, adds, writes, reads)
    for value in before:
        system.elsewhere(value)
    result = pull(system, repeat=repeat)
    at_the_end = system.value
    if result.stage is Stage.APPLIED:
        assert at_the_end == "new"
    if result.stage is Stage.REFUSED:
        assert at_the_end != "new"
    system.settle()
    if result.stage is Stage.REFUSED:
        assert system.value != "new", "it came into force after it was called refused"
    if (fenced and versioned) or adds:
        assert system.applied <= 1
    assert {id(write) for write in system.asked} <= {id(ORDER), id(UNVERSIONED)}


@given(st.recursive(st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=2), st.lists, max_leaves=5))
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value)


def test_numbers_and_truth_are_different_things() -> None:
    assert same({"a": [1, 2.0]}, {"a": [1.0, 2]})
    assert not same(1, True)
    assert not same({"a": [0]}, {"a": [False]})
