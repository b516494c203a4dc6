"""What the doctor looks at on the wire: whether probes are answered, and whether answers carry what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cockpit.domain.text import clean
from cockpit.errors import CockpitError, WorldError
from cockpit.live.doctor.findings import Found, Look, Scribe
from cockpit.world.contract import Expectation
from cockpit.world.intime import all_in_time
from cockpit.world.wire import AT_ONCE, Answered, Prober, carried, matches

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions, ProbeOptions

AREA = "wire"
BURSTS = 2
"""How often a probe is asked, four times at once each: enough to see two workers disagree in most cases, and few
enough not to cost much. It is a look and no proof: that takes twenty answers and more, see `cockpit.world.wire`."""


class Wire:
    """What each probe was answered; one that is not here was answered nothing."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[Answered, ...]] = {}
        self.resting: set[str] = set()
        """Probes that are only there while a drill on staging systems is played."""


def probe_looks(
    live: LiveOptions, secret: Callable[[str], str], now: Callable[[], datetime], wire: Wire
) -> list[Look]:
    """Return a look at each probe; what it was answered is kept in `wire`."""
    looks = []
    for name, probe in live.probes.items():
        if urlsplit(probe.url).netloc == live.range.front:
            wire.resting.add(name)
        work = partial(_probe, name, probe, secret, now, wire)
        looks.append(Look(AREA, name, work, BURSTS * (probe.deadline_s + 1) + 1))
    return looks


def seen(scribe: Scribe, expected: Expectation, answers: Sequence[Answered], stored: str) -> Found:
    """Tell whether answers carry the value that is stored."""
    fitting = sum(matches(expected, one) for one in answers)
    told = f"{fitting} of {len(answers)} answers carry what is stored ({stored})"
    if fitting == len(answers):
        return scribe.fine("on the wire", told)
    other = next(carried(expected, one) for one in answers if not matches(expected, one))
    told += f"; one carried {_short(other)} in {expected.carrier}"
    if fitting:
        step = "Workers disagree: look again in a minute, then see which of them does not follow."
        return scribe.wrong("on the wire", told, step)
    step = "See who answers this probe, and correct [levers.….proof] if it looks in the wrong place."
    return scribe.wrong("on the wire", told, step)


def told_apart(scribe: Scribe, expected: Expectation, answers: Sequence[Answered]) -> Found:
    """Tell whether answers do not carry yet what they should carry after a pull only."""
    already = sum(matches(expected, one) for one in answers)
    if already:
        told = f"{already} of {len(answers)} answers carry it before any pull: it would prove nothing"
        return scribe.wrong("on the wire", told, "Name something in `proof` that only answers after a pull carry.")
    now = carried(expected, answers[0])
    wanted = _short(" or ".join(expected.allowed)) if expected.allowed else "anything else"
    if now is None:
        told = f"answers carry no {expected.carrier} now; after a pull it should be {wanted}"
        return scribe.warning("on the wire", told, "Practise it once: nothing else shows that this is right.")
    return scribe.fine("on the wire", f"answers carry {_short(now)} in {expected.carrier}, after a pull {wanted}")


def _probe(
    name: str, probe: ProbeOptions, secret: Callable[[str], str], now: Callable[[], datetime], wire: Wire
) -> list[Found]:
    scribe = Scribe(AREA, name)
    try:
        prober = Prober(probe, secret, now)
    except CockpitError as problem:
        return [scribe.problem("probe", problem, f"Correct [probes.{name}] in cockpit.toml.")]
    try:
        came = [one for _ in range(BURSTS) for one in _burst(prober, probe)]
    finally:
        prober.close()
    wire.answers[name] = tuple(one for one in came if isinstance(one, Answered))
    if name in wire.resting and not wire.answers[name]:
        return [scribe.note("probe", "it asks the application of a range, which answers while a drill is played")]
    return [_told(scribe, came)]


def _burst(prober: Prober, probe: ProbeOptions) -> list[Answered | WorldError]:
    found = all_in_time([prober.ask] * AT_ONCE, probe.deadline_s + 1, "probing")
    return [one for one in found if one is not None]


def _told(scribe: Scribe, came: Sequence[Answered | WorldError]) -> Found:
    failed = [one for one in came if isinstance(one, WorldError)]
    statuses = Counter(one.status for one in came if isinstance(one, Answered))
    told = ", ".join(f"{count} answered {status}" for status, count in sorted(statuses.items()))
    if failed:
        told = "; ".join(part for part in (told, f"{len(failed)} not answered: {failed[0].message}") if part)
        return scribe.wrong("probe", told, failed[0].hint or "Check its address, and that the service runs.")
    worst = max(statuses)
    if worst in (401, 403):
        return scribe.wrong("probe", told, "Check its token, and what it may do there.")
    if worst >= 400:
        return scribe.wrong("probe", told, "Correct its url, method and body until it is answered 200.")
    return scribe.fine("probe", told)


def _short(text: str | None) -> str:
    return "nothing" if text is None else repr(clean(text, multiline=False, limit=80))
