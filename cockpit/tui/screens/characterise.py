"""Gauge the failure: since when, what share, what shape, reproducible, what changed; and whom it hits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.domain.levers import Lever
from cockpit.domain.text import clean
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.session.suspects import failing_prompt, suspects
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import Cycle, Field, text_field
from cockpit.tui.text import Plain, line
from cockpit.world.port import Series, SignalFrame

SHAPES = (
    ("", "not known yet"),
    ("step", "a step: from one moment to the next"),
    ("creeping", "creeping: a little worse all the time"),
    ("bursts", "bursts: comes and goes"),
    ("loop", "a loop: it feeds itself"),
    ("spike", "a spike: over already"),
)
TRIES = (
    ("", "not tried yet"),
    ("3 of 3", "3 of 3 examples"),
    ("2 of 3", "2 of 3 examples"),
    ("1 of 3", "1 of 3 examples"),
    ("0 of 3", "0 of 3: can't be reproduced"),
)


def breached_since(frame: SignalFrame) -> str:
    """Return the time (HH:MM) at which the first signal went over its line, or an empty text."""
    places = [place for series in frame.series if (place := _first_over(series)) is not None]
    if not places:
        return ""
    bins = max(len(series.values) for series in frame.series)
    return stamp(frame.at - timedelta(seconds=(bins - min(places)) * frame.bin_s), seconds=False)


def _first_over(series: Series) -> int | None:
    """Find the first of two bins in a row over the line; a single one is noise."""
    if series.threshold is None or not (series.harm or series.breached):
        return None
    line = series.threshold
    over = [value < line if series.floor else value > line for value in series.values]
    return next((place for place, pair in enumerate(pairwise(over)) if all(pair)), None)


def _since(snapshot: Snapshot) -> str:
    """Return when it began: as told by whoever saw it first, and no later than the page."""
    told = [snapshot.state.milestones[name] for name in ("signal", "page") if name in snapshot.state.milestones]
    earliest = stamp(min(told), seconds=False) if told else ""
    return min(filter(None, (breached_since(snapshot.frame), earliest)), default="")


class CharacteriseModal(AskModal):
    """One form for the five questions and the scope, filled in as far as the signals know."""

    HEADING = "Gauge it: what do we know about the failure?"
    HINT: ClassVar[str] = "tab next · ◂ ▸ turn a choice · ctrl+s record · esc leave"
    BINDINGS: ClassVar = [("ctrl+s", "record", "Record")]
    AUTO_FOCUS = "Input"

    def __init__(self, snapshot: Snapshot, controller: Controller, proposed: Mapping[str, str] | None = None) -> None:
        """`proposed` are fields by name that stand there at first, whatever is on record."""
        super().__init__(snapshot, controller)
        self._proposed = dict(proposed or {})

    def body(self) -> ComposeResult:
        """Five questions, three about the scope."""
        triage = self.snapshot.state.triage
        paged = _paged(self.snapshot)
        known = {**paged, **_said(triage.characterised), **self._proposed}
        scope = {**paged, **_said(triage.scope), **self._proposed}
        signals = "Filled in from pages and signals" if paged else "Filled in from the signals"
        source = "Proposed from the traces" if self._proposed else signals
        yield Plain(line((f"{source}; correct it where you know better.", DIM)))
        yield text_field("since when", _text(known, "since") or _since(self.snapshot), "HH:MM", id="since")
        yield text_field("what share", _fraction(self.snapshot, known), "percent of traffic", id="fraction")
        yield Field("what shape", Cycle(SHAPES, _text(known, "shape"), id="shape"))
        yield Field("reproducible", Cycle(TRIES, _text(known, "reproducible"), id="reproducible"))
        yield Field("what changed", Cycle(_changes(self.snapshot), _text(known, "changed"), id="changed"))
        yield Plain(line(("Scope", "bold"), ("  commas between several", DIM)))
        yield text_field("routes", _text(scope, "routes"), "/support, /search", id="routes")
        yield text_field("prompt", _text(scope, "prompt") or _prompt(self.snapshot), "v41", id="prompt")
        yield text_field("tenants", _text(scope, "tenants"), _tenant_hint(self.snapshot), id="tenants")
        yield Plain("", id="trouble")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field."""
        self.focus_next()

    def action_record(self) -> None:
        """Ask for what was filled in."""
        typed = {one.id or "": one.value.strip() for one in self.query(Input)}
        chosen = {one.id or "": one.value for one in self.query(Cycle)}
        try:
            fraction = share(typed["fraction"])
        except ValueError as problem:
            self.query_one("#trouble", Plain).update(line((str(problem), BAD)))
            return
        known = {"since": typed["since"], "fraction": fraction, **chosen}
        scope = {"routes": _listed(typed["routes"]), "prompt": typed["prompt"], "tenants": _listed(typed["tenants"])}
        wishes = [
            Wish(action, given)
            for action, arguments in (("characterise", known), ("set_scope", scope))
            if (given := {key: value for key, value in arguments.items() if value not in ("", None, [])})
        ]
        self.dismiss(tuple(wishes) or None)


def _said(recorded: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in recorded.items() if value not in ("", None, [], ())}


def _paged(snapshot: Snapshot) -> dict[str, Any]:
    """Return the fields that the detectors' pages speak of, fit to be drawn."""
    told = snapshot.proposed
    if told is None:
        return {}
    known = {one.ref for one in suspects(snapshot.changes, snapshot.state)}
    found = {
        "since": stamp(told.since, seconds=False) if told.since else "",
        "changed": told.change if told.change in known else "",
        "routes": [clean(one, multiline=False) for one in told.routes],
        "prompt": clean(told.prompt, multiline=False),
        "tenants": [clean(one, multiline=False) for one in told.tenants],
    }
    return _said(found)


def share(text: str) -> float | None:
    """Read a share as people write it: `8`, `8 %` and `0.08` are the same; empty is None.

    Raises:
        ValueError: it is no number, or not between 0 and 100 percent.
    """
    digits = text.replace("%", "").replace(",", ".").strip()
    if not digits:
        return None
    try:
        number = float(digits)
    except ValueError:
        raise ValueError(f"a share is a number such as 8 or 8 %, not {text!r}") from None
    fraction = number if number < 1 and "%" not in text else number / 100
    if not 0 <= fraction <= 1:
        raise ValueError("a share is between 0 and 100 percent")
    return round(fraction, 4)


def _text(known: Mapping[str, Any], key: str) -> str:
    value = known.get(key)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _fraction(snapshot: Snapshot, known: Mapping[str, Any]) -> str:
    if isinstance(proposed := known.get("fraction"), str):
        return proposed
    for value in (known.get("fraction"), snapshot.facts.get("degraded_share"), snapshot.failing_share):
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return f"{value:.1%}"
    return ""


def _changes(snapshot: Snapshot) -> list[tuple[str, str]]:
    board = [
        (one.ref, f"{one.what}  {stamp(one.at, seconds=False)}") for one in suspects(snapshot.changes, snapshot.state)
    ]
    return [("", "not known yet"), *board, ("nothing", "nothing that anybody can find")]


def _prompt(snapshot: Snapshot) -> str:
    current = next((view.current for view in snapshot.levers if view.name == Lever.REVERT_PROMPT), "")
    return failing_prompt(snapshot.state, Lever.REVERT_PROMPT, current)


def _tenant_hint(snapshot: Snapshot) -> str:
    count = snapshot.facts.get("affected_tenants")
    return f"{count:g} tenants have harmed users" if isinstance(count, int | float) and count else "acme, beta-shop"
