"""Looking at the trace store for news without holding up the screen."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget
from textual.worker import get_current_worker

from cockpit.tui.traces.window import Snapshot, TraceWindow


class Lookout:
    """Runs one look at a time in a thread and hands what it found to the window on the UI loop.

    `news` is called there whenever the window changed.
    """

    def __init__(self, widget: Widget, view: Callable[[], TraceWindow], news: Callable[[], None]) -> None:
        self._widget, self._view, self._news = widget, view, news
        self._looking = False

    def look(self) -> None:
        """Start a look unless one is under way."""
        if self._looking or not self._widget.is_attached:
            return
        self._looking = True
        view = self._view()
        ask = view.look()

        def work() -> None:
            snapshot: Snapshot | None = None
            try:
                snapshot = ask()
            finally:
                if not get_current_worker().is_cancelled:
                    self._widget.app.call_from_thread(self._looked, view, snapshot)

        self._widget.run_worker(
            work, thread=True, group="traces", exit_on_error=False, description="look for new traces"
        )

    def _looked(self, view: TraceWindow, snapshot: Snapshot | None) -> None:
        self._looking = False
        if snapshot is None:
            return
        if view is not self._view() or snapshot.query != view.query:
            self.look()
        elif view.apply(snapshot):
            self._news()
