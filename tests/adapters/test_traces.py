"""Every source of traces hands out the same trace, however its system writes it and however small its pages are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cockpit_adapters.braintrust.fake import FakeBraintrust
from cockpit_adapters.langfuse.fake import FakeLangfuse
from cockpit_adapters.langsmith.fake import FakeLangSmith
from cockpit_adapters.mlflow.fake import FakeMLflow
from cockpit_adapters.phoenix.fake import FakePhoenix

from cockpit.errors import Refused, Throttled, Unauthorised, Unsure
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, soon
from tests.adapters.tracing import BEGIN, END, RECORDED, essence, fetched, pages_of

PROJECT = {"project": "support-bot"}
SOURCES: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "phoenix": (FakePhoenix, PROJECT),
    "mlflow": (FakeMLflow, {"experiment": "support-bot"}),
    "langfuse": (FakeLangfuse, {"public_key": "pk-lf-under-test"}),
    "braintrust": (FakeBraintrust, PROJECT),
    "langsmith": (FakeLangSmith, PROJECT),
}
SAID = {
    "phoenix": ({"refusal_ok": 1.0, "grounded": 0.25}, {"judged.refusal_ok": "pass", "judged.tone": "rude"}),
    "mlflow": ({"refusal_ok": 0.0, "grounding": 0.25}, {"judged.tone": "rude"}),
    "langfuse": ({"refusal_ok": 0.0, "grounding": 0.25}, {"judged.tone": "rude"}),
    "braintrust": ({"refusal_ok": 0.0, "grounding": 0.25, "helpful": 1.0}, {}),
    "langsmith": ({"refusal_ok": 0.0, "grounding": 0.25}, {"judged.tone": "rude"}),
}
Source = tuple[str, Any, Wire, Any]


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Return a name, a system, the wire to its fake, and the fake."""
    kind, options = SOURCES[request.param]
    fake = kind()
    return request.param, *connected(monkeypatch, request.param, fake, options), fake


def kept(fake: Any) -> Any:
    """Return the part of a fake that keeps the traces."""
    return getattr(fake, "traces", fake)


def test_the_trace_says_all_that_was_recorded(source: Source) -> None:
    name, system, _, _ = source
    [trace], _ = fetched(system)
    assert essence(trace) == RECORDED
    scores, labels = SAID[name]
    assert dict(trace.scores) == scores
    assert {key: value for key, value in trace.labels.items() if key.startswith("judged.")} == labels
    assert (trace.source, trace.retrieved, trace.error) == ("source", True, "")


def test_on_pages_of_one_it_is_the_same_trace(source: Source) -> None:
    _, system, _, fake = source
    whole = fetched(system)[0]
    kept(fake).page = 1
    assert fetched(system)[0] == whole


def test_what_began_before_or_after_the_window_is_left_out(source: Source) -> None:
    _, system, _, _ = source
    [trace], _ = fetched(system)
    minute = timedelta(minutes=10)
    assert fetched(system, trace.started - minute, trace.started + minute)[0]
    assert fetched(system, BEGIN, trace.started - minute)[0] == []
    assert fetched(system, trace.started + minute, END)[0] == []


def test_a_project_that_is_not_there_is_refused_and_named(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _, _, fake = source
    if name == "langfuse":
        return  # its keys are those of one project
    option = next(iter(SOURCES[name][1]))
    system, _ = connected(monkeypatch, name, fake, {option: "typo"})
    with pytest.raises(Refused, match=r"has no (project|experiment) typo"):
        pages_of(system)
    wrong = [one for one in system.check(soon()) if one.verdict is Verdict.WRONG]
    assert wrong
    assert wrong[0].next_step


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_known_is_said_to_be_the_reason(source: Source, status: int) -> None:
    _, system, wire, _ = source
    wire.instead = lambda _: Said(status, b"no")
    with pytest.raises(Unauthorised):
        pages_of(system)


def test_too_many_requests_are_said_to_be_the_reason_with_the_time_to_wait(source: Source) -> None:
    _, system, wire, _ = source
    wire.instead = lambda _: Said(429, b"slow down", {"retry-after": "30"})
    with pytest.raises(Throttled) as caught:
        pages_of(system)
    assert caught.value.retry_after_s == 30


@pytest.mark.parametrize(
    "body", [b"<html>login</html>", b'{"data": [{"id"', [], "yes", {"data": 5, "traces": 5, "runs": 5, "objects": 5}]
)
def test_an_answer_of_another_shape_is_no_answer(source: Source, body: Any) -> None:
    _, system, wire, _ = source
    wire.instead = lambda _: Said(200, body)
    with pytest.raises((Unsure, Refused)):
        pages_of(system)


def test_a_broken_answer_for_a_moment_is_asked_for_again(source: Source) -> None:
    _, system, wire, _ = source
    fetched(system)
    before = len(wire.asked)
    wire.instead = lambda _: Said(503, b"busy") if len(wire.asked) % 2 else None
    assert fetched(system)[0]
    assert len(wire.asked) > before + 1
