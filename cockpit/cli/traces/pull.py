"""`cockpit traces pull`: traces of the configured systems into the archive, once or again and again."""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.cli.output import deliver, emit, print_json, say
from cockpit.cli.places import paths_of, settings_of
from cockpit.cli.traces.archive import open_archive
from cockpit.cli.traces.pull_text import Complaints, as_json, complain_of, line
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.archive.store import Archive
    from cockpit.live.trace_pull.pulling import Pulled, Puller

FURTHEST = timedelta(days=31)
BEAT_S = 1.0


def pull(given: Namespace) -> int:
    """Pull until interrupted; with --once once: 1 when a source could not be read, or a part of what it sent."""
    since = _since(given)
    if not settings_of(given).traces.sources:
        raise BadInput(
            "No system is set up to bring traces in from.", hint='Add sources = ["NAME"] to [traces] in cockpit.toml.'
        )
    with open_archive(given) as archive, puller_on(given, archive) as puller:
        return _once(given, puller, archive, since) if given.once else _go_on(given, puller, archive, since)


@contextmanager
def pulling(given: Namespace) -> Iterator[Callable[[], None]]:
    """Pull beside `cockpit watch`; yields what it calls before each reading of the archive.

    Where it reads only once, sources are looked at by that call; otherwise they are read all the time.
    """
    if given.files or not settings_of(given).traces.sources:
        yield lambda: None
        return
    from cockpit.live.trace_pull.pulling import Pulling

    with open_archive(given) as archive, puller_on(given, archive) as puller:
        if given.once:
            yield lambda: _look(puller, archive)
            return
        work = Pulling(puller, Complaints().tell).start()
        try:
            yield lambda: _index(archive)
        finally:
            work.close()


def _since(given: Namespace) -> datetime | None:
    from cockpit.cli.systems import moment

    if not given.since:
        return None
    now = WallClock().now()
    since = moment(given.since, now)
    if not now - FURTHEST <= since <= now:
        raise BadInput(f"--since {given.since} is not within the last {FURTHEST.days} days.")
    return since


@contextmanager
def puller_on(given: Namespace, archive: Archive) -> Iterator[Puller]:
    """Make a puller on the systems that are sources, and on no others."""
    from cockpit.live.trace_pull.pulling import Puller
    from cockpit.world.fleet import connect
    from cockpit.world.secrets import secret_reader

    settings, now = settings_of(given), WallClock().now
    tables = {name: table for name, table in settings.systems.items() if name in settings.traces.sources}
    fleet = connect(settings.live.model_copy(update={"systems": tables}), secret_reader(os.environ), now)
    keys, limits = settings.intake.keys, settings.intake.limits
    try:
        yield Puller(fleet, settings.traces, archive, paths_of(given).data, now, keys, limits)
    finally:
        fleet.close()


def _look(puller: Puller, archive: Archive) -> None:
    for one in puller.look():
        complain_of(one)
    archive.index_all()


def _index(archive: Archive) -> None:
    archive.index()


def _once(given: Namespace, puller: Puller, archive: Archive, since: datetime | None) -> int:
    told = puller.look(since)
    archive.index_all()
    if given.json:
        print_json([as_json(one) for one in told])
    for one in told:
        if not given.json and (one.counts.pages or not one.problem):
            say(line(one))
        complain_of(one)
    return 1 if any(one.problem or one.counts.unreadable for one in told) else 0


def _go_on(given: Namespace, puller: Puller, archive: Archive, since: datetime | None) -> int:
    from cockpit.live.trace_pull.pulling import Pulling

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    came: queue.SimpleQueue[Pulled] = queue.SimpleQueue()
    if since is not None:
        for one in puller.look(since):
            came.put(one)
    # Only this thread prints: one that finds nobody reading has to end the command.
    work, complaints = Pulling(puller, came.put).start(), Complaints()
    while not ended.wait(BEAT_S):
        while not came.empty():
            _tell(given, came.get(), complaints)
        archive.index()
    work.close()
    archive.index_all()
    return 1 if any(one.problem for one in work.latest.values()) else 0


def _tell(given: Namespace, one: Pulled, complaints: Complaints) -> None:
    if one.counts.new or one.counts.grown:
        if given.json:
            emit(json.dumps(as_json(one), ensure_ascii=True, allow_nan=False))
        else:
            say(line(one))
    complaints.tell(one)
    deliver()
