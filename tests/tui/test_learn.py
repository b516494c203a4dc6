"""Station 5 at the keyboard: each step one key, what comes next, waivers, and proving on an endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cockpit.domain.case_plain import to_plain
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.fields import Cycle
from cockpit.tui.screens.learn import prove as learn_prove
from cockpit.tui.screens.learn.forms import AlertForm, CaseForm, WaiverForm
from cockpit.tui.screens.learn.prove import ProveForm
from cockpit.tui.screens.learn.screen import LearnModal
from tests.golden.endpoint import Model
from tests.golden.making import leak_case
from tests.tui.dialogs import at_work
from tests.tui.driving import opened, screen_text, until
from tests.tui.fakes import FakeController
from tests.tui.stage import slowly

Told = tuple[Kind, dict[str, Any]]
HOSTILE = "[red]it was[/red] [@click=app.quit]x[/] \x1b]0;pwned\x07"
RATES = {name: {"passed": 1, "of": 2} for name in ("bad", "fixed", "neighbours")}
CASE: Told = (Kind.FIXTURE_ADDED, {"case": to_plain(leak_case()), "trace": "7"})
PROVEN: Told = (Kind.FIXTURE_PROVEN, {"case": leak_case().id, "verdict": "proven", "why": HOSTILE, **RATES})
ALERT: Told = (Kind.ALERT_ADDED, {"name": "leaks", "rule": "any answer"})
SIGNED: Told = (Kind.POSTMORTEM_DONE, {"digest": "d"})
CLEAR: Told = (Kind.ALL_CLEAR_GIVEN, {})
CLOSED: Told = (Kind.INCIDENT_CLOSED, {})
WAIVED: Told = (Kind.FIXTURE_WAIVED, {"what": "fixture", "reason": "the model is gone", "until": "2027-01-01"})


def learnt(*events: Told, mode: str = "drill") -> FakeController:
    controller = at_work() if mode == "drill" else FakeController(mode=mode)
    tell(controller, *events)
    return controller


def tell(controller: FakeController, *events: Told) -> None:
    now = controller.clock.now()
    controller.session.record([NewEvent(kind, now, "ada", Source.PERSON, payload) for kind, payload in events])
    controller.move(1)


@asynccontextmanager
async def learning(
    *events: Told, mode: str = "drill"
) -> AsyncIterator[tuple[CockpitApp, Pilot[None], FakeController]]:
    async with opened(learnt(*events, mode=mode), "small") as (app, pilot, controller):
        await slowly(pilot, "L")
        await until(pilot, lambda: isinstance(app.screen, LearnModal) and "Next ▸ press" in _dialog(app))
        yield app, pilot, controller


def _dialog(app: CockpitApp) -> str:
    """Read the screen below the cockpit's own line of advice."""
    return "\n".join(screen_text(app).splitlines()[5:])


STEPS: tuple[tuple[Told, str], ...] = (
    (CASE, "press p  proven"),
    (PROVEN, "press a  alert"),
    (ALERT, "press m  postmortem"),
    (SIGNED, "the all-clear comes first"),
    (CLEAR, "press x  close"),
)


async def test_what_comes_next_is_said_after_each_step() -> None:
    async with learning() as (app, pilot, controller):
        assert "press c  case" in _dialog(app)
        for event, words in STEPS:
            tell(controller, event)
            await until(pilot, partial(_says, app, words))


def _says(app: CockpitApp, words: str) -> bool:
    return words in _dialog(app)


async def test_what_was_waived_needs_no_proof() -> None:
    async with learning(WAIVED) as (app, _, _controller):
        assert "press a  alert" in _dialog(app)


@pytest.mark.parametrize(("prove", "close"), [("p", "x"), ("enter", "enter")])
async def test_one_key_does_a_step(prove: str, close: str) -> None:
    async with learning(CASE) as (app, pilot, controller):
        await slowly(pilot, prove)
        await until(pilot, lambda: ("prove_fixture", {}) in controller.done)
        tell(controller, PROVEN, ALERT, SIGNED, CLEAR)
        await until(pilot, partial(_says, app, "press x  close"))
        await slowly(pilot, close)
        await until(pilot, lambda: ("close_incident", {}) in controller.done)
        assert isinstance(app.screen, LearnModal)


