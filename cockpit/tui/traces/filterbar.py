"""The filter line: keys and values are completed, earlier filters come back with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input
from textual.widgets.input import Selection

from cockpit.domain.text import clean
from cockpit.domain.traces import FilterError
from cockpit.errors import BadInput
from cockpit.tui.text import Plain, line, untrusted
from cockpit.tui.traces.complete import Offer, Values, offer

KEPT = 50
"""Filters that are remembered."""
LONGEST = 2_000
EXAMPLE = "verdict:leak tenant:beta since:15m -model:sonnet words"


class FilterInput(Input):
    """The line itself; what is pasted passes the door."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "Complete", show=False),
        Binding("shift+tab", "complete(-1)", "Complete", show=False),
        Binding("up", "earlier(1)", "Earlier", show=False),
        Binding("down", "earlier(-1)", "Later", show=False),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002
        self.values: Values = {}
        self.keys: Sequence[str] = ()
        super().__init__(placeholder=EXAMPLE, compact=True, max_length=LONGEST, suggester=_Ghost(self), id=id)
        self._past: list[str] = []
        self._place = -1
        self._draft = ""
        self._turning: tuple[str, Offer, int] | None = None

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(clean(event.text.strip(), multiline=False, limit=LONGEST))

    @property
    def offer(self) -> Offer:
        """What may stand at the cursor."""
        if self._turning and self._turning[0] == self.value:
            return self._turning[1]
        return offer(self.value[: self.cursor_position], self.values, self.keys)

    def remember(self, text: str) -> None:
        """Keep a filter that was put in force."""
        self._place, self._draft = -1, ""
        if text:
            self._past = [text, *(one for one in self._past if one != text)][:KEPT]

    def action_complete(self, step: int) -> None:
        """Complete the word before the cursor; again for the next choice."""
        found = self.offer
        if not found.choices:
            return
        turned = self._turning is not None and self._turning[0] == self.value
        number = ((self._turning[2] if self._turning else 0) + step) % len(found.choices) if turned else 0
        rest = self.value[self.cursor_position :]
        completed = self.value[: found.start] + found.choices[number]
        # After a key its values come next; after a value, the other values.
        self._turning = None if completed.endswith(":") else (completed + rest, found, number)
        self.value = completed + rest
        self.cursor_position = len(completed)

    def action_earlier(self, step: int) -> None:
        """Bring back an earlier filter, or a later one; below the newest stands what was being typed."""
        if self._place < 0:
            self._draft = self.value
        self._place = max(-1, min(len(self._past) - 1, self._place + step))
        self.value = self._draft if self._place < 0 else self._past[self._place]
        self.cursor_position = len(self.value)


class _Ghost(Suggester):
    """Shows the best completion behind the cursor."""

    def __init__(self, line: FilterInput) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._line = line

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole line with its last word completed."""
        found = offer(value, self._line.values, self._line.keys)
        typed = value[found.start :]
        fits = (one for one in found.choices if typed and one.startswith(typed) and one != typed)
        best = next(fits, None)
        return None if best is None else value[: found.start] + best


class FilterBar(Vertical):
    """One line to type a filter into, and one with completions or with what is wrong."""

    DEFAULT_CSS = """
    FilterBar { height: auto; display: none; }
    FilterBar.-open { display: block; }
    FilterBar Input { padding: 0 1; background: $surface; }
    FilterBar #filter-offer { color: $foreground-muted; height: 1; padding: 0 1; text-wrap: nowrap; }
    FilterBar #filter-error { color: $error; height: auto; max-height: 3; padding: 0 1; display: none; }
    FilterBar.-wrong #filter-error { display: block; }
    FilterBar.-wrong #filter-offer { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close filter", show=False)]

    class Closed(Message):
        """The line was put away."""

    def compose(self) -> ComposeResult:
        yield FilterInput(id="filter-input")
        yield Plain(id="filter-offer")
        yield Plain(id="filter-error")

    @property
    def input(self) -> FilterInput:
        """The line itself."""
        return self.query_one("#filter-input", FilterInput)

    def open(self, text: str) -> None:
        """Show the line with the filter in force and put the keyboard there."""
        self.add_class("-open")
        self.input.value = text
        self.input.focus()
        self.call_after_refresh(self.tell)

    def know(self, values: Values, keys: Sequence[str]) -> None:
        """Take over what can be completed."""
        self.input.values, self.input.keys = values, keys
        self.tell()

    def tell(self) -> None:
        """List what the line may go on with."""
        choices = self.input.offer.choices
        told = Content("  ").join([untrusted(one, limit=60) for one in choices[:30]])
        self.query_one("#filter-offer", Plain).update(line(("tab ", "$accent"), told) if choices else "")

    def action_close(self) -> None:
        """Put the line away and keep the filter in force."""
        self.remove_class("-open", "-wrong")
        self.post_message(self.Closed())

    @on(Input.Changed, "#filter-input")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.remove_class("-wrong")
        self.tell()

    def complain(self, problem: BadInput) -> None:
        """Say what is wrong with the filter and where; it stays open."""
        self.add_class("-wrong")
        place = ""
        if isinstance(problem, FilterError):
            place = f"at {problem.start + 1}: "
            self.input.selection = Selection(problem.start, problem.end)
        hint = f" {problem.hint}" if problem.hint else ""
        self.query_one("#filter-error", Plain).update(f"{place}{problem.message}{hint}")
