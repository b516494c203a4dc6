"""Calling somebody: only in earnest, only whom there is, with a reason, and without anybody's personal data."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.domain.pages import unanswered
from cockpit.session.action import Context
from cockpit.session.actions import find
from cockpit.session.paging import LONGEST, Page
from tests.journal.making import START


def events(*told: tuple[Kind, str, dict[str, Any]], mode: str = "live") -> list[Event]:
    """Return the lines of an incident."""
    opened = (Kind.INCIDENT_OPENED, "ada", {"mode": mode, "title": "it leaks"})
    return [
        Event("INC-0001", number, START, START, actor, "person", kind, payload, "", "")  # type: ignore[arg-type]
        for number, (kind, actor, payload) in enumerate((opened, *told), 1)
    ]


def context(*told: tuple[Kind, str, dict[str, Any]], actor: str = "ada", mode: str = "live", **world: Any) -> Context:
    """Return what an action looks at."""
    usual = SimpleNamespace(pagers=("oncall", "dba"), people=(), **world)
    nothing: Any = None
    return Context(fold(events(*told, mode=mode)), nothing, usual, START, actor, nothing, nothing)


def why_not(one: Context, arguments: Any = None, name: str = "page") -> str:
    """Return why it may not be done."""
    return find(name).check(one, arguments)


def test_somebody_is_called_with_a_reason() -> None:
    one = context()
    assert why_not(one) == ""
    assert why_not(one, Page("dba", "The database is slow.")) == ""
    (line,) = find("page").run(one, Page("dba", " The database is slow. "))
    assert (line.kind, line.payload) == (Kind.PAGE_ASKED, {"to": "dba", "text": "The database is slow."})


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page("nobody", "Come."), "oncall, dba"), (Page("dba", "  "), "why they are needed"),
        (Page("dba", "x" * (LONGEST + 1)), str(LONGEST)),
    ],
)  # fmt: skip
def test_nobody_is_called_without(page: Page, reason: str) -> None:
    assert reason in why_not(context(), page)


@pytest.mark.parametrize("mode", ["drill", "range"])
def test_an_exercise_wakes_nobody(mode: str) -> None:
    assert "exercise" in why_not(context(mode=mode))


def test_without_a_pager_it_is_said_where_they_are_named() -> None:
    one = context()
    assert "[pagers.NAME]" in why_not(replace(one, world=SimpleNamespace(pagers=(), people=())))


def test_personal_data_does_not_go_out() -> None:
    (line,) = find("page").run(context(), Page("dba", "Call jane.roe@example.com back."))
    assert "jane.roe" not in str(line.payload)
    assert line.payload["masked"] == 1


ASKED = (Kind.PAGE_ASKED, "ada", {"to": "dba", "text": "Come."})


def test_whoever_is_called_takes_the_page_and_whoever_called_does_not() -> None:
    assert "no page is open" in why_not(context(ASKED), None, "answer_pages")
    grace = context(ASKED, actor="grace")
    assert why_not(grace, None, "answer_pages") == ""
    (line,) = find("answer_pages").run(grace, None)
    assert line.payload == {"pages": ["page:2"]}
    after = fold(events(ASKED, (Kind.PAGE_ANSWERED, "grace", dict(line.payload))))
    assert after.pages["page:2"].answered == "grace"
    assert unanswered(after, "lin") == []


def test_pages_that_come_in_again_are_open_again() -> None:
    alert = {"source": "pagerduty", "key": "Q1", "group": "k"}
    firing = (Kind.ALERT_RECEIVED, "pagerduty", {**alert, "status": "firing"})
    over = (Kind.ALERT_RECEIVED, "pagerduty", {**alert, "status": "resolved"})
    state = fold(events(firing, (Kind.PAGE_ANSWERED, "ada", {}), over, firing))
    assert [page.line for page in unanswered(state, "ada")] == [5]
