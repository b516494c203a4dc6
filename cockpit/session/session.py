"""The session: carries actions out against a journal and a world, and keeps the folded state.

Everything is journalled before it is asked of the world, so that a crash leaves an intent and never an unrecorded
change; a world is told the same order twice rather than not at all, since an order's op makes a repeat harmless.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from cockpit.domain.clock import Clock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.orders import order_of
from cockpit.domain.playbook import Fact, Playbook
from cockpit.domain.triage import facts_on_record
from cockpit.errors import ActionRefused, JournalConflict
from cockpit.session.action import Action, Context, parse
from cockpit.session.actions import ACTIONS, find
from cockpit.session.snapshot import Done
from cockpit.world.port import SignalFrame, World

TRIES = 64
"""How often an action is decided anew because another process appended first: more than there are terminals."""

PATIENT_TRIES = 2
APART_S = 0.004
"""After the first tries each waits a little, and never as long as the others, so that a crowd does not stay one."""

FACT_WINDOW_S = 1200.0
FACT_BINS = 120
"""The window over which facts for the rubric are measured: the last 20 minutes in bins of 10 seconds."""


class Log(Protocol):
    """What the session needs of a journal."""

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Append in one transaction; raises JournalConflict when somebody was faster."""
        ...

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the events after a line."""
        ...


class Session:
    """One person's (or script's) hands on one incident."""

    def __init__(self, journal: Log, incident: str, world: World, playbook: Playbook, clock: Clock) -> None:
        self.journal = journal
        self.incident = incident
        self.world = world
        self.playbook = playbook
        self.clock = clock
        self.log: list[Event] = []
        self.state = IncidentState()
        self._frame: SignalFrame | None = None
        self.refresh()

    def refresh(self) -> None:
        """Fold in what was appended since, by whomever, and tell the world what it was asked to do."""
        self._take(self.journal.events(self.incident, self.state.last_seq))

    def frame(self) -> SignalFrame:
        """Return the signals as they are known now."""
        now = self.clock.now()
        if self._frame is None or self._frame.at != now:
            self._frame = self.world.signals(now, FACT_WINDOW_S, FACT_BINS)
        return self._frame

    def facts(self) -> dict[str, Fact]:
        """Return everything the rubric may ask: what is measured, then what people put on record."""
        return {**self.frame().facts, **facts_on_record(self.playbook, self.state)}

    def context(self, actor: str) -> Context:
        """Return what an action of `actor` looks at."""
        return Context(self.state, self.playbook, self.world, self.clock.now(), actor, self.facts, self.frame)

    def may(self, name: str, arguments: Mapping[str, Any] | None = None, *, actor: str) -> str:
        """Return why an action may not run now, or an empty text; without arguments, whether it may run at all."""
        action = find(name)
        return action.check(self.context(actor), parse(action, arguments) if arguments is not None else None)

    def refusals(self, actor: str) -> dict[str, str]:
        """Return the reason for every action that may not run now."""
        context = self.context(actor)
        reasons = {name: action.check(context, None) for name, action in ACTIONS.items()}
        return {name: reason for name, reason in reasons.items() if reason}

    def do(self, name: str, arguments: Mapping[str, Any] | None = None, *, actor: str) -> Done:
        """Carry an action out, or record that it was refused and why.

        Raises:
            BadInput: there is no such action, or its arguments are wrong.
            JournalError: nothing could be written; nothing was asked of the world.
        """
        action = find(name)
        parsed = parse(action, arguments)
        for turn in range(TRIES):
            try:
                return self._once(action, parsed, arguments or {}, actor)
            except JournalConflict:
                self._step_aside(turn)
        raise ActionRefused("others keep changing this incident", hint="Look at what they did, then try again.")

    def record(self, events: Sequence[NewEvent]) -> list[Event]:
        """Append what happened by itself (the world, the watch), whatever others appended meanwhile."""
        return self.record_if(lambda: events)

    def record_if(self, decide: Callable[[], Sequence[NewEvent]]) -> list[Event]:
        """Append what `decide` says, deciding anew whenever somebody else was faster."""
        for turn in range(TRIES):
            events = decide()
            if not events:
                return []
            try:
                written = self.journal.append(self.incident, events, expected_seq=self.state.last_seq)
            except JournalConflict:
                self._step_aside(turn)
                continue
            self._take(written)
            return written
        raise JournalConflict("the journal was busy", hint="Try again.")

    def _step_aside(self, turn: int) -> None:
        """Somebody else was faster: let others go on, and read what they wrote."""
        if turn >= PATIENT_TRIES:
            time.sleep(random.uniform(0, APART_S * 2 ** min(turn, 7)))
        self.refresh()

    def _once(self, action: Action, parsed: Any, given: Mapping[str, Any], actor: str) -> Done:
        context = self.context(actor)
        reason = action.check(context, parsed)
        events = [_refusal(context, action.name, given, reason)] if reason else action.run(context, parsed)
        written = self.journal.append(self.incident, events, expected_seq=self.state.last_seq)
        self._take(written)
        return Done(action.name, () if reason else tuple(written), reason)

    def _take(self, events: Sequence[Event]) -> None:
        self.state = fold(events, self.state)
        self.log.extend(events)
        for event in events:
            order = order_of(event)
            if order is not None:
                self.world.pull(order)
                self._frame = None


def _refusal(context: Context, name: str, given: Mapping[str, Any], reason: str) -> NewEvent:
    return context.event(Kind.ACTION_REFUSED, action=name, arguments=_plain(given), reason=reason)


def _plain(value: Any) -> Any:
    """Make arguments as given fit for JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, list)) or value is None else str(value)
