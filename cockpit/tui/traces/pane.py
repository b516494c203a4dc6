"""The trace list in its frame, with headings, key hints and the filter line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import Input
from textual.worker import get_current_worker

from cockpit.domain.traces import ARCHIVED, GROUP, KEYS, SINCE, UNTIL, TraceFilter
from cockpit.errors import BadInput
from cockpit.tui.text import Plain, line, untrusted
from cockpit.tui.traces.complete import Values, seen
from cockpit.tui.traces.filterbar import FilterBar
from cockpit.tui.traces.list import TraceList
from cockpit.tui.traces.messages import FilterChanged
from cockpit.tui.traces.source import TraceSource

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot

HINTS = (
    ("enter", "open"),
    ("space", "mark"),
    ("d", "compare"),
    ("x", "pin"),
    ("/", "filter"),
    ("S", "sort"),
    ("v", "groups"),
)
NO_TRACES = (
    "No traces have come. They come from a trace source named in cockpit.toml; without one, read them where your "
    "team keeps them, and write down here what you see (n)."
)
FRAME = 6
"""Cells a border takes from its title: corners and the spaces around it."""


class TracePane(Vertical):
    """The framed trace list; `title` is what stands first in the frame, such as "4 Traces"."""

    DEFAULT_CSS = """
    TracePane {
        border: round $border-blurred;
        border-title-color: $foreground; border-subtitle-color: $foreground-muted;
        border-subtitle-align: right;
        height: 1fr;
    }
    TracePane #no-traces { height: auto; padding: 1 2; color: $foreground-muted; display: none; }
    TracePane:focus-within { border: round $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter traces", tooltip="Show only some traces", id="traces.filter")
    ]

    def __init__(
        self,
        source: TraceSource,
        *,
        title: str = "Traces",
        parse: Callable[[str], TraceFilter] | None = None,
        poll_s: float = 0.25,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._source, self._poll_s = source, poll_s
        self._title, self._parse = title, parse or self._read
        self._text = ""
        self._now: datetime | None = None
        self._groups: Mapping[str, Collection[int]] = {}

    def compose(self) -> ComposeResult:
        yield FilterBar()
        yield Plain(NO_TRACES, id="no-traces")
        yield TraceList(self._source, poll_s=self._poll_s)

    def show(self, snapshot: Snapshot) -> None:
        """Say where traces would come from while a real incident has none; a simulator's are on their way."""
        self._now = snapshot.now
        self.query("#no-traces").set(display=snapshot.state.live and not snapshot.traces)

    @property
    def list(self) -> TraceList:
        """The list inside."""
        return self.query_one(TraceList)

    def on_mount(self) -> None:
        self._describe()

    def on_resize(self) -> None:
        self._describe()

    @property
    def keys(self) -> tuple[str, ...]:
        """What the source can be filtered by."""
        known = ARCHIVED if getattr(self._source, "archived", False) else KEYS
        return (*known, SINCE, UNTIL, *([GROUP] if self._groups else ()))

    def know_groups(self, groups: Mapping[str, Collection[int]]) -> None:
        """Take over groups of traces by name, for `group:"name"` in a filter."""
        self._groups = groups

    def show_group(self, name: str, groups: Mapping[str, Collection[int]]) -> None:
        """Show the traces of one group only."""
        self.know_groups(groups)
        self.set_filter('group:="{}"'.format(name.replace('"', "")))

    def _read(self, text: str) -> TraceFilter:
        archived = bool(getattr(self._source, "archived", False))
        return TraceFilter.parse(text, archived=archived, now=self._now, groups=self._groups)

    def set_filter(self, text: str) -> None:
        """Put a filter in force as if it had been typed; raises BadInput when it can't be read."""
        query = self._parse(text)
        self._text = text.strip()
        self.list.ask(query)
        self.post_message(FilterChanged(query, self._text))

    def action_filter(self) -> None:
        """Open the filter line, and look behind it for values to complete with."""
        bar = self.query_one(FilterBar)
        bar.open(self._text)
        self.run_worker(self._look_for_values, thread=True, group="values", exclusive=True, exit_on_error=False)

    def _look_for_values(self) -> None:
        keys = self.keys
        found = seen(self._source, [one for one in keys if one not in (SINCE, UNTIL, GROUP)])
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._know_values, {**found, GROUP: tuple(self._groups)}, keys)

    def _know_values(self, values: Values, keys: tuple[str, ...]) -> None:
        self.query_one(FilterBar).know(values, keys)

    @on(Input.Submitted, "#filter-input")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        bar = self.query_one(FilterBar)
        try:
            self.set_filter(event.value)
        except BadInput as problem:
            bar.complain(problem)
            return
        bar.input.remember(self._text)
        bar.action_close()

    @on(FilterBar.Closed)
    def _bar_closed(self, event: FilterBar.Closed) -> None:
        event.stop()
        self.list.focus()

    @on(TraceList.Changed)
    def _changed(self, event: TraceList.Changed) -> None:
        event.stop()
        self._describe()

    def _describe(self) -> None:
        try:
            view = self.list.view
        except NoMatches:
            return
        width = self.size.width - FRAME
        share = f" · {view.failing:.1%} failing".replace("%", " %") if view.count else ""
        asked: Content | str = line("   ⌕ ", (self._text, "$accent")) if self._text else ""
        state = "" if view.following else f"   ▲ {view.newer:,} newer" if view.newer else "   held"
        counted = f"   {view.note}" if view.note else f"   {view.count:,}{share}"
        self.border_title = line((self._title, "bold"), counted, (state, "$warning"), asked).truncate(
            max(1, width), ellipsis=True
        )
        self.border_subtitle = self._hints(width, view.following)

    def _hints(self, width: int, following: bool) -> Content:
        pairs = HINTS if following else (("G", "follow"), *HINTS)
        parts = [untrusted(key, "$accent") + f" {what}" for key, what in pairs]
        while parts and sum(part.cell_length + 3 for part in parts) > width:
            parts.pop()
        return Content(" · ").join(parts)
