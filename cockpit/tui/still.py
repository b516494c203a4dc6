"""Screens that stand still while the keyboard goes from one part to another."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class StillScreen(Screen[ScreenResultType]):
    """A screen of which only the part that gets the keyboard and the part that had it are drawn again.

    Textual draws all of it, which over a slow line is what a person waits for.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
