"""Keys in turn: each goes where the keyboard is once all that the key before it asked for has been done.

Textual sends a key to whatever has the keyboard when the key arrives, although an earlier one may still be about to
open a dialog. On a busy machine what is typed into that dialog would then reach the screen below it, and be lost.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from functools import partial
from typing import Any
from weakref import WeakSet

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

ROUNDS = 3
"""How often a messenger follows a key: what the key posted, what that posted, and what came of that."""

REST_S = 0.03
"""A key is followed so long after it was passed on: what it asked for is drawn first, unless the next one waits."""

LOOK_S = 0.01
"""How often it is looked whether a screen that was opened is there."""

PATIENCE_S = 2.0
"""No key is held for longer by the one before it."""


class Followed(Message, bubble=True):
    """Goes the way that a key went, behind everything that was posted on it."""

    def __init__(self, key: int, rounds: int) -> None:
        super().__init__()
        self.key, self.rounds = key, rounds


class KeysInTurn(App[None]):
    """An app that holds a key back until the one before it has had its effect; what is pasted waits as keys do."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._held: deque[events.Key | events.Paste] = deque()
        self._key = 0
        self._until = 0.0
        self._busy = False
        self._rest: asyncio.TimerHandle | None = None
        self._way: Widget | Screen[Any] | None = None
        self._there: WeakSet[Screen[Any]] = WeakSet()

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or hold it while another one has not had its effect."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._busy:
            self._held.append(event)
            self.set_timer(PATIENCE_S, partial(self._give_up, self._key))
            self._follow_now()
        else:
            await self._pass_on(event)

    async def _pass_on(self, event: events.Key | events.Paste) -> None:
        self._busy, self._key, self._until = True, self._key + 1, time.monotonic() + PATIENCE_S
        self._way = self.focused or self.screen
        await super().on_event(event)
        self._rest = asyncio.get_running_loop().call_later(REST_S, self._follow_now)
        if self._held:
            self._follow_now()

    def _follow_now(self) -> None:
        if self._rest:
            self._rest.cancel()
            self._rest = None
            self._follow(ROUNDS)

    def _follow(self, rounds: int) -> None:
        """Send a messenger after the key; where its way is gone, from the screen that is there now."""
        if not (self.is_running and self.screen_stack):  # it is being left
            return
        way = self._way if self._way is not None and self._way.is_attached else self.screen
        if not way.post_message(Followed(self._key, rounds)):
            self.call_later(self._go_on)

    @on(Followed)
    async def _arrived(self, event: Followed) -> None:
        event.stop()
        if event.key != self._key or not self._busy:
            return
        if event.rounds > 1:
            self._follow(event.rounds - 1)
        elif self._is_there(self.screen) or time.monotonic() > self._until:
            await self._go_on()
        else:
            self.set_timer(LOOK_S, partial(self._follow, 1))

    def _is_there(self, screen: Screen[Any]) -> bool:
        """Tell whether a screen has been drawn once, and the keyboard is where it belongs."""
        if screen not in self._there and screen.is_mounted:
            screen.call_after_refresh(self._there.add, screen)
        return screen in self._there

    async def _go_on(self) -> None:
        self._busy = False
        if self._held:
            await self._pass_on(self._held.popleft())

    async def _give_up(self, key: int) -> None:
        """Go on all the same: something keeps the last key from being followed."""
        if self._busy and key == self._key:
            await self._go_on()
