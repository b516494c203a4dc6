"""The traces of conversations that customers complain about: found in the archive, or brought in, and pinned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.alerts import AlertSeen
from cockpit.domain.clock import Clock
from cockpit.domain.events import Kind, NewEvent, Source, iso
from cockpit.errors import CockpitError, JournalConflict
from cockpit.live.alerts.ledger import Keeps, Ledger, Standing

ACTOR = "cockpit"
LOOK_S = 2.0
"""How often it is looked for complaints, and for what was not there yet."""
PULL_S = 15.0
"""How often sources are read for a conversation that is not in the archive."""
PATIENCE = timedelta(minutes=30)
"""How long after a complaint its conversation is looked for: answers may be recorded late."""
PINNED = 3
"""Traces of one conversation that are pinned, the last before the complaint."""

Find = Callable[[str, datetime], Sequence[int]]
"""Says where the traces of a session are in the archive, those that ended before a moment, newest first."""

Bring = Callable[[], None]
"""Reads the configured sources of traces into the archive."""


class Fetching:
    """Looks for the conversations that open complaints name; what is to be done is in the journal alone."""

    def __init__(
        self, journal: Keeps, clock: Clock, find: Find, bring: Bring | None, tell: Callable[[Mapping[str, Any]], None]
    ) -> None:
        """Make ready; `bring` is None where no sources are configured."""
        self._journal, self._clock, self._tell = journal, clock, tell
        self._find, self._bring = find, bring
        self._ledger = Ledger(journal)
        self._done: set[tuple[str, str]] = set()
        self._brought: datetime | None = None
        self._problem = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="complaints", daemon=True)

    def start(self) -> Fetching:
        """Begin."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Look no more; what was not found is looked for when it is begun anew."""
        self._stop.set()
        self._thread.join(PULL_S)

    def look(self) -> None:
        """Pin what is there, and read the sources where something is missing."""
        missing = [one for one in self._wanted() if not self._pinned(*one)]
        now = self._clock.now()
        due = self._brought is None or now - self._brought >= timedelta(seconds=PULL_S)
        if missing and self._bring is not None and due:
            self._brought = now
            self._bring()
            for one in missing:
                self._pinned(*one)

    def _keep_looking(self) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                self.look()
                self._problem = ""
            except CockpitError as problem:  # the archive, the journal or the settings: told once, and looked again
                self._complain(str(problem))
                self._stop.wait(PULL_S)
            except Exception as problem:  # whatever is in the way now, the next complaint is looked for
                self._complain(type(problem).__name__)
                self._stop.wait(PULL_S)

    def _wanted(self) -> Iterator[tuple[Standing, AlertSeen]]:
        since = self._clock.now() - PATIENCE
        for standing in self._ledger.refresh():
            for alert in standing.state.alerts.values():
                wanted = alert.session and (standing.incident, alert.session) not in self._done
                if not standing.over and wanted and alert.first >= since:
                    yield standing, alert

    def _pinned(self, standing: Standing, alert: AlertSeen) -> bool:
        """Pin what is found; tells whether anything was."""
        rows = self._find(alert.session, alert.first)
        if not rows:
            return False
        pinned = {pin.trace for pin in standing.state.pins}
        fresh = [row for row in rows[:PINNED] if row not in pinned]
        note = f"session {alert.session}, which {alert.source} names"
        now = self._clock.now()
        lines = [
            NewEvent(Kind.TRACE_PINNED, now, ACTOR, Source.SYSTEM, {"trace": row, "verdict": "", "note": note})
            for row in fresh
        ]
        try:
            if lines:
                self._journal.append(standing.incident, lines, expected_seq=standing.state.last_seq)
        except JournalConflict:  # somebody wrote in between: once more at the next look
            return False
        self._done.add((standing.incident, alert.session))
        if fresh:
            self._say({"incident": standing.incident, "session": alert.session, "pinned": fresh})
        return True

    def _complain(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._say({"status": 500, "why": f"traces of complaints can't be looked for: {problem}", "count": 1})

    def _say(self, line: Mapping[str, Any]) -> None:
        self._tell({"at": iso(self._clock.now()), "source": "traces", "status": 200, **line})
