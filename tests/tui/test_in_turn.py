"""Keys that are typed ahead: each goes where the one before it has led, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from textual import events
from textual.app import App

from cockpit.tui import in_turn
from cockpit.tui.screens.note import NoteModal
from cockpit.tui.screens.roles import RolesModal
from tests.tui.driving import opened, until

APART_S = 0.1


def typed(app: App[None], keys: Iterable[str]) -> None:
    """Let keys arrive all at once that a person pressed a tenth of a second apart."""
    for number, key in enumerate(keys):
        event = events.Key(key, key if len(key) == 1 else None)
        event.time += number * APART_S
        app.post_message(event)


@pytest.mark.parametrize("size", ["narrow", "wide"])
async def test_what_is_typed_ahead_into_a_dialog_stands_in_it(size: str) -> None:
    async with opened(size=size) as (app, pilot, controller):
        typed(app, ["n", *"both", "enter"])
        await until(pilot, lambda: bool(controller.done))
        assert controller.done == [("note", {"text": "both"})]


async def test_keys_go_through_several_dialogs_in_their_order() -> None:
    async with opened() as (app, pilot, controller):
        typed(app, ["a", "r", "enter", "n", *"we look", "enter", "r", "enter"])
        await until(pilot, lambda: len(controller.done) == 4)
        assert controller.done == [
            ("acknowledge", {}), ("take_role", {"role": "ic"}), ("note", {"text": "we look"}),
            ("hand_over_role", {"role": "ic", "to": "ada"}),
        ]  # fmt: skip


async def test_a_dialog_that_is_slow_to_open_gets_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = NoteModal.body

    def slowly(self: NoteModal) -> object:
        time.sleep(0.3)
        yield from compose(self)

    monkeypatch.setattr(NoteModal, "body", slowly)
    async with opened() as (app, pilot, controller):
        typed(app, ["n", *"late", "enter"])
        await until(pilot, lambda: bool(controller.done))
        assert controller.done == [("note", {"text": "late"})]


async def test_what_is_pasted_waits_for_its_dialog_too() -> None:
    async with opened() as (app, pilot, controller):
        typed(app, ["n"])
        app.post_message(events.Paste("pasted"))
        typed(app, ["enter"])
        await until(pilot, lambda: bool(controller.done))
        assert controller.done == [("note", {"text": "pasted"})]


async def test_a_screen_that_never_gets_ready_holds_keys_back_no_longer_than_is_patient(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_turn, "PATIENCE_S", 0.05)
    async with opened() as (app, pilot, controller):
        monkeypatch.setattr(app, "_is_there", lambda screen: False)
        typed(app, ["a", "e"])
        await until(pilot, lambda: len(controller.done) == 2)
        assert [name for name, _ in controller.done] == ["acknowledge", "freeze_evidence"]


async def test_a_key_alone_is_passed_on_at_once() -> None:
    async with opened() as (app, pilot, _):
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(app.screen, RolesModal)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RolesModal))
