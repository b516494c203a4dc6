"""The live list of traces: drawn line by line from a window of rows, so that its size costs nothing."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cockpit.domain.traces import TraceFilter
from cockpit.tui.traces.kin import partners
from cockpit.tui.traces.lookout import Lookout
from cockpit.tui.traces.marks import Marks, Pair
from cockpit.tui.traces.messages import ComparePicked, ReproductionAsked, TraceOpened, TracePinned
from cockpit.tui.traces.paint import PARTS, RowPaint
from cockpit.tui.traces.source import TraceSource
from cockpit.tui.traces.window import TraceWindow
from cockpit.tui.traces.worst import WorstWindow
from cockpit.world.port import TraceRow

POLL_S = 0.25
"""Seconds between looks at the store: about four repaints a second however many traces arrive."""


class TraceList(Widget, can_focus=True):
    """Traces, newest on top, selected by id so that arrivals never move what is under the cursor.

    It follows the newest until somebody moves; Home or G follow again. Posts TraceOpened, TracePinned,
    ComparePicked and TraceList.Changed.
    """

    DEFAULT_CSS = """
    TraceList { height: 1fr; }
    TraceList > .traces--head { text-style: bold; color: $foreground; }
    TraceList > .traces--row { color: $foreground; }
    TraceList > .traces--loud { color: $error; text-style: bold; }
    TraceList > .traces--bad { color: $error; }
    TraceList > .traces--warn { color: $warning; }
    TraceList > .traces--ok { color: $success; }
    TraceList > .traces--dim { text-style: dim; }
    TraceList > .traces--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    TraceList:focus > .traces--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    TraceList > .traces--bar { text-style: dim; }
    TraceList > .traces--thumb { color: $primary; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"traces--{part}" for part in PARTS}
    BINDING_GROUP_TITLE = "Traces"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Read this trace", id="traces.open"),
        Binding("space", "mark", "Mark", tooltip="Mark for a comparison", id="traces.mark"),
        Binding("d", "compare", "Compare", tooltip="A passing beside a failing one", id="traces.compare"),
        Binding("x", "pin", "Pin", tooltip="Put it on the timeline", id="traces.pin"),
        Binding("Y", "reproduce", "Copy", tooltip="Copy what reproduces it", id="traces.copy"),
        Binding("S", "sort", "Sort", tooltip="Worst first, or newest first", id="traces.sort"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "move(-1, True)", "Page up", show=False),
        Binding("pagedown", "move(1, True)", "Page down", show=False),
        Binding("home,G", "follow", "Newest", show=False, tooltip="Follow the newest", id="traces.follow"),
        Binding("end", "oldest", "Oldest", show=False),
    ]
    HELP = """# Traces
What the assistant answered, newest first. Arrow keys hold on to a row; **Home** or **G** follows the newest again.

**Enter** opens a trace · **space** marks one · **d** sets a passing and a failing one side by side · **x** pins it to
the timeline · **Y** copies and shows what reproduces it · **S** turns to the worst first: the lowest of the four
scores, then the verdict, then the newest, of a bounded number of failing traces; an unscored leak counts as 1.

**/** filters: `verdict:leak tenant:beta since:15m -model:sonnet "free words"`. **Tab** completes keys and the values
that were seen, **↑** and **↓** bring earlier filters back. `since:` and `until:` take `15m`, `02:14` or a date (UTC).
"""

    class Changed(Message):
        """The filter, counts or following changed; headings may want to follow."""

    def __init__(self, source: TraceSource, *, poll_s: float = POLL_S, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.view: TraceWindow = TraceWindow(source, TraceFilter())
        self.marks = Marks()
        self._poll_s = poll_s
        self._lookout = Lookout(self, lambda: self.view, self._changed)
        self._paint = RowPaint(self)
        self._counts: tuple[object, ...] = ()

    def on_mount(self) -> None:
        self.watch(self.app, "theme", self.on_resize, init=False)
        self.look()
        if self._poll_s:
            self.set_interval(self._poll_s, self.look)

    def on_resize(self, _: object) -> None:
        """Draw everything anew: the size is another one, or the theme."""
        self.view.resize(self.size.height - 1)
        self._paint.forget()
        self.refresh()

    def look(self) -> None:
        """Ask the store for news now, in a thread."""
        self._lookout.look()

    def ask(self, query: TraceFilter) -> None:
        """Put another filter in force and follow its newest row."""
        self.view.ask(query)
        self._changed()
        self._lookout.look()

    def _changed(self) -> None:
        """Redraw the lines that look different now, and tell when the counts do."""
        if stale := self._paint.stale():
            self.refresh(*(Region(0, y, self.size.width, 1) for y in stale))
        view = self.view
        counts = (view.query, view.following, view.newer, view.count, view.failing, view.note)
        if counts != self._counts:
            self._counts = counts
            self.post_message(self.Changed())

    def action_move(self, delta: int, pages: bool = False) -> None:
        """Move the cursor by rows or by whole views, at once."""
        self.view.move(delta * max(1, self.view.height - 1) if pages else delta)
        self._changed()

    def action_follow(self) -> None:
        """Let go of the cursor and follow the newest."""
        self.view.follow()
        self._changed()
        self._lookout.look()

    def action_sort(self) -> None:
        """Turn between newest first and worst first."""
        kind = TraceWindow if isinstance(self.view, WorstWindow) else WorstWindow
        self.view = kind(self.view.source, self.view.query)
        self.view.resize(self.size.height - 1)
        self._changed()
        self._lookout.look()

    def action_oldest(self) -> None:
        """Go to the oldest row."""
        self.view.oldest()
        self._changed()

    def action_open(self) -> None:
        """Open the row under the cursor; while following, hold on to the first one."""
        if row := self._held():
            self.post_message(TraceOpened(row.id))

    def action_pin(self) -> None:
        """Ask for the row to be put on the timeline."""
        if row := self._held():
            self.post_message(TracePinned(row.id, row.verdict))

    def action_reproduce(self) -> None:
        """Ask for what reproduces the row."""
        if row := self._held():
            self.post_message(ReproductionAsked(row.id))

    def action_mark(self) -> None:
        """Mark or unmark the row for a comparison; one passing and one failing mark are kept."""
        row = self._held()
        if row is None:
            return
        self.marks.toggle(row)
        self._changed()

    def action_compare(self) -> None:
        """Ask for a comparison of the marked rows; what is not marked is looked for near the cursor."""
        row = self._held()
        if row is None:
            return
        pair = self.marks.pair(row, [*self.view.rows, *partners(self.view.source, row)])
        if isinstance(pair, Pair):
            self.post_message(ComparePicked(passing=pair.passing, failing=pair.failing))
        else:
            self.notify(f"There is no {pair} trace to set beside it yet", markup=False)

    def _held(self) -> TraceRow | None:
        if self.view.cursor is None:
            self.view.select(0)
            self._changed()
        return self.view.selected()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.view.scroll(3)
        self._changed()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.view.scroll(-3)
        self._changed()

    def on_click(self, event: events.Click) -> None:
        if event.x == self.size.width - 1 and event.y > 0:
            self.view.jump((event.y - 1) / max(1, self.size.height - 2))
        else:
            self.view.select(event.y - 1)
        self._changed()

    def render_line(self, y: int) -> Strip:
        """Draw one line: the heading, a row, or nothing."""
        return self._paint.line(y)
