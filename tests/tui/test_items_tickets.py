"""The list of action items names the tickets that they have become, and draws nothing that a tracker made up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual.app import App

from cockpit.domain.incident import IncidentState
from cockpit.postmortem.todo import Item
from cockpit.postmortem.writer import Page
from cockpit.tui.postmortem.items import ItemsScreen
from tests.tui.stage import screen_text

NOW = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


def page(*tickets: tuple[str, str, str]) -> Page:
    """Return a postmortem with one item."""
    item = Item("A1", "Pin the model", "ada", "2026-12-01", tickets=tickets)
    return Page("", (), (), (item,), IncidentState(), None, False, NOW)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_tickets_stand_beside_their_item(size: tuple[int, int]) -> None:
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        tickets = (("OPS-7", "board", "https://t/7"), ("#1", "code\x1b[2J", "https://t/1"))
        await app.push_screen(ItemsScreen(page(*tickets), *[lambda _: None] * 3))
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(app)
    assert "OPS-7 in board" in shown
    assert "#1 in code" in shown
    assert "\x1b" not in shown


async def test_a_key_asks_for_a_ticket_of_the_chosen_item() -> None:
    asked: list[str] = []
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ItemsScreen(page(), lambda _: None, lambda _: None, asked.append))
        await pilot.pause()
        await pilot.press("t")
        await pilot.pause()
        assert "t ticket" in screen_text(app)
    assert asked == ["A1"]