async def test_a_closed_incident_says_so_and_takes_no_further_step() -> None:
    async with opened(learnt(CASE, PROVEN, ALERT, SIGNED, CLEAR, CLOSED), "small") as (app, pilot, controller):
        assert controller.session.state.learning.closed_at
        app.open_modal("learn")
        await until(pilot, lambda: "is closed. esc leaves" in screen_text(app))
        await slowly(pilot, "a")
        assert "Not now: the incident is closed" in screen_text(app)


async def test_the_worst_answer_is_proposed_and_shown() -> None:
    async with learning() as (app, pilot, controller):
        await slowly(pilot, "c")
        await until(pilot, lambda: isinstance(app.screen, CaseForm) and "answered" in screen_text(app))
        trace = app.screen.query_one("#learn-trace", Input).value
        assert trace.isdecimal()
        await slowly(pilot, "enter")
        await until(pilot, lambda: ("add_fixture", {"trace": int(trace)}) in controller.done)


async def test_a_pinned_trace_comes_before_the_worst() -> None:
    async with learning((Kind.TRACE_PINNED, {"trace": 42})) as (app, pilot, _):
        await slowly(pilot, "c")
        await until(pilot, lambda: isinstance(app.screen, CaseForm))
        await until(pilot, lambda: app.screen.query_one("#learn-trace", Input).value == "42")


async def test_a_key_pressed_twice_by_mistake_is_no_part_of_a_trace_s_number() -> None:
    async with learning((Kind.TRACE_PINNED, {"trace": 42})) as (app, pilot, _):
        await slowly(pilot, "c")
        await until(pilot, lambda: isinstance(app.screen, CaseForm))
        await until(pilot, lambda: app.screen.query_one("#learn-trace", Input).value == "42")
        await slowly(pilot, "end", "c", "c")
        assert app.screen.query_one("#learn-trace", Input).value == "42"


async def test_an_alert_needs_its_rule() -> None:
    async with learning(CASE, PROVEN) as (app, pilot, controller):
        await slowly(pilot, "a")
        await until(pilot, lambda: isinstance(app.screen, AlertForm))
        app.screen.query_one("#learn-name", Input).value = "leaks"
        await slowly(pilot, "enter")
        assert "from where on" in screen_text(app)
        app.screen.query_one("#learn-rule", Input).value = "any"
        await slowly(pilot, "enter")
        await until(pilot, lambda: ("name_alert", {"name": "leaks", "rule": "any"}) in controller.done)


async def test_a_waiver_is_signed_for_what_is_missing_and_stays_visible() -> None:
    async with learning(CASE, PROVEN) as (app, pilot, controller):
        await slowly(pilot, "w")
        await until(pilot, lambda: isinstance(app.screen, WaiverForm))
        await slowly(pilot, "enter")
        app.screen.query_one("#learn-reason", Input).value = "nobody owns the pager yet"
        await slowly(pilot, "enter")
        await until(pilot, lambda: bool(controller.session.state.learning.waivers))
        assert controller.session.state.learning.waivers[0].what == "alert"
        app.poll()
        await until(pilot, lambda: "waived by you: nobody owns" in screen_text(app))


async def test_a_refusal_of_the_journal_is_heard_in_the_dialog() -> None:
    async with learning(CASE, PROVEN) as (app, pilot, _):
        await slowly(pilot, "w")
        await until(pilot, lambda: isinstance(app.screen, WaiverForm))
        app.screen.query_one("#learn-reason", Input).value = "because"
        await slowly(pilot, "enter")
        await until(pilot, lambda: "says why, in a sentence" in _dialog(app))


async def test_what_outsiders_wrote_is_drawn_as_text() -> None:
    async with learning(CASE, PROVEN) as (app, _, _controller):
        assert "[red]it was[/red]" in screen_text(app)
        assert "\x1b" not in screen_text(app)


