"""Langfuse's traces: our requests are those of its own client, and its own client reads the fake as we do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cockpit_adapters.langfuse.fake import FakeLangfuse
from cockpit_adapters.langfuse.traces import FIELDS, OBSERVATIONS, SCORES

from cockpit.errors import Refused
from cockpit.world.specimen import Asked, Said
from tests.adapters.hosted import TOKEN, Wire, connected
from tests.adapters.tracing import fetched, pages_of

if TYPE_CHECKING:
    from langfuse.api.client import LangfuseAPI

KEY = "pk-lf-under-test"
SINCE, UNTIL = datetime(2026, 11, 21, 8, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeLangfuse]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeLangfuse()
    return *connected(monkeypatch, "langfuse", fake, {"public_key": KEY}), fake


def official(wire: Wire) -> LangfuseAPI:
    """Return Langfuse's own client, whose requests go over a wire."""
    from langfuse.api.client import LangfuseAPI  # takes long to import

    client = httpx.Client(transport=httpx.MockTransport(wire))
    return LangfuseAPI(base_url="https://vendor.example", username=KEY, password=TOKEN, httpx_client=client)


def essence(asked: Asked) -> tuple[Any, ...]:
    """Return what of a request the server acts on; moments however exactly they are written."""
    query = {name: values if not _is_moment(name) else [_moment(values[0])] for name, values in asked.query.items()}
    return asked.method, asked.path, query, asked.headers["authorization"]


def _is_moment(name: str) -> bool:
    return name.startswith(("from", "to"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_our_requests_are_those_of_the_official_client(project: tuple[Any, Wire, FakeLangfuse]) -> None:
    system, ours, fake = project
    fake.traces.page = 3
    pages_of(system, SINCE, UNTIL)
    theirs = Wire(FakeLangfuse())
    theirs.fake.traces.page = 3  # type: ignore[attr-defined]
    client = official(theirs)
    window: dict[str, Any] = {"from_start_time": SINCE, "to_start_time": UNTIL}
    client.observations.get_many(fields=FIELDS, limit=200, **window)
    client.observations.get_many(fields=FIELDS, limit=200, cursor="3", **window)
    window = {"from_timestamp": SINCE, "to_timestamp": UNTIL}
    client.scores.get_many(fields="subject", limit=100, **window)
    client.scores.get_many(fields="subject", limit=100, cursor="3", **window)
    assert [essence(one) for one in ours.asked] == [essence(one) for one in theirs.asked]


def test_the_official_client_reads_the_fake_as_its_models_say() -> None:
    client = official(Wire(FakeLangfuse()))
    read = client.observations.get_many(fields=FIELDS, limit=200, from_start_time=SINCE, to_start_time=UNTIL)
    asked, said = next(one for one in read.data if one.type == "GENERATION"), read.data[0]
    assert (asked.trace_id, asked.prompt_version, asked.usage_details) == (
        said.trace_id,
        3,
        {"input": 120, "output": 30, "total": 150},
    )
    scores = client.scores.get_many(fields="subject", limit=100, from_timestamp=SINCE, to_timestamp=UNTIL)
    assert [(one.name, one.value, one.data_type) for one in scores.data] == [
        ("grounding", 0.25, "NUMERIC"),
        ("refusal_ok", False, "BOOLEAN"),
        ("tone", "rude", "CATEGORICAL"),
        ("session_rating", 5, "NUMERIC"),
    ]
    assert [one.subject.kind for one in scores.data if one.subject] == ["trace", "observation", "trace", "session"]


def test_scores_come_by_their_own_time_without_their_trace(project: tuple[Any, Wire, FakeLangfuse]) -> None:
    system, _, fake = project
    fake.traces.observations = []
    traces, reader = fetched(system)
    assert traces == []
    [judged] = reader.loose().values()
    assert dict(judged.scores) == {"grounding": 0.25, "refusal_ok": 0.0}


def test_a_server_without_scores_still_gives_traces(project: tuple[Any, Wire, FakeLangfuse]) -> None:
    system, wire, _ = project
    wire.instead = lambda asked: Said(404, {"message": "Not found"}) if asked.path == SCORES else None
    [trace], _ = fetched(system)
    assert (trace.model, dict(trace.scores)) == ("gpt-4o-2024-08-06", {})


def test_a_server_without_observations_says_what_it_takes(project: tuple[Any, Wire, FakeLangfuse]) -> None:
    system, wire, _ = project
    wire.instead = lambda asked: Said(404, {"message": "Not found"}) if asked.path == OBSERVATIONS else None
    with pytest.raises(Refused) as caught:
        pages_of(system)
    assert "Langfuse 4" in caught.value.hint
