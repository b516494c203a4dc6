"""Behind `cockpit serve-webhooks`: traces of conversations that complaints name, archived or brought in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.cli.places import paths_of, settings_of
from cockpit.domain.clock import WallClock

if TYPE_CHECKING:
    from cockpit.journal.log import Journal

MOST = 3
"""Traces of one conversation that are asked for."""


@contextmanager
def fetching(given: Namespace, journal: Journal, tell: Callable[[Mapping[str, Any]], None]) -> Iterator[None]:
    """Look for conversations as long as alerts are taken in."""
    from cockpit.live.webhooks.traces import Fetching

    bring = bringing(given) if settings_of(given).traces.sources else None
    work = Fetching(journal, WallClock(), lambda session, until: of_session(given, session, until), bring, tell)
    work.start()
    try:
        yield
    finally:
        work.close()


def of_session(given: Namespace, session: str, until: datetime) -> Sequence[int]:
    """Return where the last traces of a session before a moment are in the archive, newest first."""
    from cockpit.archive.store import NAME, Archive
    from cockpit.domain.traces import Term, TraceFilter, Wanted, fold

    path = paths_of(given).data / NAME
    if not path.exists():
        return ()
    archive = Archive.open(path, read_only=True)
    try:
        only = Term("session", (Wanted(fold(session), whole=True),))
        return archive.ids(TraceFilter((only,), until=until), limit=MOST)
    finally:
        archive.close()


def bringing(given: Namespace) -> Callable[[], None]:
    """Return what reads the sources once; what is wrong with one is told on stderr, once."""
    from cockpit.cli.traces.archive import open_archive
    from cockpit.cli.traces.pull import puller_on
    from cockpit.cli.traces.pull_text import Complaints

    complaints = Complaints()

    def bring() -> None:
        with open_archive(given) as archive, puller_on(given, archive) as puller:
            for one in puller.look():
                complaints.tell(one)
            archive.index_all()

    return bring
