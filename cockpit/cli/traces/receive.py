"""`cockpit receive`: applications send their traces here, by OTLP over HTTP."""

from __future__ import annotations

import json
import signal
import threading
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, deliver, emit, say
from cockpit.cli.places import settings_of
from cockpit.cli.traces.archive import open_archive
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput
from cockpit.world.hosts import on_this_machine

if TYPE_CHECKING:
    from cockpit.archive.store import Archive

INDEX_EVERY_S = 1.0


def serve(given: Namespace) -> int:
    """Receive until SIGINT or SIGTERM; what was taken by then is kept."""
    from cockpit.intake.receiver import Receiver

    host, port = address_of(given.listen)
    options = settings_of(given).intake
    ended = threading.Event()
    kept = [0]
    with open_archive(given) as archive:
        receiver = Receiver(
            host, port, lambda traces: _keep(archive, traces, kept), clock=WallClock(), keys=options.keys,
            limits=options.limits,
        )  # fmt: skip
        _announce(given, receiver.address, is_open=not on_this_machine(host))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        receiver.start()
        told = ""
        while not ended.wait(INDEX_EVERY_S):
            archive.index()
            if receiver.trouble and receiver.trouble != told:
                complain(
                    f"cockpit: traces can't be kept: {receiver.trouble}", "Senders are asked to try again later."
                )
            told = receiver.trouble
        receiver.close()
        archive.index_all()
    counts = {
        "requests": receiver.requests,
        "spans": receiver.spans,
        "traces": kept[0],
        "rejected": receiver.rejected,
    }
    _say(given, counts, ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return 1 if receiver.trouble else 0


def address_of(listen: str) -> tuple[str, int]:
    """Read HOST:PORT.

    Raises:
        BadInput: it is nothing like it.
    """
    host, _, port = listen.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise BadInput(f"{listen!r} is no address to listen on.", hint="It looks like 127.0.0.1:4318.")
    return host.strip("[]"), int(port)


def _keep(archive: Archive, traces: list[Any], kept: list[int]) -> None:
    added = archive.add(traces)
    kept[0] += added.new


def _announce(given: Namespace, address: tuple[str, int], *, is_open: bool) -> None:
    url = f"http://{address[0]}:{address[1]}/v1/traces"
    _say(given, {"listening": url}, f"Listening on {url}. Ctrl-C ends it.")
    if is_open:
        complain(
            "cockpit: others can reach this address, and whoever does can send traces.",
            "Put something before it that asks who they are, or listen on 127.0.0.1.",
        )


def _say(given: Namespace, told: dict[str, Any], text: str) -> None:
    if given.json:
        emit(json.dumps(told))
    else:
        say(text)
    deliver()
