"""The palette: what is closed or chosen there while its list changes."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual import events
from textual.command import CommandList
from textual.widgets.option_list import Option

from cockpit.tui.palette import Palette
from tests.tui.driving import opened


async def test_a_palette_that_is_closed_while_it_finds_nothing_stays_closed() -> None:
    async with opened() as (app, pilot, _):
        await pilot.press("ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        told: list[str] = []
        await palette._while_open(lambda: told.append("while it is open"))
        await palette.query_one(CommandList).remove()
        await palette._while_open(lambda: told.append("afterwards"))
        await palette._watch__show_busy()
        palette._watch__list_visible()
        assert (told, app.return_code) == (["while it is open"], None)


@pytest.mark.parametrize("themes", [False, True])
async def test_a_click_on_a_command_that_is_gone_chooses_nothing(themes: bool) -> None:
    async with opened() as (app, pilot, controller):
        (app.search_themes if themes else app.action_command_palette)()
        await pilot.pause(0.2)
        commands = app.screen.query_one(CommandList)
        gone = Style(meta={"option": 999})
        commands.post_message(events.Click(commands, 1, 1, 0, 0, 1, False, False, False, style=gone))
        await pilot.pause()
        assert (controller.done, app.return_code) == ([], None)


async def test_a_list_of_commands_that_is_not_laid_out_yet_can_be_paged() -> None:
    async with opened(size="narrow") as (app, pilot, _):
        await pilot.press("ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        commands = palette.query_one(CommandList)
        commands.add_option(Option("one"))
        commands._index_to_line.clear()
        palette._action_command_list("page_down")
        await pilot.pause()
        assert app.return_code in (None, 0)
