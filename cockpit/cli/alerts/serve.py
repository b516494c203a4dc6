"""`cockpit serve-webhooks`: takes in the alerts of other systems until it is told to end."""

from __future__ import annotations

import json
import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from cockpit.cli.alerts.gates import gates_of
from cockpit.cli.alerts.paged import archived_rows
from cockpit.cli.alerts.seen import lock_of, opener_of
from cockpit.cli.alerts.traces import fetching
from cockpit.cli.output import OutputLost, deliver, emit, say
from cockpit.cli.places import open_journal, settings_of
from cockpit.domain.clock import WallClock

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.live.webhooks.door import Door, Gate
    from cockpit.settings import Settings


def serve(given: Namespace) -> int:
    """Take alerts in until it is interrupted."""
    from cockpit.live.webhooks.server import WebhookServer

    settings = settings_of(given)
    listen = given.listen or settings.webhooks.listen
    gates = gates_of(settings, listen)
    with open_journal(given) as journal:
        if journal.trouble:
            raise journal.trouble
        tell = _teller(given.json)
        door = door_of(given, settings, journal, gates, tell)
        server = WebhookServer(listen, door).start()
        try:
            _greet(given.json, server.url, sorted(gates))
            with fetching(given, journal, tell), _until_told():
                server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.close()
            _part(given.json, door.counts)
    return 0


def door_of(
    given: Namespace,
    settings: Settings,
    journal: Journal,
    gates: Mapping[str, Gate],
    tell: Callable[[Mapping[str, Any]], None],
) -> Door:
    """Put the door together: who may come in, and the desk behind it."""
    from cockpit.live.alerts.desk import AlertDesk, Kinship
    from cockpit.live.webhooks.door import Door

    told, clock = settings.webhooks, WallClock()
    kinship = Kinship(timedelta(minutes=told.window_min), tuple(told.match))
    rows_of = partial(archived_rows, given)
    desk = AlertDesk(journal, lock_of(given, journal), opener_of(settings), clock, kinship, rows_of)
    return Door(gates, desk, clock, tell, max_bytes=told.max_kb * 1024)


def _teller(as_json: bool) -> Callable[[Mapping[str, Any]], None]:
    """Return what writes one line for each request; several threads call it, and alerts come in without a reader."""
    writing = threading.Lock()

    def tell(line: Mapping[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=True) if as_json else _sentence(line)
        with writing, suppress(OutputLost):
            emit(text) if as_json else say(text)
            deliver()

    return tell


def _sentence(line: Mapping[str, Any]) -> str:
    head = f"{line['at'][:19]}Z  {line['source']}  {line['status']}"
    if "why" in line:
        return f"{head}  {line['why']} ({line['count']} so far)"
    if "pinned" in line:
        rows = ", ".join(f"#{row}" for row in line["pinned"])
        return f"{head}  session {line['session']}: pinned {rows} in {line['incident']}"
    counts = ", ".join(f"{line[key]} {key}" for key in ("accepted", "repeated", "ignored") if line[key])
    places = "".join(f"  {key} {', '.join(line[key])}" for key in ("opened", "joined", "unreadable") if line[key])
    return f"{head}  {counts or 'nothing in it'}{places}"


def _greet(as_json: bool, url: str, names: list[str]) -> None:
    if as_json:
        emit(json.dumps({"url": url, "sources": names}))
    else:
        say(f"Listening at {url}: " + ", ".join(f"/{name}" for name in names))
        say("Ctrl-C ends it.")
    deliver()


def _part(as_json: bool, counts: Mapping[str, int]) -> None:
    if as_json:
        emit(json.dumps({"counts": dict(counts)}))
    else:
        say("; ".join(f"{what} {count}" for what, count in sorted(counts.items()) if count) or "Nothing came in.")


@contextmanager
def _until_told() -> Iterator[None]:
    """Take the request to end like Ctrl-C, where signals can be taken."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
