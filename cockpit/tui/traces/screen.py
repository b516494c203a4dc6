"""One trace opened: its steps, what was said, retrieved and called, how it was judged, how to send it again."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Footer

from cockpit.domain.calls import Span
from cockpit.tui.leaving import Modal, Page
from cockpit.tui.panes.rows import Rows
from cockpit.tui.text import Plain, line, untrusted
from cockpit.tui.traces import detail as write
from cockpit.tui.traces import span_detail
from cockpit.tui.traces.messages import TracePinned
from cockpit.tui.traces.spans import SpanTree
from cockpit.world.port import TraceDetail

WIDE = 120
"""From this many columns on, facts and conversation stand side by side."""
CLIPBOARD = 74_000
"""Characters that most terminals take by their clipboard sequence."""
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


class TraceFacts(Vertical):
    """What is known about a trace beside what was said."""

    def __init__(self, detail: TraceDetail) -> None:
        super().__init__(classes="trace-facts")
        self._detail = detail

    def compose(self) -> ComposeResult:
        detail = self._detail
        if detail.signs:
            yield Section("Detectors found", write.signs(detail))
        yield Section("Judge, 1 to 5", [write.judge(detail)])
        yield Section("Trace", [write.facts(detail.row)])
        yield Section("Parameters", [write.settings(detail.parameters)])
        yield Section("Headers", [write.settings(detail.headers)])


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
        yield TraceFacts(detail)


class SpanBody(Vertical):
    """Everything about one step."""

    def __init__(self, span: Span, detail: TraceDetail) -> None:
        super().__init__(classes="span-body")
        self._span, self._began = span, detail.row.at
        if detail.spans:
            self._began = min(one.start for one in detail.spans)

    def compose(self) -> ComposeResult:
        for title, pieces in span_detail.sections(self._span, self._began):
            yield Section(title, pieces)


class TraceScreen(Page[None]):
    """One trace: its steps as a tree, beside or above what the chosen one is made of; `x` posts TracePinned."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_trace", "Back", id="trace.back"),
        Binding("x", "pin", "Pin", tooltip="Put it on the timeline", id="trace.pin"),
        Binding("y,Y", "copy", "Copy", tooltip="Copy what reproduces it", id="trace.copy"),
        Binding("j,J", "json", "As JSON", tooltip="Everything needed to send it again", id="trace.json"),
        Binding("tab", "other_side", "Steps / details", show=False, id="trace.other"),
        Binding("e", "next_error", "Next error", show=False, id="trace.error"),
    ]
    HELP = """# One trace
Everything the answer was made of. **▪ Whole trace** tells all at once; below it stand its steps on one axis of time,
failed ones with **✖**. Arrow keys choose a step, **space** folds what is below it, **e** goes to the next error,
**Enter** or **Tab** goes to the details, which the arrow keys scroll.

**y** copies the parameters that reproduce it and shows them, **j** shows them, **x** pins the trace to the timeline,
**Escape** goes back.
"""

    def __init__(self, detail: TraceDetail) -> None:
        super().__init__()
        self._detail = detail
        self._chosen = ""

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
        with Container(id="trace-parts", classes="-steps" if self._detail.spans else ""):
            if self._detail.spans:
                with Vertical(id="trace-left"):
                    yield SpanTree(self._detail.spans, id="trace-steps")
                    with VerticalScroll(id="trace-beside", can_focus=False):
                        yield TraceFacts(self._detail)
            with VerticalScroll(id="trace-scroll"):
                yield TraceBody(self._detail)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self._settle()

    def _settle(self) -> None:
        """Put the keyboard where reading begins."""
        self._chosen = ""
        self.query_one("#trace-steps" if self._detail.spans else "#trace-scroll").focus()

    async def show(self, detail: TraceDetail) -> None:
        """Show a newer state of the trace, say when a late score arrived."""
        if detail != self._detail:
            self._detail = detail
            await self.recompose()
            self._settle()

    @on(Rows.Moved)
    async def _step_chosen(self, event: Rows.Moved) -> None:
        event.stop()
        await self._tell(event.key)

    @on(Rows.Chosen)
    async def _step_entered(self, event: Rows.Chosen) -> None:
        event.stop()
        await self._tell(event.key)
        self.query_one("#trace-scroll").focus()

    async def _tell(self, key: str) -> None:
        """Show a step, or the whole trace, in the place for details."""
        if key == self._chosen:
            return
        self._chosen = key
        span = self.query_one(SpanTree).span(key)
        body: Widget = TraceBody(self._detail) if span is None else SpanBody(span, self._detail)
        scroll = self.query_one("#trace-scroll", VerticalScroll)
        with self.app.batch_update():
            await scroll.remove_children()
            await scroll.mount(body)
            scroll.scroll_home(animate=False)

    def action_other_side(self) -> None:
        """Go from the steps to the details, or back."""
        if trees := self.query(SpanTree):
            tree = trees.first()
            (self.query_one("#trace-scroll") if tree.has_focus else tree).focus()

    def action_next_error(self) -> None:
        """Go to the next step that failed."""
        for tree in self.query(SpanTree):
            if not tree.next_error():
                self.notify("No step failed", markup=False)

    def action_dismiss_trace(self) -> None:
        """Go back to where the trace was opened."""
        self.dismiss()

    def action_pin(self) -> None:
        """Ask for the trace to be put on the timeline."""
        self.post_message(TracePinned(self._detail.row.id, self._detail.row.verdict))
        self.notify("Pinned to the timeline", markup=False)

    def action_copy(self) -> None:
        """Copy what reproduces the trace, and show what was copied."""
        self.app.push_screen(JsonScreen(write.reproduction(self._detail), copy=True))

    def action_json(self) -> None:
        """Show how to reproduce the trace."""
        self.app.push_screen(JsonScreen(write.reproduction(self._detail)))


class JsonScreen(Modal[None]):
    """A text to read and to copy, as it stands; with `copy` it is copied when it is shown."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,j,J", "close", "Close"),
        Binding("y", "copy", "Copy", tooltip="To the terminal's clipboard"),
    ]

    def __init__(self, text: str, *, copy: bool = False) -> None:
        super().__init__()
        self._whole, self._copy = text, copy

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="json-box") as box:
            box.border_title = Content("To reproduce")
            box.border_subtitle = Content("y copy · escape close")
            yield Plain(untrusted(self._whole, multiline=True, limit=64_000, lines=1_000), id="json-text")

    def on_mount(self) -> None:
        if self._copy:
            self.action_copy()

    def action_copy(self) -> None:
        """Copy the whole text, by the terminal."""
        self.app.copy_to_clipboard(self._whole)
        large = len(self._whole) > CLIPBOARD
        doubt = "; some terminals take no more than 74 kB" if large else ""
        self.query_one("#json-box").border_subtitle = Content(f"copied {_size(self._whole)}{doubt} · escape close")

    def action_close(self) -> None:
        """Put it away."""
        self.dismiss()


def _size(text: str) -> str:
    return f"{len(text):,} characters"
