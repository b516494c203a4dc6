"""All failing traces together: named groups, how far it reaches, and what speaks for each layer."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import Footer

from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.leaving import Page
from cockpit.tui.messages import ModalRequested
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import DIM, WARN
from cockpit.tui.runner import Notice, answered
from cockpit.tui.screens.groups import words as write
from cockpit.tui.screens.groups.proposal import proposal
from cockpit.tui.text import Plain, line

if TYPE_CHECKING:
    from cockpit.session.look import Look

WIDE = 120
BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
TICK_S = 0.25


@dataclass
class GroupChosen(Message):
    """Somebody wants the trace list to show one group only; `groups` are the ids of all groups by name."""

    name: str
    groups: dict[str, tuple[int, ...]]


class GroupsScreen(Page[None]):
    """Groups on the left or above, what is known beside or below; posts GroupChosen and ModalRequested."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,v", "dismiss", "Back", id="groups.back"),
        Binding("enter", "show_traces", "Its traces", tooltip="Show only its traces", id="groups.traces"),
        Binding("g", "gauge", "Gauge", tooltip="Take scope and share over into the form", id="groups.gauge"),
        Binding("h", "guess", "Hypotheses", tooltip="Write a guess down", id="groups.guess"),
        Binding("r", "again", "Look again", tooltip="Look at the traces as they are now", id="groups.again"),
        Binding("tab", "other_side", "Other side", show=False, id="groups.other"),
    ]
    HELP = """# Groups
All failing traces at once, grouped by the words of what came out. A name is made of verdict, telling words and the
surest fact; **~** is a group by topic only. Beside it: what the group shares against the passing traces, how far it
reaches, and what speaks for each layer. **▲** is sure, all else may be chance; none of it says what caused what.

**Enter** shows the traces of a group in the list · **g** takes since, share, prompt, routes, tenants into the form,
where you correct and record them · **h** hypotheses · **r** looks again · **Tab** goes to the other side · **Escape**
goes back.
"""

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__()
        self._snapshot, self._controller = snapshot, controller
        self._look: Look | None = None
        self._problem = ""
        self._ticks = 0

    def compose(self) -> ComposeResult:
        yield Plain(id="groups-title")
        yield Plain(id="groups-warning")
        with Container(id="groups-parts"):
            yield Rows(id="groups-list")
            yield Rows(id="groups-beside")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        groups = self.query_one("#groups-list")
        groups.border_title, groups.border_subtitle = "Groups", "enter its traces · tab details"
        self.set_interval(TICK_S, self._tick)
        self.action_again()

    def on_resize(self, event: events.Resize) -> None:
        # Widths are known only when the layout is done.
        self.call_after_refresh(self._draw)

    def on_screen_resume(self) -> None:
        if (latest := getattr(self.app, "latest", None)) is not None:
            self._snapshot = latest
        self.call_after_refresh(self._draw)

    def action_again(self) -> None:
        """Look at all traces, off the screen."""
        if self._ticks:
            return
        self._ticks, self._problem = 1, ""
        self._draw()
        self.run_worker(
            self._ask(self._controller.look()), group="look", exclusive=True, description="group the traces"
        )

    async def _ask(self, future: Future[Look]) -> None:
        try:
            found = await answered(future, self._complain)
        finally:
            self._ticks = 0
        self._look = found or self._look
        self._draw()

    def _complain(self, notice: Notice) -> None:
        self._problem = notice.text

    def _tick(self) -> None:
        if self._ticks:
            self._ticks += 1
            self._draw_title()

    def _draw_title(self) -> None:
        if self._ticks:
            waited = f" … {self._ticks * TICK_S:.0f} s" if self._ticks * TICK_S >= 1 else " …"
            told = line("Groups  ", (f"looking at {self._snapshot.traces:,} traces{waited}", WARN))
        else:
            told = write.headline(self._look) if self._look else line("Groups")
        self.query_one("#groups-title", Plain).update(told)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self._draw_title()
        warning = self._problem or "  ".join(write.warnings(self._look) if self._look else ())
        shown = self.query_one("#groups-warning", Plain)
        shown.display = bool(warning)
        shown.update(line((warning, WARN)))
        groups = self.query_one("#groups-list", Rows)
        if self._look and groups.line_width > 0:
            made = write.group_rows(self._look, groups.line_width)
            groups.set_rows(made or [row(("no group: nothing failed", DIM))])
        self._draw_beside()

    def _draw_beside(self) -> None:
        beside = self.query_one("#groups-beside", Rows)
        if self._look and beside.line_width > 0:
            beside.set_rows(self._beside(self._look, beside.line_width))

    def _beside(self, look: Look, width: int) -> list[Row]:
        chosen = self._chosen(look)
        rows = (
            [*write.group_detail(look.clusters.clusters[chosen], look, width), row("")] if chosen is not None else []
        )
        rows += [*write.scope_rows(look.scope, self._snapshot.harmed, width), row("")]
        rows += write.change_rows(self._snapshot.proposed, width)
        rows += [*write.layer_rows(look.layers, width), row("")]
        rows += write.page_rows(self._snapshot.proposed, width)
        return rows + write.hypothesis_rows(self._snapshot.state.triage.hypotheses, width)

    def _chosen(self, look: Look) -> int | None:
        cursor = self.query_one("#groups-list", Rows).cursor
        return int(cursor) if cursor.isdigit() and int(cursor) < len(look.clusters.clusters) else None

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self._draw_beside()
        self.query_one("#groups-beside", Rows).scroll_to(y=0, animate=False, force=True)

    @on(Rows.Chosen)
    def _picked(self, event: Rows.Chosen) -> None:
        event.stop()
        self.action_show_traces()

    def action_show_traces(self) -> None:
        """Show the traces of the group under the cursor in the list."""
        chosen = self._chosen(self._look) if self._look else None
        if self._look is None or chosen is None:
            return
        groups = {one.name: _ids(one.members) for one in self._look.clusters.clusters}
        name = self._look.clusters.clusters[chosen].name
        if not groups[name]:
            self.notify("These traces are not in this incident's list", markup=False)
            return
        self.post_message(GroupChosen(name, groups))
        self.dismiss()

    def action_gauge(self) -> None:
        """Open the form that gauges the failure, filled in from the traces."""
        found = proposal(self._look) if self._look else {}
        if not found:
            self.notify("The traces propose nothing yet", markup=False)
            return
        self.post_message(ModalRequested("characterise", {"proposed": found}))

    def action_guess(self) -> None:
        """Open the hypotheses."""
        self.post_message(ModalRequested("hypotheses"))

    def action_other_side(self) -> None:
        """Go to the other list."""
        groups, beside = self.query_one("#groups-list"), self.query_one("#groups-beside")
        (beside if groups.has_focus else groups).focus()


def _ids(members: tuple[str, ...]) -> tuple[int, ...]:
    """Return the rows of the incident's list among the members of a group."""
    return tuple(int(one) for one in members if one.isascii() and one.isdigit())
