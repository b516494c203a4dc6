"""`cockpit watch`: the detectors on what comes in; a page opens an incident with its evidence."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import deliver, emit, print_json_list, say
from cockpit.cli.places import paths_of
from cockpit.cli.traces.detect import baseline_of, meanings_of, tell_unread, thresholds, traces_of
from cockpit.cli.traces.known import known_of
from cockpit.cli.traces.watch_out import changes_of, way_out
from cockpit.errors import BadInput
from cockpit.paths import write_private

if TYPE_CHECKING:
    from cockpit.cli.traces.watch_out import Out
    from cockpit.detect.stream.follow import Follower, Stream
    from cockpit.detect.stream.page import Page
    from cockpit.domain.calls import CallTrace

POLL_S = 2.0
"""Seconds between two looks at the stream."""
QUIET_S = 60.0
"""Seconds without an answer after which the minute that was under way is looked at as well."""


def run(given: Namespace) -> int:
    """Watch until interrupted, or once; with --once 1 when there was a page."""
    from cockpit.cli.traces.pull import pulling
    from cockpit.detect.stream.detectors import Detectors
    from cockpit.detect.stream.follow import follow

    lines = thresholds(given)
    with pulling(given) as pull, way_out(given, lines) as out, changes_of(given) as changes:
        if given.once:
            pull()
        stream, place = _stream(given), _Place(given)
        baseline = baseline_of(given)
        detectors = Detectors(lines, baseline, changes, meanings_of(baseline))
        follower = follow(stream, detectors, min(place.read(), stream.last()), known_of(given))
        follower.lines = lines
        if given.once:
            return _once(given, follower, place, out)
        with suppress(KeyboardInterrupt):
            _keep_watching(given, follower, place, pull, out)
    return 0


def _once(given: Namespace, follower: Follower, place: _Place, out: Out) -> int:
    told = [(page, out.take(page)) for page in (*follower.read(), *follower.close())]
    place.write(follower.place)
    if given.json:
        print_json_list(_as_json(page, incident) for page, incident in told)
    for page, incident in told if not given.json else ():
        _say(page, incident)
    if not told and not given.json:
        say(f"Nothing to page for, up to trace {follower.place}.")
    return 1 if told else 0


def _keep_watching(given: Namespace, follower: Follower, place: _Place, pull: Callable[[], None], out: Out) -> None:
    if not given.json:
        say("Watching. Ctrl-C ends it.")
    quiet = 0.0
    while True:
        pull()
        before = follower.place
        for page in follower.read():
            _tell(given, page, out)
        if follower.place != before:
            place.write(follower.place)
            quiet = 0.0
        elif 0.0 <= quiet < QUIET_S <= quiet + POLL_S:
            for page in follower.close():
                _tell(given, page, out)
        quiet += POLL_S
        deliver()
        time.sleep(POLL_S)


def _tell(given: Namespace, page: Page, out: Out) -> None:
    incident = out.take(page)
    if given.json:
        emit(json.dumps(_as_json(page, incident), ensure_ascii=True, allow_nan=False))
    else:
        _say(page, incident)


def _as_json(page: Page, incident: str) -> dict[str, object]:
    from cockpit.detect.stream.page import to_json

    return {"incident": incident or None, "alertmanager": not incident, **to_json(page)}


def _say(page: Page, incident: str) -> None:
    say(f"PAGE {page.at:%Y-%m-%d %H:%M:%S} {incident or 'to Alertmanager'} {page.detector}: {page.why}")


def searched(given: Namespace, query: str) -> Iterator[CallTrace]:
    """Yield the archived traces that a query finds, oldest first.

    Raises:
        BadInput: the query can't be read.
        JournalError: there is no archive yet.
    """
    from cockpit.archive.store import NAME, Archive
    from cockpit.domain.traces import TraceFilter

    archive = Archive.open(paths_of(given).data / NAME, read_only=True)
    try:
        for found in archive.walk(TraceFilter.parse(query, archived=True)):
            yield found.trace
    finally:
        archive.close()


def _stream(given: Namespace) -> Stream:
    return _Files(given) if given.files else _Archived(given)


class _Archived:
    """The archive as a stream."""

    def __init__(self, given: Namespace) -> None:
        from cockpit.archive.store import NAME, Archive

        path = paths_of(given).data / NAME
        if not given.once:  # who waits for the first trace may be there before it, and before its receiver
            Archive.open(path).close()
        self._archive = Archive.open(path, read_only=True)

    def since(self, number: int, most: int) -> Sequence[tuple[int, CallTrace]]:
        """Return the traces after a row."""
        return [(found.row.id, found.trace) for found in self._archive.newer(number, limit=most)]

    def last(self) -> int:
        """Return the newest row."""
        return self._archive.last_row()


class _Files:
    """Files as a stream; they are read anew when one of them has grown."""

    def __init__(self, given: Namespace) -> None:
        self._given = given
        self._sizes: list[int] = []
        self._traces: list[CallTrace] = []

    def since(self, number: int, most: int) -> Sequence[tuple[int, CallTrace]]:
        """Return the traces after a number, counted in the order they were completed."""
        self._look()
        return list(enumerate(self._traces[number : number + most], number + 1))

    def last(self) -> int:
        """Return how many there are."""
        self._look()
        return len(self._traces)

    def _look(self) -> None:
        from cockpit.intake.files import Reading

        sizes = [Path(one).stat().st_size if Path(one).is_file() else 0 for one in self._given.files]
        if sizes == self._sizes:
            return
        reading = Reading()
        self._traces = sorted(traces_of(self._given.files, self._given.map, reading), key=lambda one: one.ended)
        if not self._sizes:
            tell_unread(reading)
        self._sizes = sizes


class _Place:
    """Up to where pages were told, kept over restarts; files and the archive have places of their own."""

    def __init__(self, given: Namespace) -> None:
        self._file = paths_of(given).data / "watch.json"
        self._name = "\n".join(str(Path(one).absolute()) for one in given.files) or "archive"

    def read(self) -> int:
        """Return the number of the last trace that was watched; 0 where nothing was."""
        found = self._all().get(self._name, 0)
        return found if isinstance(found, int) and found > 0 else 0

    def write(self, number: int) -> None:
        """Remember a number."""
        write_private(self._file, json.dumps({**self._all(), self._name: number}))

    def _all(self) -> dict[str, object]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            raise BadInput(
                f"{self._file} can't be read", hint="Delete it: all traces are then watched anew."
            ) from None
        return found if isinstance(found, dict) else {}
