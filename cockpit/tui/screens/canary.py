"""The way back: a few users first, watched against the baseline, then everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.domain.parts import Canary
from cockpit.tui.chart import number
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.text import Plain, fit, line
from cockpit.world.port import Series, SignalFrame

STEPS = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0)
"""Shares that are offered, in percent; the profile's own first share is added."""
BAR = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be done to the canary, and why not now."""

    key: str
    text: str
    wish: Wish
    refused: str = ""


class CanaryModal(AskModal):
    """Open, watch, widen or close a canary."""

    HEADING = "Canary: the way back"
    HINT: ClassVar[str] = "↑↓ choose · type the code, enter: do it · esc leave"
    AUTO_FOCUS = "CodeBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
    ]

    def body(self) -> ComposeResult:
        """How it stands, its signals, what can be done, and the code."""
        yield Plain("", id="standing")
        yield Rows(id="signals", spare=14)
        yield Rows(id="choices", spare=16)
        yield Plain("", id="why")
        yield CodeBox("to do it")

    @property
    def choices(self) -> list[Choice]:
        """What can be done now."""
        canary, refusals = self.snapshot.state.canary, self.snapshot.refusals
        if canary and canary.open:
            wider = [step for step in STEPS if step > canary.percent and canary.state == "watching"]
            refused = refusals.get("widen_canary", "")
            return [
                *(Choice(f"widen:{step:g}", f"widen to {step:g} %{' (everybody)' if step == 100 else ''}",
                         Wish("widen_canary", {"percent": step}), refused) for step in reversed(wider)),
                Choice("close", "close it again, now", Wish("abort_canary"), refusals.get("abort_canary", "")),
            ]  # fmt: skip
        first = self.snapshot.playbook.profile.canary_percent
        shares = [first, *(step for step in STEPS if step != first and step <= 50)]
        refused = refusals.get("open_canary", "")
        return [
            Choice(
                f"open:{share:g}", f"open for {share:g} % of users", Wish("open_canary", {"percent": share}), refused
            )
            for share in shares
        ]

    @property
    def chosen(self) -> Choice | None:
        """The choice under the cursor."""
        key = self.query_one("#choices", Rows).cursor
        return next((one for one in self.choices if one.key == key), None)

    def redraw(self) -> None:
        """Draw everything as it stands now."""
        canary = self.snapshot.state.canary
        self.query_one("#standing", Plain).update(self._standing(canary))
        signals, choices = self.query_one("#signals", Rows), self.query_one("#choices", Rows)
        signals.can_focus = choices.can_focus = False
        watching = canary is not None and canary.state == "watching"
        signals.set_rows(list(self._signal_rows()) if watching else [])
        signals.display = watching
        choices.set_rows([_choice_row(choice) for choice in self.choices])
        chosen = self.chosen
        refused = chosen.refused if chosen else ""
        self.query_one("#why", Plain).update(line(("✖ not now: " + refused, BAD)) if refused else Content(""))
        self.offer_code(bool(chosen) and not refused)

    def _standing(self, canary: Canary | None) -> Content:
        profile = self.snapshot.playbook.profile
        if canary is None:
            minutes = profile.canary_watch_s / 60
            return line(
                ("Gives a few users the re-opened feature and watches them against the baseline for "
                 f"{minutes:g} minutes. When they are harmed it closes by itself.", DIM)
            )  # fmt: skip
        if canary.state == "stuck":
            words = f"▲ STILL OPEN at {canary.percent:g} %: closing it was refused, and is asked for again. "
            return line((words, f"bold {BAD}"), (canary.reason, BAD))
        if canary.state != "watching":
            style = GOOD if canary.state == "passed" else BAD
            return line((f"The last canary ({canary.percent:g} %) {canary.state}. ", style), (canary.reason, style))
        watched = (self.snapshot.now - canary.since).total_seconds()
        left = timedelta(seconds=max(0.0, profile.canary_watch_s - watched))
        filled = min(BAR, int(BAR * watched / max(profile.canary_watch_s, 1.0)))
        bar = "█" * filled + "░" * (BAR - filled)
        word = f" {mmss(left)} of the watch left" if left else " the watch is over"
        return line((f"{canary.percent:g} % of users ", "bold"), (bar, GOOD if not left else WARN), word)

    def _signal_rows(self) -> Iterator[Row]:
        arm: SignalFrame | None = self.snapshot.extra.get("canary")
        frame = arm or self.snapshot.frame
        yield row((fit("signal", 26) + fit("canary" if arm else "all users", 12, right=True)
                   + fit("baseline", 12, right=True) + fit("line", 10, right=True), DIM))  # fmt: skip
        for series in frame.series:
            yield row(*_signal_cells(series))

    def action_move(self, delta: int) -> None:
        """Choose something else."""
        self.query_one("#choices", Rows).action_step(delta)
        self.redraw()

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Do what is chosen."""
        chosen = self.chosen
        if chosen and not chosen.refused:
            self.dismiss((chosen.wish,))


def _signal_cells(series: Series) -> Iterator[tuple[str, str]]:
    style = BAD if series.breached else ""
    mark = "▲ " if series.breached else "  "
    latest, limit = number(series.latest), "" if series.threshold is None else number(series.threshold)
    yield mark + fit(series.label, 24), style or DIM
    yield fit(latest, 12, right=True), f"bold {style}".strip()
    yield fit(number(series.baseline), 12, right=True) + fit(limit, 10, right=True), DIM


def _choice_row(choice: Choice) -> Row:
    return row((choice.text, DIM if choice.refused else "bold"), key=choice.key)
