"""LangSmith: what is asked of it, as its own client asks, and what of its answers means what."""

from __future__ import annotations

from typing import Any

import pytest
from cockpit_adapters.langsmith import system as langsmith
from cockpit_adapters.langsmith.fake import FakeLangSmith

from cockpit.world.contract import Verdict
from tests.adapters.hosted import TOKEN, Wire, connected, soon
from tests.adapters.tracing import BEGIN, END, fetched, pages_of

Project = tuple[Any, Wire, FakeLangSmith]


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeLangSmith()
    return *connected(monkeypatch, "langsmith", fake, {"project": "support-bot", "workspace": "w-1"}), fake


def test_runs_are_asked_for_as_the_client_does(project: Project) -> None:
    system, wire, fake = project
    pages_of(system)
    found, runs, feedback = wire.asked
    assert (found.method, found.path, found.query["name"]) == ("GET", "/sessions", ["support-bot"])
    assert (runs.method, runs.path) == ("POST", "/runs/query")
    body = runs.json()
    assert (body["session"], body["start_time"]) == ([fake.project["id"]], "2026-11-01T00:00:00.000Z")
    assert (body["filter"], body["limit"], body["order"]) == (
        'lt(start_time, "2026-12-01T00:00:00.000Z")',
        100,
        "asc",
    )
    assert (feedback.method, feedback.path) == ("GET", "/feedback")
    assert {one.headers["x-api-key"] for one in wire.asked} == {TOKEN}
    assert {one.headers["x-tenant-id"] for one in wire.asked} == {"w-1"}


def test_feedback_is_asked_for_only_where_there_is_some(project: Project) -> None:
    system, wire, fake = project
    pages_of(system)
    assert len(wire.asked[-1].query["run"]) == 2
    for run in fake.runs:
        run["feedback_stats"] = None
    wire.asked.clear()
    pages_of(system)
    assert [one.path for one in wire.asked] == ["/runs/query"]


def test_feedback_is_read_through_all_pages(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(langsmith, "PAGE", 1)
    system, _, _ = project
    [trace], _ = fetched(system)
    assert dict(trace.scores) == {"refusal_ok": 0.0, "grounding": 0.25}


def test_the_project_is_looked_up_once(project: Project) -> None:
    system, wire, _ = project
    pages_of(system)
    pages_of(system)
    assert [one.path for one in wire.asked].count("/sessions") == 1


def test_a_run_that_failed_says_so(project: Project) -> None:
    system, _, fake = project
    fake.runs[0] |= {"status": "error", "error": "RateLimitError: 529"}
    [trace], _ = fetched(system, BEGIN, END)
    assert trace.error == "RateLimitError: 529"


def test_the_project_is_no_session(project: Project) -> None:
    system, _, fake = project
    del fake.runs[0]["extra"]["metadata"]["thread_id"]
    [trace], _ = fetched(system)
    assert trace.session == ""


def test_the_doctor_names_the_project(project: Project) -> None:
    [found] = project[0].check(soon())
    assert (found.verdict, "support-bot" in found.detail) == (Verdict.FINE, True)
