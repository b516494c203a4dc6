"""The lifeline: what a terminal does while the journal's database can't be reached, and when it is back.

What depends on nobody else (a note, a pin, "I am on it") is kept here and written later, at the moment when it was
done. Everything else is refused: a role, a lever or an all-clear decided on what was known before would be decided
blindly.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from cockpit.domain.clock import mmss
from cockpit.errors import JournalUnreachable
from cockpit.journal.backing import Lost
from cockpit.live.outbox import Outbox, untold
from cockpit.session.action import parse
from cockpit.session.actions import find
from cockpit.session.session import Session
from cockpit.session.snapshot import Done

KEEPS = frozenset({"note", "pin_trace", "acknowledge", "answer_pages"})
"""Actions that are kept: true whatever others do meanwhile, and harmless when they come late."""

SAID_S = 20.0
"""How long it is said that it has caught up."""

LATER = "Wait until the database is back; notes, pins and acknowledging are kept meanwhile."
UNSURE = "It may have been recorded all the same: you will see it here when the database is back."


class Follows(Protocol):
    """What is needed of a journal beyond appending."""

    @property
    def lost(self) -> Lost | None:
        """Since when its database has not answered; None while it does."""
        ...

    def changed(self) -> bool:
        """Tell, cheaply, whether another process has committed something."""
        ...


class Lifeline:
    """Follows the journal for one terminal, through lost connections."""

    def __init__(self, session: Session, journal: Follows, outbox: Outbox | None) -> None:
        self._session = session
        self._journal = journal
        self._outbox = outbox
        self._behind = True
        self._lost: Lost | None = None
        self._caught_up = ("", 0.0)
        self._waiting = len(outbox.waiting()) if outbox else 0

    def follow(self) -> None:
        """Take in what is new; after a lost connection, write what was kept."""
        self._behind |= self._journal.changed()
        lost = self._journal.lost
        if lost is not None:
            self._lost = self._lost or lost
        elif self._lost is not None or self._behind or self._waiting:
            self._catch_up()

    def keep(self, name: str, arguments: Mapping[str, Any] | None, actor: str, problem: JournalUnreachable) -> Done:
        """Keep an action that could not be written.

        Raises:
            JournalUnreachable: it is none that can be kept; the message says what is to be thought of it.
            JournalReadOnly: it can't be kept here either.
        """
        action = find(name)
        if self._outbox is None or name not in KEEPS:
            said = f"{action.title} was not done. {problem.message}" if not problem.unsure else problem.message
            raise JournalUnreachable(said, hint=UNSURE if problem.unsure else LATER)
        context, parsed = self._session.context(actor), parse(action, arguments)
        if reason := action.check(context, parsed):
            return Done(name, (), reason)
        self._outbox.keep(action.run(context, parsed), problem.lines)
        self._waiting += 1
        self._lost = self._lost or self._journal.lost
        return Done(name, kept=True)

    def refuse(self, name: str) -> None:
        """Refuse at once what could not be recorded.

        Raises:
            JournalUnreachable: the database does not answer.
        """
        if lost := self._journal.lost:
            raise JournalUnreachable(f"{find(name).title} was not done. {lost.reason}", hint=LATER)

    def problem(self, now: datetime) -> str:
        """Say that the database is away, or that it is back; "" while there is nothing to say."""
        lost = self._journal.lost
        if lost is not None:
            waits = f"; {self._waiting} kept here" if self._waiting else ""
            return (
                f"Cut off from the journal for {mmss(now - lost.since)}{waits}. Notes, pins and acknowledging are "
                f"kept, all else is refused. {lost.reason}"
            )
        said, since = self._caught_up
        return said if said and time.monotonic() - since < SAID_S else ""

    def _catch_up(self) -> None:
        seen = self._session.state.last_seq
        self._session.refresh()
        self._behind = False
        written = self._deliver() if self._outbox and self._waiting else 0
        if self._lost is not None:
            away = mmss(self._session.clock.now() - self._lost.since)
            news = self._session.state.last_seq - seen - written
            lines = "1 line" if news == 1 else f"{news} lines"
            kept = f", {written} kept here {'is' if written == 1 else 'are'} written now" if written else ""
            said = f"The journal is back after {away}: caught up with {lines}{kept}."
            self._caught_up, self._lost = (said, time.monotonic()), None

    def _deliver(self) -> int:
        assert self._outbox is not None
        waiting = self._outbox.waiting()
        written = self._session.record_if(lambda: untold(waiting, self._session.log))
        self._outbox.written(waiting)
        self._waiting = 0
        return len(written)
