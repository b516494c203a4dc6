"""What answers on staging while no range is played: a calm provider, a calm application, and the way to either.

usage: python -m tests.systems.calm UPSTREAM FRONT PROVIDER DOOR

PROVIDER and DOOR are ports that are always open. Who comes there is led on to UPSTREAM and FRONT, where a range's own
stand-ins are while one is played, and else to the calm ones. A request goes through every other second, so that
meters have something to measure.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
from argparse import Namespace
from functools import partial
from pathlib import Path

from cockpit.cli.places import settings_of
from cockpit.domain.clock import WallClock
from cockpit.live.open import Surroundings
from cockpit.range.application import Application
from cockpit.range.observed import Glossary
from cockpit.range.open import gateway_of, switches
from cockpit.range.played import Played
from cockpit.range.upstream import Upstream
from cockpit.simulator.loader import load_scenario
from cockpit.world.fleet import connect
from cockpit.world.planner import Planner
from cockpit.world.secrets import secret_reader
from tests.systems.loopback import HOST, free_port

SPEED = 0.5
"""The calm application looks at its switches every other second."""
PAUSE_S = 2.0
PIECE = 65_536


def stand_in(upstream: str, front: str) -> Application:
    """Start the calm provider and the calm application."""
    live = settings_of(Namespace()).live
    played, secret = Played(load_scenario("injection-leak"), 1), secret_reader(os.environ)
    glossary = Glossary(played.scenario, live.range.models, live.range.prompts)
    around = Surroundings(live, secret, WallClock(), Path(), {})
    fleet = connect(live, secret, WallClock().now, staging_only=True)
    return Application(
        front, played, glossary, Upstream(upstream, played, glossary, SPEED), gateway_of(live, "gateway", around),
        live.range.model, switches(live, fleet), Planner(live, fleet).read, speed=SPEED,
    )  # fmt: skip


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry what comes on until it ends."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def lead(first: int, second: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Lead a caller to the first port where anybody listens."""
    for port in (first, second):
        with contextlib.suppress(OSError):
            there = await asyncio.open_connection(HOST, port)
            await asyncio.gather(carry(reader, there[1]), carry(there[0], writer))
            return
    writer.close()


async def keep_leading(ways: dict[int, tuple[int, int]]) -> None:
    """Keep the doors open."""
    for door, (first, second) in ways.items():
        await asyncio.start_server(partial(lead, first, second), HOST, door)
    await asyncio.Event().wait()


def keep_asking(application: Application) -> None:
    """Ask the application something now and then."""
    while True:
        application.ask("Where is my order?")
        time.sleep(PAUSE_S)


def main(upstream: str, front: str, provider: str, door: str) -> None:
    """Answer until somebody ends it."""
    calm = free_port(), free_port()
    application = stand_in(*(f"{HOST}:{port}" for port in calm))
    threading.Thread(target=keep_asking, args=(application,), daemon=True).start()
    asyncio.run(keep_leading({int(provider): (int(upstream), calm[0]), int(door): (int(front), calm[1])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
