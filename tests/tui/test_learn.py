"""Station 5 at the keyboard: the next step, a waiver in its place, and what is said when something is missing."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Input

from cockpit.domain.events import Kind, NewEvent, Source
from tests.golden.making import leak_case
from tests.tui.dialogs import at_work, dialog
from tests.tui.fakes import FakeController
from tests.tui.stage import NOTHING, screen_text, slowly

CASE: dict[str, Any] = {"case": {"id": "inj-leak"}, "trace": "7"}
RATES = {name: {"passed": 1, "of": 2} for name in ("bad", "fixed", "neighbours")}
PROOF: dict[str, Any] = {"case": "inj-leak", "verdict": "proven", "why": "[red]it was[/red]", **RATES}
ALERT: dict[str, Any] = {"name": "leaks", "rule": "any answer"}


def learnt(*events: tuple[Kind, dict[str, Any]]) -> FakeController:
    controller = at_work()
    now = controller.clock.now()
    controller.session.record([NewEvent(kind, now, "ada", Source.PERSON, payload) for kind, payload in events])
    controller.move(1)
    return controller


@pytest.mark.parametrize(
    ("events", "typed", "asked"),
    [
        ([], {}, ("add_fixture", {})),
        ([], {"trace": "7", "id": "inj-leak"}, ("add_fixture", {"trace": 7, "id": "inj-leak"})),
        ([(Kind.FIXTURE_ADDED, CASE)], {}, ("prove_fixture", {})),
        (
            [(Kind.FIXTURE_ADDED, CASE), (Kind.FIXTURE_PROVEN, PROOF)],
            {"name": "leaks", "rule": "any"},
            ("name_alert", {"name": "leaks", "rule": "any"}),
        ),
        (
            [(Kind.FIXTURE_ADDED, CASE), (Kind.FIXTURE_PROVEN, PROOF), (Kind.ALERT_ADDED, ALERT)],
            {},
            ("close_incident", {}),
        ),
        ([], {"waiver": "the model is gone"}, ("waive_fixture", {"what": "fixture", "reason": "the model is gone"})),
        (
            [(Kind.FIXTURE_ADDED, CASE), (Kind.FIXTURE_PROVEN, PROOF)],
            {"waiver": "nobody owns it"},
            ("waive_fixture", {"what": "alert", "reason": "nobody owns it"}),
        ),
    ],
)
async def test_enter_does_what_comes_next(
    events: list[tuple[Kind, dict[str, Any]]], typed: dict[str, str], asked: tuple[str, dict[str, Any]]
) -> None:
    async with dialog("learn", learnt(*events)) as (pilot, app, screen):
        for name, value in typed.items():
            screen.query_one(f"#learn-{name}", Input).value = value
        await slowly(pilot, "enter")
        assert app.asked == [asked]


@pytest.mark.parametrize(
    ("events", "typed", "words"),
    [
        ([], {"trace": "seven"}, "a trace has a number"),
        ([(Kind.FIXTURE_ADDED, CASE), (Kind.FIXTURE_PROVEN, PROOF)], {"name": "leaks"}, "a name and a rule"),
    ],
)
async def test_what_is_missing_is_said(
    events: list[tuple[Kind, dict[str, Any]]], typed: dict[str, str], words: str
) -> None:
    async with dialog("learn", learnt(*events)) as (pilot, app, screen):
        for name, value in typed.items():
            screen.query_one(f"#learn-{name}", Input).value = value
        await slowly(pilot, "enter")
        assert words in screen_text(app)
        assert app.wishes is NOTHING


async def test_cases_are_shown_with_their_verdict_and_no_markup_of_theirs_is_obeyed() -> None:
    events = [(Kind.FIXTURE_ADDED, CASE), (Kind.FIXTURE_PROVEN, PROOF)]
    async with dialog("learn", learnt(*events)) as (_, app, _screen):
        shown = screen_text(app)
        assert "proven" in shown
        assert "[red]it was[/red]" in shown
        assert leak_case().id not in shown
