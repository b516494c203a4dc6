"""A real Phoenix: what an application sends to it by OTLP, and what is annotated there, comes back as it was sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cockpit_adapters.phoenix import PhoenixAdapter, PhoenixOptions

from cockpit.archive.store import NAME, Archive
from cockpit.domain.calls import CallTrace
from cockpit.domain.clock import WallClock
from cockpit.errors import Refused, Unauthorised
from cockpit.live.trace_pull.pulling import Puller
from cockpit.world.contract import Deadline, Place, Verdict
from cockpit.world.fleet import Fleet, Member
from cockpit.world.options import TracesOptions
from tests.adapters.sending import Sent, answer, tracer
from tests.adapters.tracing import RECORDED, essence, fetched, pages_of
from tests.systems import RunningSystem, start

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

VISIBLE_S = 15.0
"""Phoenix stores what it received behind the request; a busy machine gets this long."""


@pytest.fixture
def client(phoenix: RunningSystem) -> Iterator[httpx.Client]:
    """Return a way to Phoenix beside the adapter's."""
    with httpx.Client(base_url=phoenix.url, trust_env=False, timeout=30) as made:
        yield made


def connect(url: str, project: str, token: str = "") -> Any:
    """Return the adapter's system."""
    options = PhoenixOptions(adapter="phoenix", url=url, project=project, token="env:T" if token else "")
    return PhoenixAdapter().connect(options, Place("traces", lambda ref: token if ref else "", WallClock().now))


def sent_to(url: str, project: str, count: int = 1, **headers: str) -> list[Sent]:
    """Send answers."""
    with tracer(url, project, headers) as recorder:
        return [answer(recorder) for _ in range(count)]


def arrived(system: Any, count: int) -> list[CallTrace]:
    """Return the traces of the last hour, once there are so many with all their steps."""
    end = time.monotonic() + VISIBLE_S
    now = datetime.now(UTC)
    while time.monotonic() < end:
        try:
            traces, _ = fetched(system, now - timedelta(hours=1), now + timedelta(minutes=1))
        except Refused:
            traces = []  # a project is there with its first span
        if len(traces) == count and all(len(one.spans) == 4 for one in traces):
            return traces
        time.sleep(0.2)
    raise AssertionError(f"{len(traces)} of {count} traces came")


def annotate(client: httpx.Client, sent: Sent) -> None:
    """Judge a trace: two annotations of its model's span, one of which has words only, and one of the whole."""
    spans = [
        {"span_id": sent.model, "name": "refusal_ok", "annotator_kind": "CODE", "identifier": "judge-1",
         "result": {"label": "pass", "score": 1.0, "explanation": "fine"}},
        {"span_id": sent.model, "name": "tone", "annotator_kind": "HUMAN", "result": {"label": "rude"}},
    ]  # fmt: skip
    client.post("/v1/span_annotations?sync=true", json={"data": spans}).raise_for_status()
    whole = [{"trace_id": sent.trace, "name": "grounded", "annotator_kind": "LLM", "result": {"score": 0.25}}]
    client.post("/v1/trace_annotations?sync=true", json={"data": whole}).raise_for_status()


def test_what_is_sent_and_annotated_comes_back(phoenix: RunningSystem, client: httpx.Client) -> None:
    [sent] = sent_to(phoenix.url, "comes-back")
    system = connect(phoenix.url, "comes-back")
    arrived(system, 1)
    annotate(client, sent)
    [trace] = arrived(system, 1)
    assert trace.id == sent.trace
    assert essence(trace) == RECORDED
    assert [(one.source, one.score) for one in trace.chunks] == [("kb-7", 0.91), ("kb-9", 0.4)]
    assert [(one.name, one.result) for one in trace.tools] == [("refund", '{"ok": true}')]
    assert dict(trace.scores) == {"refusal_ok": 1.0, "grounded": 0.25}
    assert trace.labels["judged.tone"] == "rude"


