"""One trace opened: what was said, retrieved and called, how it was judged, and how to send it again."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer

from cockpit.tui.text import Plain, line, untrusted
from cockpit.tui.traces import detail as write
from cockpit.tui.traces.messages import TracePinned
from cockpit.world.port import TraceDetail

WIDE = 120
"""From this many columns on, facts and conversation stand side by side."""
BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]


class Section(Vertical):
    """A heading and what stands under it."""

    DEFAULT_CSS = """
    Section { height: auto; margin: 0 0 1 0; }
    Section > .section--title { color: $accent; text-style: bold; height: 1; }
    Section > .section--body { height: auto; padding: 0 0 0 2; }
    """

    def __init__(self, title: str, pieces: list[Content]) -> None:
        super().__init__()
        self._heading, self._pieces = title, pieces

    def compose(self) -> ComposeResult:
        yield Plain(self._heading, classes="section--title")
        yield Plain(Content("\n").join(self._pieces or [Content.styled("none", "dim")]), classes="section--body")


class TraceBody(Vertical):
    """Everything about one trace, in reading order."""

    def __init__(self, detail: TraceDetail, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes="trace-body")
        self._detail = detail

    def compose(self) -> ComposeResult:
        detail = self._detail
        with Vertical(classes="trace-talk"):
            yield Section("Messages", write.messages(detail))
            yield Section("Retrieved", write.chunks(detail))
            yield Section("Tool calls", write.tool_calls(detail))
        with Vertical(classes="trace-facts"):
            yield Section("Judge, 1 to 5", [write.judge(detail)])
            yield Section("Trace", [write.facts(detail.row)])
            yield Section("Parameters", [write.settings(detail.parameters)])
            yield Section("Headers", [write.settings(detail.headers)])


class TraceScreen(Screen[None]):
    """One trace, scrollable as a whole; `x` posts TracePinned."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_trace", "Back", id="trace.back"),
        Binding("x", "pin", "Pin", tooltip="Put it on the timeline", id="trace.pin"),
        Binding("j", "json", "As JSON", tooltip="Everything needed to send it again", id="trace.json"),
    ]
    HELP = """# One trace
Everything the answer was made of. The arrow keys scroll, **x** pins it to the timeline, **j** shows the parameters to
reproduce it as JSON, **Escape** goes back.
"""

    def __init__(self, detail: TraceDetail) -> None:
        super().__init__()
        self._detail = detail

    def compose(self) -> ComposeResult:
        row = self._detail.row
        yield Plain(
            line(
                "Trace ",
                (f"#{row.id}", "bold"),
                "  ",
                write.verdict(row.verdict),
                "  ",
                row.tenant,
                "  ",
                write.score_line(row.scores),
            ),
            id="trace-title",
        )
        with VerticalScroll(id="trace-scroll"):
            yield TraceBody(self._detail)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#trace-scroll").focus()

    async def show(self, detail: TraceDetail) -> None:
        """Show a newer state of the trace, say when a late score arrived."""
        if detail != self._detail:
            self._detail = detail
            await self.recompose()
            self.query_one("#trace-scroll").focus()

    def action_dismiss_trace(self) -> None:
        """Go back to where the trace was opened."""
        self.dismiss()

    def action_pin(self) -> None:
        """Ask for the trace to be put on the timeline."""
        self.post_message(TracePinned(self._detail.row.id, self._detail.row.verdict))
        self.notify("Pinned to the timeline", markup=False)

    def action_json(self) -> None:
        """Show how to reproduce the trace."""
        self.app.push_screen(JsonScreen(write.reproduction(self._detail)))


class JsonScreen(ModalScreen[None]):
    """A text to read and to copy, as it stands."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,j", "close", "Close"),
        Binding("y", "copy", "Copy", tooltip="To the terminal's clipboard"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._whole = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="json-box") as box:
            box.border_title = Content("To reproduce")
            box.border_subtitle = Content("y copy · escape close")
            yield Plain(untrusted(self._whole, multiline=True, limit=64_000, lines=1_000), id="json-text")

    def action_copy(self) -> None:
        """Copy the whole text."""
        self.app.copy_to_clipboard(self._whole)
        self.notify("Copied", markup=False)

    def action_close(self) -> None:
        """Put it away."""
        self.dismiss()
