"""A passing trace beside a failing one, with what differs in their settings on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Footer
from textual.worker import get_current_worker

from cockpit.tui.leaving import Page
from cockpit.tui.text import Plain, line
from cockpit.tui.traces import contrasts
from cockpit.tui.traces import detail as write
from cockpit.tui.traces.complete import seen
from cockpit.tui.traces.contrasts import Sections
from cockpit.tui.traces.differences import Difference, compare, table
from cockpit.tui.traces.messages import TracePinned
from cockpit.tui.traces.screen import BREAKPOINTS, JsonScreen, Section
from cockpit.tui.traces.source import TraceSource
from cockpit.world.port import TraceDetail

if TYPE_CHECKING:
    from cockpit.detect.contrast import Contrast


class Differences(Widget):
    """The settings of both, those that differ marked."""

    DEFAULT_CSS = "Differences { height: auto; }"

    def __init__(self, lines: list[Difference]) -> None:
        super().__init__()
        self._lines = lines

    def render(self) -> Content:
        """Draw the table as wide as there is room."""
        return table(self._lines, self.size.width or 80)


class Side(VerticalScroll):
    """One of the two: verdict, scores, conversation, retrieval and tools."""

    def __init__(self, detail: TraceDetail, name: str, mark: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, classes="compare-side")
        self._detail = detail
        self._marked: Sections = []
        self.border_title = line(f"{mark} {name}  #{detail.row.id}  ", write.verdict(detail.row.verdict))

    def compose(self) -> ComposeResult:
        yield Plain(write.score_line(self._detail.row.scores), classes="compare-scores")
        for title, pieces in self._marked or self._plain():
            yield Section(title, pieces)

    def _plain(self) -> Sections:
        return [
            ("Messages", write.messages(self._detail)),
            ("Retrieved", write.chunks(self._detail)),
            ("Tool calls", write.tool_calls(self._detail)),
        ]

    async def mark(self, found: Sections) -> None:
        """Show the same with the differences marked."""
        self._marked = found
        await self.recompose()


class CompareScreen(Page[None]):
    """Two traces side by side from 120 columns on, one above the other below that."""

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d", "close", "Back", id="compare.back"),
        Binding("tab", "app.focus_next", "Other side", id="compare.other"),
        Binding("y,Y", "copy", "Copy failing", tooltip="Copy what reproduces the failing one", id="compare.copy"),
        Binding("x", "pin", "Pin failing", tooltip="Put the failing one on the timeline", id="compare.pin"),
    ]
    HELP = """# Passing beside failing
On top, the settings in which the two traces differ (**≠**). Below, words that stand on one side only are underlined:
the answer first, then what differs, then what is the same. **Tab** changes sides, arrows scroll, **x** pins the
failing one to the timeline, **y** copies what reproduces it, **Escape** goes back.
"""

    def __init__(self, passing: TraceDetail, failing: TraceDetail, source: TraceSource | None = None) -> None:
        """`source` knows the tenants whose names are looked for in what was retrieved."""
        super().__init__()
        self._passing, self._failing, self._source = passing, failing, source

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="compare-settings", can_focus=False) as box:
            box.border_title = Content("What differs")
            yield Differences(compare(self._passing, self._failing))
        with Container(id="compare-sides"):
            yield Side(self._passing, "passing", "✔", id="compare-passing")
            yield Side(self._failing, "failing", "✘", id="compare-failing")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#compare-failing").focus()
        self.run_worker(
            self._compare, thread=True, group="compare", exit_on_error=False, description="mark differences"
        )

    def _compare(self) -> None:
        """Find what differs; long texts take a while."""
        tenants = seen(self._source, ["tenant"])["tenant"] if self._source else ()
        found = contrasts.contrast_of(self._passing, self._failing, tenants)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._found, found)

    def _found(self, found: Contrast) -> None:
        self.run_worker(self._mark(found), group="mark", exclusive=True, description="draw differences")

    async def _mark(self, found: Contrast) -> None:
        for side in (contrasts.PASSING, contrasts.FAILING):
            await self.query_one(f"#compare-{side}", Side).mark(contrasts.sections(found, side))

    def action_copy(self) -> None:
        """Copy what reproduces the failing one, and show it."""
        self.app.push_screen(JsonScreen(write.reproduction(self._failing), copy=True))

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss()

    def action_pin(self) -> None:
        """Ask for the failing trace to be put on the timeline."""
        self.post_message(TracePinned(self._failing.row.id, self._failing.row.verdict))
        self.notify("Pinned to the timeline", markup=False)
