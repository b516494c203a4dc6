"""What changed lately on real systems: their own change logs, providers' words, and values that moved unannounced.

A thread asks every so often; whoever looks gets what is known already. A value that has another version than at the
last look was moved by somebody, whether or not the system keeps a log: that is how a floating alias is seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from cockpit.errors import CockpitError, Unsure
from cockpit.world.contract import ChangeLog, Deadline, ProviderStatus, Reading, StatusFeed, Version
from cockpit.world.fleet import Fleet, Member
from cockpit.world.intime import in_time
from cockpit.world.planner import before_current, fingerprint, in_words
from cockpit.world.port import Change

Told = TypeVar("Told")

LOOK_S = 15.0
"""How often systems are asked what changed, in seconds."""

LOOK_BACK = timedelta(hours=24)
"""How far before the incident changes are asked for."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One value that is looked at again and again: where it is, which lever sets it, whether its history is kept."""

    system: str
    address: str
    lever: str
    history: bool = False


class News:
    """Collects changes, provider statuses and readings."""

    def __init__(
        self,
        fleet: Fleet,
        watched: Sequence[Watched],
        read: Callable[[str, str], Reading],
        versions: Callable[[str, str], Sequence[Version]],
        now: Callable[[], datetime],
        since: datetime,
    ) -> None:
        self._fleet = fleet
        self._watched = tuple(watched)
        self._read = read
        self._versions = versions
        self._now = now
        self._since = since - LOOK_BACK
        self._lock = threading.Lock()
        self._changes: dict[str, tuple[Change, ...]] = {}
        self._moved: list[Change] = []
        self._statuses: dict[str, ProviderStatus] = {}
        self._readings: dict[tuple[str, str], Reading] = {}
        self._looked_at: dict[tuple[str, str], datetime] = {}
        self._good: dict[tuple[str, str], str] = {}
        self._problems: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="news", daemon=True)

    def start(self) -> News:
        """Begin to look."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()

    def look(self) -> None:
        """Ask every system once; one that does not answer keeps what was known, and says so in `problems`."""
        for watched in self._watched:
            self._tried(watched.system, partial(self._look_at, watched))
        for member, log in self._fleet.logs():
            self._tried(_log_of(member), partial(self._ask_log, member, log))
        for member, feed in self._fleet.feeds():
            if not self._tried(_log_of(member), partial(self._ask_feed, member, feed)):
                self._keep(self._statuses, member.name, _unknown(member.name, self._now()))

    def changes(self) -> tuple[Change, ...]:
        """Return everything that changed, newest first."""
        with self._lock:
            found = [*self._moved, *(one for some in self._changes.values() for one in some)]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    def reading(self, system: str, address: str) -> Reading | None:
        """Return the value as it was at the last look."""
        with self._lock:
            return self._readings.get((system, address))

    def looked_at(self, system: str, address: str) -> datetime | None:
        """Return when the last look that was answered began."""
        with self._lock:
            return self._looked_at.get((system, address))

    def last_good(self, system: str, address: str) -> str:
        """Return the version before the current one, as people know it; empty where no history is kept."""
        with self._lock:
            return self._good.get((system, address), "")

    def readings(self) -> Mapping[str, Reading]:
        """Return every value that is watched, by `system address`."""
        with self._lock:
            return {f"{system} {address}": one for (system, address), one in self._readings.items()}

    def statuses(self) -> Mapping[str, ProviderStatus]:
        """Return what providers say of themselves, by the name of the system that reads it."""
        with self._lock:
            return dict(self._statuses)

    def problems(self) -> Mapping[str, str]:
        """Return why a system was not answering at the last look, by its name."""
        with self._lock:
            return dict(self._problems)

    def note(self, system: str, address: str, reading: Reading) -> None:
        """Take a value that this cockpit itself has just written, so that it is not taken for somebody else's."""
        with self._lock:
            self._readings[(system, address)] = reading

    def _keep_looking(self) -> None:
        while not self._stop.is_set():
            self.look()
            self._stop.wait(LOOK_S)

    def _tried(self, name: str, work: Callable[[], None]) -> bool:
        """Do one part of a look and tell whether that went well; what did not is a problem, and ends nothing else."""
        try:
            work()
        except CockpitError as problem:
            self._keep(self._problems, name, str(problem))
            return False
        except Exception as problem:  # an adapter may hand out anything at all
            self._keep(self._problems, name, f"its adapter failed ({type(problem).__name__})")
            return False
        with self._lock:
            self._problems.pop(name, None)
        return True

    def _ask_log(self, member: Member, log: ChangeLog) -> None:
        told = tuple(_asked(member, partial(log.changes, self._since)))
        if any(one.at.tzinfo is None for one in told):
            raise Unsure("its change log tells moments without a zone")
        self._keep(self._changes, member.name, told)

    def _ask_feed(self, member: Member, feed: StatusFeed) -> None:
        self._keep(self._statuses, member.name, _asked(member, feed.status))

    def _keep(self, into: dict[str, Told], name: str, what: Told) -> None:
        with self._lock:
            into[name] = what

    def _look_at(self, watched: Watched) -> None:
        place, began = (watched.system, watched.address), self._now()
        reading = self._read(*place)
        with self._lock:
            before = self._readings.get(place)
            self._readings[place] = reading
            self._looked_at[place] = began
            if before is not None and fingerprint(before) != fingerprint(reading) and before.value != reading.value:
                self._moved.append(_moved(watched, before, reading, self._now()))
        if watched.history:
            self._look_back(place, reading)

    def _look_back(self, place: tuple[str, str], reading: Reading) -> None:
        try:
            versions = self._versions(*place)
        except CockpitError:
            return
        earlier = before_current(versions, reading)
        with self._lock:
            self._good[place] = earlier.shown if earlier else ""


def _asked(member: Member, ask: Callable[[Deadline], Told]) -> Told:
    """Return what a system tells, in time."""
    seconds = member.deadline_s
    return in_time(lambda: ask(Deadline(seconds)), seconds + 1, f"asking {member.name} what changed")


def _log_of(member: Member) -> str:
    """Name a system's change log: that it does not answer says nothing about the system's levers."""
    return f"{member.name}, its change log"


def _moved(watched: Watched, before: Reading, after: Reading, now: datetime) -> Change:
    at = after.at or now
    return Change(
        ref=f"{watched.system} {watched.address}",
        at=at,
        what=f"{watched.address} on {watched.system} was moved",
        kind=watched.lever,
        before=in_words(before),
        after=in_words(after),
        by=after.by or "unknown",
        note="" if after.at else "seen at this moment; it may have been moved a little earlier",
    )


def _unknown(name: str, now: datetime) -> ProviderStatus:
    """A feed that can't be read says nothing about its provider's health."""
    return ProviderStatus(name, "unknown", (), now)
