"""The doctor on sources of traces: whether they answer, how fresh they are, and whether prompts can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.errors import Unauthorised
from cockpit.intake.keys import Keys
from cockpit.live.doctor.findings import Found, Grade, look_at_all
from cockpit.live.doctor.traces import trace_looks, traces_at_all
from cockpit.world.fleet import Fleet, Member
from cockpit.world.options import LiveOptions, SystemOptions, TracesOptions
from tests.live.sources import NOON, ToySource, at, span


def findings(source: Any, keys: Keys | None = None, name: str = "src") -> Sequence[Found]:
    """Return what is found about one source, `src`, when `name` is configured."""
    live = LiveOptions(traces=TracesOptions(sources=[name]))
    fleet = Fleet({"src": Member("src", None, SystemOptions(adapter="toy"), source)})
    return look_at_all(trace_looks(live, fleet, lambda: NOON, keys), lambda _: None)


def told(found: Sequence[Found]) -> dict[str, tuple[Grade, str]]:
    """Return how each thing came out, with the details."""
    return {one.what: (one.grade, one.detail) for one in found}


def test_a_source_says_how_old_its_newest_trace_is() -> None:
    source = ToySource([span("t1", at(-3)), span("t2", at(-30))])
    assert told(findings(source))["newest"] == (Grade.FINE, "the newest trace is 3 minutes old")
    assert len(source.asked) == 1


def test_an_old_one_is_a_warning_with_a_step() -> None:
    found = findings(ToySource([span("t1", at(-180))]))
    assert told(found)["newest"] == (Grade.WARNING, "the newest trace is 3 hours old")
    assert all(one.next_step for one in found if one.grade is not Grade.FINE)


def test_none_at_all_is_a_warning() -> None:
    assert told(findings(ToySource()))["newest"] == (Grade.WARNING, "none of the last 1 day")


def test_one_dated_in_the_future_is_not_of_a_negative_age() -> None:
    assert told(findings(ToySource([span("t1", at(1))])))["newest"][1] == "the newest trace is 0 seconds old"


def test_traces_without_a_prompt_version_are_a_warning_until_the_attribute_is_named() -> None:
    one = span("t1", at(-1))
    one["attributes"]["acme.prompt"] = "v41"
    assert told(findings(ToySource([one])))["prompt version"][0] is Grade.WARNING
    keys = Keys.preferring(prompt=("acme.prompt",))
    assert told(findings(ToySource([one]), keys))["prompt version"] == (
        Grade.FINE,
        "1 of 1 traces name a version of a prompt",
    )


def test_a_source_that_refuses_is_wrong_and_says_what_to_do() -> None:
    source = ToySource()
    source.errors = [Unauthorised("GET /spans was answered 401", hint="Check the token.")]
    [one] = findings(source)
    assert (one.grade, one.next_step) == (Grade.WRONG, "Check the token.")


def test_what_can_not_be_read_is_a_warning_with_the_reason() -> None:
    found = findings(ToySource([{"start_time": at(-1).isoformat(), "name": "nameless"}]))
    assert told(found)["readable"][1].startswith("1 of a page could not be read: a span has no id")


def test_a_source_that_is_no_system_or_keeps_no_traces_is_wrong() -> None:
    [missing] = findings(ToySource(), name="nope")
    [mute] = findings(object())
    assert (missing.grade, mute.grade) == (Grade.WRONG, Grade.WRONG)
    assert "keeps no traces" in mute.detail


def test_no_source_is_worth_a_note() -> None:
    [one] = traces_at_all(LiveOptions())
    assert (one.grade, bool(one.next_step)) == (Grade.NOTE, True)
    assert traces_at_all(LiveOptions(traces=TracesOptions(sources=["src"]))) == []
