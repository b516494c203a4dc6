"""Putting a runner on a drill: clock, world, session, trace feed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cockpit.drill.clock import DrillClock
from cockpit.drill.open import attach, first_event, scenario_of
from cockpit.drill.runner import DrillRunner, reattach
from cockpit.session.feed import TraceFeed, kept_moments


def attach_runner(
    journal: Any,
    store: Any,
    incident: str,
    actor: str,
    *,
    again: bool,
    speed: float | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> DrillRunner:
    """Return a started runner for a drill; `again` when somebody goes on with one that was left.

    The clock goes on at the later of the journal's last line and the clock's last checkpoint: time during which
    nobody was there does not count.
    """
    first = first_event(journal.events(incident))
    clock = DrillClock(first.at, float(first.get("speed", 1.0)), monotonic=monotonic)
    run = attach(journal, incident, clock)
    kept = kept_moments(store)
    if kept is not None:
        run.advance(kept[0])
    clock.hold()
    clock.set(speed=speed or run.session.state.speed, paused=run.session.state.paused)
    if again and not run.session.state.ended:
        reattach(run, actor)
    feed = TraceFeed(run.session.world, store, scenario_of(first).start)
    runner = DrillRunner(run, clock, journal, feed, store, actor)
    runner.start()
    return runner