def test_a_failed_answer_says_so(phoenix: RunningSystem) -> None:
    with tracer(phoenix.url, "failed", {}) as recorder:
        answer(recorder, error="the provider said 529")
    [trace] = arrived(connect(phoenix.url, "failed"), 1)
    assert trace.error == "the provider said 529"


def test_all_pages_are_read_and_windows_are_kept(phoenix: RunningSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_to(phoenix.url, "paged", 12)
    traces = arrived(connect(phoenix.url, "paged"), 12)
    monkeypatch.setattr("cockpit_adapters.phoenix.traces.PAGE", 7)
    system = connect(phoenix.url, "paged")
    assert len(pages_of(system)) == 7
    assert {one.id for one in arrived(system, 12)} == {one.id for one in traces}
    begun = sorted(one.started for one in traces)
    some, _ = fetched(system, begun[3], begun[9])
    assert {one.started for one in some if len(one.spans) == 4} == set(begun[3:9])
    assert fetched(system, begun[-1] + timedelta(minutes=1), begun[-1] + timedelta(hours=1))[0] == []


def test_a_project_that_is_not_there_is_named(phoenix: RunningSystem) -> None:
    system = connect(phoenix.url, "no-such-project")
    with pytest.raises(Refused, match="has no project no-such-project"):
        system.traces(datetime.now(UTC), datetime.now(UTC), "", Deadline(10))
    assert system.check(Deadline(10))[-1].verdict is Verdict.WRONG


def test_a_pull_brings_them_into_the_archive_once(
    phoenix: RunningSystem, client: httpx.Client, tmp_path: Path
) -> None:
    [sent, *_] = sent_to(phoenix.url, "pulled", 3)
    system = connect(phoenix.url, "pulled")
    arrived(system, 3)
    member = Member("traces", PhoenixAdapter(), PhoenixOptions(adapter="phoenix", url=phoenix.url), system)
    archive = Archive.open(tmp_path / NAME)
    later = datetime.now(UTC) + timedelta(seconds=30)
    options = TracesOptions(sources=["traces"])
    puller = Puller(Fleet({"traces": member}), options, archive, tmp_path, lambda: later)
    [first] = puller.look()
    assert (first.counts.new, first.problem) == (3, "")
    annotate(client, sent)
    [again] = puller.look()
    assert (again.counts.new, again.counts.grown, again.counts.known) == (0, 1, 2)
    [kept] = archive.find(sent.trace)
    assert kept.trace.scores["grounded"] == 0.25
    assert essence(kept.trace) == RECORDED
    archive.close()


def test_an_annotation_half_an_hour_late_reaches_the_archive(
    phoenix: RunningSystem, client: httpx.Client, tmp_path: Path
) -> None:
    [sent] = sent_to(phoenix.url, "late", 1)
    system = connect(phoenix.url, "late")
    arrived(system, 1)
    member = Member("traces", PhoenixAdapter(), PhoenixOptions(adapter="phoenix", url=phoenix.url), system)
    archive = Archive.open(tmp_path / NAME)
    clock = [datetime.now(UTC) + timedelta(seconds=30)]
    puller = Puller(
        Fleet({"traces": member}), TracesOptions(sources=["traces"]), archive, tmp_path, lambda: clock[0]
    )  # fmt: skip
    for minutes in (0, 20):
        clock[0] += timedelta(minutes=minutes)
        assert not puller.look()[0].problem
    annotate(client, sent)
    clock[0] += timedelta(minutes=20)
    assert puller.look()[0].counts.grown == 1
    [kept] = archive.find(sent.trace)
    assert kept.trace.scores["grounded"] == 0.25
    archive.close()


def test_with_authentication_a_token_is_needed_and_enough(tmp_path: Path) -> None:
    with start("phoenix", folder=tmp_path, auth=True) as guarded:
        key = guarded.tokens["admin"]
        sent_to(guarded.url, "guarded", authorization=f"Bearer {key}")
        assert essence(arrived(connect(guarded.url, "guarded", key), 1)[0]) == RECORDED
        with pytest.raises(Unauthorised):
            fetched(connect(guarded.url, "guarded", "wrong-token"))
