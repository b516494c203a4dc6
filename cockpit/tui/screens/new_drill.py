"""The form for a new drill: seed, speed and profile, each with a sensible default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from cockpit.tui.leaving import Modal
from cockpit.tui.panes.words import BAD, KEY
from cockpit.tui.ports import NewDrill, ScenarioLine
from cockpit.tui.requests import SPEEDS
from cockpit.tui.text import Plain, line, untrusted

SEED_DIGITS = 9
HINT = "The same seed plays the same night again. ×1 is real time; ×4 suits a first try. z pauses, + and - change it."


class Choice(Widget, can_focus=True):
    """One of several values, changed with the arrows left and right."""

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; background: $boost; padding: 0 1; }
    Choice:focus { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous", show=False),
        Binding("right,space", "step(1)", "Next", show=False),
        Binding("enter", "submit", "Start", show=False),
    ]
    place: reactive[int] = reactive(0)

    class Submitted(Message):
        """Enter was pressed: the form is right as it stands."""

    def __init__(self, values: Sequence[str], value: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.values = tuple(values) or (value,)
        self.set_reactive(Choice.place, self.values.index(value) if value in self.values else 0)

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self.values[self.place]

    def render(self) -> Content:
        """Show the value between its arrows."""
        return line("◂ ", untrusted(self.value, "bold", limit=60), " ▸")

    def action_step(self, by: int) -> None:
        """Go to the next value, round and round."""
        self.place = (self.place + by) % len(self.values)

    def action_submit(self) -> None:
        """Start as the form stands."""
        self.post_message(Choice.Submitted())


class NewDrillModal(Modal[NewDrill | None]):
    """Asks how a drill should be played; enter starts it."""

    DEFAULT_CSS = """
    NewDrillModal { align: center middle; background: $background 60%; }
    NewDrillModal .field { height: 1; }
    NewDrillModal .field-label { width: 12; color: $foreground-muted; }
    NewDrillModal Input { background: $boost; width: 1fr; }
    NewDrillModal #form-hint { height: auto; margin: 1 0; color: $foreground-muted; }
    NewDrillModal #form-trouble { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]
    AUTO_FOCUS = "#seed"

    def __init__(self, scenario: ScenarioLine, profiles: Sequence[str]) -> None:
        super().__init__()
        self._scenario, self._profiles = scenario, tuple(profiles)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Plain(line((self._scenario.title, "bold")), classes="dialog--title")
            yield Plain(untrusted(self._scenario.brief, multiline=True, limit=800), classes="dialog--text")
            yield _field("seed", Input("1", type="integer", id="seed", compact=True, max_length=SEED_DIGITS))
            yield _field("speed ×", Choice([f"{speed:g}" for speed in SPEEDS], "1", id="speed"))
            yield _field("profile", Choice(self._profiles, "default", id="profile"))
            yield Plain(HINT, id="form-hint")
            yield Plain("", id="form-trouble")
            yield Plain(_keys(), classes="dialog--keys")

    @on(Input.Submitted)
    @on(Choice.Submitted)
    def _start(self) -> None:
        seed = self.query_one("#seed", Input).value.strip()
        if not seed.isdecimal():
            self.query_one("#form-trouble", Plain).update(line(("▲ a seed is a whole number, such as 7", BAD)))
            return
        speed, profile = self.query_one("#speed", Choice).value, self.query_one("#profile", Choice).value
        self.dismiss(NewDrill(self._scenario.name, int(seed), float(speed), profile))

    def action_leave(self) -> None:
        """Go back without starting."""
        self.dismiss(None)


def _field(label: str, widget: Widget) -> Horizontal:
    return Horizontal(Plain(label, classes="field-label"), widget, classes="field")


def _keys() -> Content:
    return line(("enter", KEY), " start  ", ("↑↓", KEY), " field  ", ("←→", KEY), " value  ", ("esc", KEY), " back")
