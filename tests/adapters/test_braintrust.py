"""Braintrust: the queries it is asked, and what of its rows means what."""

from __future__ import annotations

from typing import Any

import pytest
from cockpit_adapters.braintrust.fake import FakeBraintrust
from cockpit_adapters.braintrust.system import asked

from cockpit.domain.calls import SpanKind
from cockpit.errors import Unsure
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, soon
from tests.adapters.tracing import BEGIN, END, fetched, pages_of

Project = tuple[Any, Wire, FakeBraintrust]


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeBraintrust()
    return *connected(monkeypatch, "braintrust", fake, {"project": "support-bot"}), fake


def test_the_query_is_of_the_documented_clauses() -> None:
    assert asked("p-1", BEGIN, END, 200, "") == (
        "select: * | from: project_logs('p-1') spans"
        " | filter: created >= '2026-11-01T00:00:00.000Z' and created < '2026-12-01T00:00:00.000Z' | limit: 200"
    )
    assert asked("p-1", BEGIN, END, 200, "abc=").endswith(" | cursor: 'abc='")


@pytest.mark.parametrize("cursor", ["' | limit: 1", "a b", "x\n", "é"])
def test_no_cursor_means_anything_else_in_a_query(cursor: str) -> None:
    with pytest.raises(Unsure):
        asked("p-1", BEGIN, END, 200, cursor)


def test_an_id_that_is_none_is_not_written_into_a_query(project: Project) -> None:
    system, wire, fake = project
    fake.projects["objects"][0]["id"] = "p') | delete"
    with pytest.raises(Unsure):
        pages_of(system)
    assert [one.path for one in wire.asked] == ["/v1/project"]


def test_a_cursor_after_the_last_row_ends_it(project: Project) -> None:
    system, wire, _ = project
    wire.instead = lambda one: Said(200, {"data": [], "cursor": "more"}) if one.method == "POST" else None
    assert [page.cursor for page in pages_of(system)] == [""]


def test_scorers_are_no_answers_and_lists_of_documents_are_retrievals(project: Project) -> None:
    [trace], _ = fetched(project[0])
    assert {one.name: one.kind for one in trace.spans} == {
        "answer": SpanKind.CHAIN,
        "search": SpanKind.RETRIEVER,
        "Chat Completion": SpanKind.LLM,
        "refund": SpanKind.TOOL,
        "grounding": SpanKind.EVALUATOR,
    }


@pytest.mark.parametrize(
    "output", [[], ["text"], [{"role": "user", "content": "a", "score": 1}], {"content": "a"}, 7]
)
def test_what_is_no_list_of_documents_is_no_retrieval(project: Project, output: Any) -> None:
    system, _, fake = project
    next(row for row in fake.rows if row["span_id"] == "s2")["output"] = output
    [trace], _ = fetched(system)
    assert (trace.chunks, trace.retrieved) == ((), False)


def test_the_doctor_names_the_project(project: Project) -> None:
    [found] = project[0].check(soon())
    assert (found.verdict, "support-bot" in found.detail) == (Verdict.FINE, True)
