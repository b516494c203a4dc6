"""What the doctor looks at of signals: that each is measured, and that containment can be judged on one."""

from __future__ import annotations

import difflib
import math
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError
from cockpit.live.doctor.findings import Found, Look, Scribe
from cockpit.world.contract import Deadline, Meter
from cockpit.world.fleet import CONNECT_S, Fleet

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions, SignalOptions

AREA = "signals"
AGAIN_S = 1.5
"""After so long a meter that counts from one call to the next is asked again."""


def signal_looks(live: LiveOptions, fleet: Fleet) -> list[Look]:
    """Return a look at each system's signals; each meter is asked once for all of them, or twice."""
    looks = []
    for system in dict.fromkeys(one.system for one in live.signals.values()):
        wanted = {name: one for name, one in live.signals.items() if one.system == system}
        member = fleet.members.get(system)
        seconds = 2 * (member.deadline_s if member else CONNECT_S) + AGAIN_S + 1
        looks.append(Look(AREA, system, partial(_of_one, system, wanted, fleet), seconds))
    return looks


def signals_at_all(live: LiveOptions) -> list[Found]:
    """Tell whether containment can be judged at all."""
    scribe = Scribe(AREA, "")
    if any(one.harm and one.threshold is not None for one in live.signals.values()):
        return []
    step = "Give one signal harm = true and a threshold: contained is when it stays on the right side of it."
    return [scribe.warning("harm", "no signal measures harm: whether it is contained can't be measured", step)]


def _of_one(system: str, wanted: Mapping[str, SignalOptions], fleet: Fleet) -> list[Found]:
    try:
        member = fleet.member(system)
    except CockpitError as problem:
        return [
            Scribe(AREA, name).problem("measured", problem, "Correct `system` of this signal.") for name in wanted
        ]
    meter = member.system
    if not isinstance(meter, Meter):
        step = "Name a system whose adapter measures: `cockpit adapters` says which have signals."
        return [Scribe(AREA, name).wrong("measured", f"{system} measures nothing", step) for name in wanted]
    units = meter.measures()
    try:
        latest = _measure(meter, {one.measure for one in wanted.values()} & set(units), member.deadline_s)
    except CockpitError as problem:
        step = f"See why {system} does not answer."
        return [Scribe(AREA, name).problem("measured", problem, step) for name in wanted]
    return [found for name, one in wanted.items() for found in _signal(name, one, units, latest)]


def _measure(meter: Meter, wanted: set[str], deadline_s: float) -> Mapping[str, float]:
    latest = meter.measure(Deadline(deadline_s))
    if wanted <= set(latest):
        return latest
    time.sleep(AGAIN_S)
    return {**latest, **meter.measure(Deadline(deadline_s))}


def _signal(
    name: str, options: SignalOptions, units: Mapping[str, str], latest: Mapping[str, float]
) -> Iterator[Found]:
    scribe = Scribe(AREA, name)
    if options.measure not in units:
        near = difflib.get_close_matches(options.measure, units, 1)
        step = f"{f'Did you mean {near[0]}? ' if near else ''}It measures {', '.join(units) or 'nothing'}."
        yield scribe.wrong("measured", f"{options.system} has no measure {options.measure!r}", step)
        return
    value = latest.get(options.measure)
    if value is None or not math.isfinite(value):
        step = "Send some traffic and look again: where nothing runs there is nothing to measure."
        yield scribe.warning("measured", f"{options.system} has no figure for {options.measure} now", step)
    else:
        yield _valued(scribe, options, value, options.unit or units[options.measure])
    if options.harm and options.threshold is None:
        step = f"Add threshold = … to [signals.{name}]."
        yield scribe.warning(
            "threshold", "it stands for harm and has no line: containment can't be judged on it", step
        )


def _valued(scribe: Scribe, options: SignalOptions, value: float, unit: str) -> Found:
    told = f"{value:g} {unit}".strip()
    if options.threshold is None:
        return scribe.fine("measured", told)
    beyond = value < options.threshold if options.floor else value > options.threshold
    line = f"{told}, {'floor' if options.floor else 'threshold'} {options.threshold:g}"
    if not beyond:
        return scribe.fine("measured", line)
    step = "Either something is wrong right now, or the line is: set one that the usual value keeps to."
    return scribe.warning("measured", f"{line}: it is on the wrong side", step)
