"""A real MLflow: what comes in by OTLP, and from its own client, comes back with what was assessed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cockpit_adapters.mlflow import MLflowAdapter, MLflowOptions
from cockpit_adapters.mlflow.system import API
from cockpit_adapters.mlflow.traces import TRACES

from cockpit.archive.store import NAME, Archive
from cockpit.domain.calls import SpanKind
from cockpit.domain.clock import WallClock
from cockpit.errors import Refused
from cockpit.live.trace_pull.pulling import Puller
from cockpit.world.contract import Deadline, Place
from cockpit.world.fleet import Fleet, Member
from cockpit.world.options import TracesOptions
from tests.adapters.sending import Sent, answer, tracer
from tests.adapters.tracing import RECORDED, essence, fetched, pages_of
from tests.systems import RunningSystem
from tests.systems.cache import install
from tests.systems.mlflow import RECIPE

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

OWN_CLIENT = """
import sys, mlflow
from mlflow.entities import Document, SpanType
mlflow.set_tracking_uri(sys.argv[1]); mlflow.set_experiment(sys.argv[2])
@mlflow.trace(span_type=SpanType.RETRIEVER)
def search(text):
    return [Document(page_content="Refunds within 30 days", metadata={"score": 0.91}, id="kb-7")]
@mlflow.trace(span_type=SpanType.CHAT_MODEL)
def chat(messages):
    span = mlflow.get_current_active_span()
    span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 12, "output_tokens": 3, "total_tokens": 15})
    span.set_attribute("mlflow.llm.model", "gpt-4o")
    return {"choices": [{"message": {"role": "assistant", "content": "Refunded."}}]}
@mlflow.trace
def answer(question):
    mlflow.update_current_trace(
        metadata={"mlflow.trace.session": "s-1", "mlflow.trace.user": "u-1"}, tags={"tenant": "acme"})
    search(question)
    return chat([{"role": "user", "content": question}])
answer("Refund?")
mlflow.flush_trace_async_logging()
"""


@pytest.fixture
def client(mlflow: RunningSystem) -> Iterator[httpx.Client]:
    """Return a way to MLflow beside the adapter's."""
    with httpx.Client(base_url=mlflow.url, trust_env=False, timeout=30) as made:
        yield made


def connect(url: str, experiment: str) -> Any:
    """Return the adapter's system."""
    place = Place("traces", lambda _: "", WallClock().now)
    return MLflowAdapter().connect(MLflowOptions(adapter="mlflow", url=url, experiment=experiment), place)


def sent_to(client: httpx.Client, experiment: str, count: int = 1) -> list[Sent]:
    """Make an experiment, and send answers to it."""
    made = client.post(f"{API}/experiments/create", json={"name": experiment}).raise_for_status().json()
    headers = {"x-mlflow-experiment-id": made["experiment_id"]}
    with tracer(str(client.base_url).rstrip("/"), experiment, headers) as recorder:
        return [answer(recorder) for _ in range(count)]


def assess(client: httpx.Client, sent: Sent, name: str, value: Any) -> None:
    """Judge a trace."""
    trace = f"tr-{sent.trace}"
    assessment = {"assessment_name": name, "trace_id": trace, "feedback": {"value": value},
                  "source": {"source_type": "CODE", "source_id": "judge"}}  # fmt: skip
    client.post(f"{TRACES}/{trace}/assessments", json={"assessment": assessment}).raise_for_status()


def lately(system: Any) -> list[Any]:
    """Return the traces of the last hour."""
    now = datetime.now(UTC)
    return fetched(system, now - timedelta(hours=1), now + timedelta(minutes=1))[0]


def test_what_is_sent_and_assessed_comes_back(mlflow: RunningSystem, client: httpx.Client) -> None:
    [sent] = sent_to(client, "comes-back")
    for name, value in (("refusal_ok", False), ("grounding", 0.25), ("tone", "rude")):
        assess(client, sent, name, value)
    [trace] = lately(connect(mlflow.url, "comes-back"))
    assert (trace.id, trace.service) == (sent.trace, "support-bot")
    assert essence(trace) == RECORDED
    assert [(one.source, one.score) for one in trace.chunks] == [("kb-7", 0.91), ("kb-9", 0.4)]
    assert [(one.name, one.result) for one in trace.tools] == [("refund", '{"ok": true}')]
    assert dict(trace.scores) == {"refusal_ok": 0.0, "grounding": 0.25}
    assert trace.labels["judged.tone"] == "rude"


def test_what_its_own_client_records_comes_back(mlflow: RunningSystem) -> None:
    python = install(RECIPE) / "venv" / "bin" / "python"
    subprocess.run(
        [str(python), "-c", OWN_CLIENT, mlflow.url, "own-client"],
        capture_output=True, text=True, timeout=120, check=True, env={"MLFLOW_DISABLE_TELEMETRY": "true"},
    )  # fmt: skip
    [trace] = lately(connect(mlflow.url, "own-client"))
    assert (trace.asked, trace.answered, trace.model) == ("Refund?", "Refunded.", "gpt-4o")
    assert (trace.tokens_in, trace.tokens_out, trace.session, trace.user, trace.tenant) == (
        12,
        3,
        "s-1",
        "u-1",
        "acme",
    )
    assert [(one.source, one.text, one.score) for one in trace.chunks] == [("kb-7", "Refunds within 30 days", 0.91)]
    assert [one.kind for one in trace.spans] == [SpanKind.OTHER, SpanKind.RETRIEVER, SpanKind.LLM]


def test_all_pages_are_read_and_windows_are_kept(
    mlflow: RunningSystem, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_to(client, "paged", 7)
    traces = lately(connect(mlflow.url, "paged"))
    assert len(traces) == 7
    monkeypatch.setattr("cockpit_adapters.mlflow.traces.PAGE", 2)
    system = connect(mlflow.url, "paged")
    assert len(pages_of(system)) == 4
    assert lately(system) == traces
    begun = sorted(one.started for one in traces)
    assert len(fetched(system, begun[-1] + timedelta(minutes=1), begun[-1] + timedelta(hours=1))[0]) == 0


def test_an_experiment_that_is_not_there_is_named(mlflow: RunningSystem) -> None:
    with pytest.raises(Refused, match="has no experiment no-such"):
        connect(mlflow.url, "no-such").traces(datetime.now(UTC), datetime.now(UTC), "", Deadline(10))


def test_a_pull_brings_them_into_the_archive_once(
    mlflow: RunningSystem, client: httpx.Client, tmp_path: Path
) -> None:
    [sent, *_] = sent_to(client, "pulled", 3)
    system = connect(mlflow.url, "pulled")
    member = Member("traces", MLflowAdapter(), MLflowOptions(adapter="mlflow", url=mlflow.url), system)
    archive = Archive.open(tmp_path / NAME)
    later = datetime.now(UTC) + timedelta(seconds=30)
    puller = Puller(
        Fleet({"traces": member}), TracesOptions(sources=["traces"]), archive, tmp_path, lambda: later
    )  # fmt: skip
    assert [one.counts.new for one in puller.look()] == [3]
    assess(client, sent, "grounding", 0.25)
    [again] = puller.look()
    assert (again.counts.new, again.counts.grown, again.counts.known) == (0, 1, 2)
    [kept] = archive.find(sent.trace)
    assert kept.trace.scores["grounding"] == 0.25
    archive.close()
