"""Proof on the wire: do the last answers carry what was asked for?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.config import Config
from cockpit.simulator.engine import Places, Run
from cockpit.simulator.timeline import Entry
from cockpit.simulator.traces import Tracer
from cockpit.world.port import Proof


def proof(tracer: Tracer, op: str, at: float, last: int) -> Proof:
    """Count, among the last answers that a pull covers, those that carry its configuration."""
    run = tracer.run
    place = next((n for n, entry in enumerate(run.timeline.entries) if _is(entry, op)), None)
    if place is None:
        return Proof(0, 0, "", "")
    entry = run.timeline.entries[place]
    routes = [name for name in tracer.routes if name in _changed_routes(run, place)]
    numbers = [tracer.routes.index(name) for name in routes]
    narrow = entry.sort == "canary" and 0 < entry.percent < 100

    def covered(places: Places) -> NDArray[np.bool_]:
        mine = np.isin(run.ground.requests.route[places], numbers)
        return mine & run.columns.canary[places] if narrow else mine

    answers = tracer.last_finished(at, last, covered)
    good = _carrying(run, place, answers)
    expected = _expected(run, place, routes)
    configs = run.ground.behaviour.configs
    newest = configs[run.columns.table[answers[-1]]].id if len(answers) else ""
    return Proof(int(good.sum()), len(answers), newest, expected)


def _is(entry: Entry, op: str) -> bool:
    return entry.order is not None and entry.order.op == op


def _sides(run: Run, place: int) -> tuple[tuple[Config, ...], tuple[Config, ...]]:
    """Return every route's configuration without and with a move, all others being as they were stored."""
    entries = run.timeline.entries
    before = run.timeline.folder.state(entries[:place])
    after = run.timeline.folder.state(entries[: place + 1])
    opened = entries[place].sort == "canary" and 0 < entries[place].percent < 100
    return before.primary, after.candidate if opened else after.primary


def _changed_routes(run: Run, place: int) -> set[str]:
    before, after = _sides(run, place)
    entry = run.timeline.entries[place]
    changed = {new.generation.route for old, new in zip(before, after, strict=True) if old != new}
    return changed or set(entry.routes)


def _expected(run: Run, place: int, routes: list[str]) -> str:
    _, after = _sides(run, place)
    return next((config.id for config in after if config.generation.route in routes), "")


def _carrying(run: Run, place: int, answers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which answers carry the move: every field it changed has its new value."""
    entry = run.timeline.entries[place]
    if entry.clears or entry.flushes:
        return np.asarray(run.ground.requests.at[answers] >= max(entry.picked))
    before, after = _sides(run, place)
    wanted = {new.generation.route: (new, old.differences(new)) for old, new in zip(before, after, strict=True)}
    table = run.columns.table[answers]
    good = np.zeros(len(answers), dtype=bool)
    for number in np.unique(table):
        config = run.ground.behaviour.configs[number]
        new, fields = wanted[config.generation.route]
        good[table == number] = all(config.get(field) == new.get(field) for field in fields)
    return good
