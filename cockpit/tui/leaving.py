"""Screens and dialogs are left once, however fast keys are pressed."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType

from cockpit.tui.still import StillScreen


class Page(StillScreen[ScreenResultType]):
    """A screen; a key that was pressed before it went, and is heard after, does not leave it a second time."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with a result, unless that has been done."""
        return super().dismiss(result) if on_top(self) else AwaitComplete()


class Modal(StillScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A dialog that is left once, as a page is."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with a result, unless that has been done."""
        return super().dismiss(result) if on_top(self) else AwaitComplete()


def on_top(screen: Screen[ScreenResultType]) -> bool:
    """Tell whether a screen is the one that is shown."""
    return bool(screen.is_attached and screen.app.screen_stack and screen.app.screen_stack[-1] is screen)