ANSWERS = {"how": "endpoint", "bad": {"passed": 0, "of": 5}, "fixed": {"passed": 5, "of": 5},
           "neighbours": {"passed": 3, "of": 3}, "bad_config": "old", "fixed_config": "new"}  # fmt: skip


@asynccontextmanager
async def proving(monkeypatch: pytest.MonkeyPatch, asked: list[Any]) -> AsyncIterator[Any]:
    monkeypatch.setattr(learn_prove, "_typed_before", {})

    def ask(*given: Any) -> dict[str, Any]:
        asked.append(given)
        return ANSWERS

    monkeypatch.setattr("cockpit.golden.proof.ask_both", ask)
    async with learning(CASE, mode="live") as (app, pilot, controller):
        await slowly(pilot, "p")
        await until(pilot, lambda: isinstance(app.screen, ProveForm))
        yield app, pilot, controller


async def test_a_real_incident_is_proven_by_the_endpoints_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setenv("GATEWAY_KEY", "sk-very-secret")
    async with proving(monkeypatch, asked) as (app, pilot, controller):
        await slowly(pilot, "enter")
        assert "which endpoint answers?" in screen_text(app)
        typed = {"url": "http://127.0.0.1:9/v1", "model": "new", "key": "env:GATEWAY_KEY", "bad_model": "old"}
        for name, value in typed.items():
            app.screen.query_one(f"#learn-{name}", Input).value = value
        await slowly(pilot, "enter")
        given = {"case": leak_case().id, "results": ANSWERS}
        await until(pilot, lambda: ("prove_fixture", given) in controller.done)
        _, sides, samples = asked[0]
        assert (sides.fixed.endpoint.model, sides.bad.endpoint.model, samples) == ("new", "old", 5)
        assert controller.session.state.learning.proven
        assert "sk-very-secret" not in str([event.payload for event in controller.session.log])


@pytest.mark.integration
@pytest.mark.parametrize(("bad", "verdict"), [("support-bad", "proven"), ("support-too", "not")])
async def test_a_case_is_proven_on_an_endpoint_that_answers(
    monkeypatch: pytest.MonkeyPatch, bad: str, verdict: str
) -> None:
    monkeypatch.setattr(learn_prove, "_typed_before", {})
    with Model() as model:
        async with learning(CASE, mode="live") as (app, pilot, controller):
            await slowly(pilot, "p")
            await until(pilot, lambda: isinstance(app.screen, ProveForm))
            for name, value in {"url": model.url, "model": "support", "bad_model": bad}.items():
                app.screen.query_one(f"#learn-{name}", Input).value = value
            await slowly(pilot, "enter")
            await until(pilot, lambda: bool(controller.session.state.learning.fixtures[-1].verdict))
            assert controller.session.state.learning.fixtures[-1].verdict == verdict
            app.poll()
            await until(pilot, lambda: isinstance(app.screen, LearnModal))
            assert ("✔ p" in screen_text(app)) == (verdict == "proven")


HERE = {"url": "http://127.0.0.1:9/v1", "model": "m"}
REFUSED = (
    ({**HERE, "key": "sk-1234"}, "a key is named, not written"),
    ({**HERE, "bad_header": "x-api-key=1"}, "would carry a secret"),
    ({**HERE, "url": "nowhere"}, "no address"),
    ({**HERE, "samples": "0"}, "1 to 2000 samples"),
    ({**HERE, "model": ""}, "which model is asked?"),
)


async def test_what_can_not_be_asked_is_said_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proving(monkeypatch, []) as (app, pilot, controller):
        for typed, words in REFUSED:
            boxes = {name: app.screen.query_one(f"#learn-{name}", Input) for name in typed}
            before = {name: box.value for name, box in boxes.items()}
            _fill(boxes, typed)
            await slowly(pilot, "enter")
            await until(pilot, partial(_says, app, words))
            assert {name: box.value for name, box in boxes.items()} == typed
            assert app.screen.query_one("#learn-http", Cycle).value == ""
            _fill(boxes, before)
        assert all(action != "prove_fixture" for action, _ in controller.done)


def _fill(boxes: dict[str, Input], values: dict[str, str]) -> None:
    for name, value in values.items():
        boxes[name].value = value
