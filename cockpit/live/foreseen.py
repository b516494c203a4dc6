"""What a team has foreseen: who knows what, who is paged by what, and what is done about the likeliest failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cockpit.domain.expertise import KINDS
from cockpit.domain.levers import Lever
from cockpit.live.doctor.findings import Found, Scribe

if TYPE_CHECKING:
    from cockpit.world.options import FailureOptions, LiveOptions

LIKELIEST = 5
"""So many failures should be written down before they happen."""

PAGED_FOR = {
    "error rate": "errors",
    "p99 latency": "p99",
    "quality": "quality",
    "cost": "cost",
}
"""What has to page somebody, and the detectors' page that does."""

PAGES = ("quality", "errors", "refusals", "answered", "personal_data", "secret", "other_tenant", "injection", "loop",
         "ttft", "token_time", "p99", "cost", "drift")  # fmt: skip
"""What the detectors page for, by name."""

TRACED = ("failing_pct", "leaks_per_min", "error_pct", "refusal_pct", "p99_ms", "ttft_ms", "cost_per_min")
"""Signals that recorded traces bring by themselves."""

ALERT = "alert:"
"""How an alert of another system is named."""


def expertise(live: LiveOptions) -> list[Found]:
    """Tell which of the three kinds of knowledge nobody is named for."""
    scribe, known = Scribe("people", ""), live.service.expertise
    strangers = sorted(set(known) - set(live.service.people))
    step = "Say in [service.expertise] who knows what: software, ml, data."
    found = [scribe.warning("expertise", f"{name} is not one of people", step) for name in strangers]
    if not known:
        return [scribe.note("expertise", "nobody says who knows software, models or data", step)]
    for kind, what in KINDS.items():
        named = [name for name in live.service.people if kind in known.get(name, ())]
        if named:
            found.append(scribe.fine(f"expertise {kind}", ", ".join(named)))
        else:
            found.append(scribe.warning(f"expertise {kind}", f"nobody is named who knows {what}", step))
    return found


def alerts(live: LiveOptions, senders: Sequence[str]) -> list[Found]:
    """Tell whether somebody is paged when error rate, p99, quality or cost move; `senders` send alerts here."""
    scribe, sources = Scribe("alerts", ""), live.traces.sources
    if sources:
        told = f"`cockpit watch` pages for {{}}, on traces of {', '.join(sources)}"
        return [scribe.fine(what, told.format(page)) for what, page in PAGED_FOR.items()]
    *others, last = PAGED_FOR
    moved = f"{', '.join(others)} or {last}"
    if senders:
        told = f"alerts of {', '.join(senders)} open incidents; whether one is on {moved} is seen there only"
        return [scribe.note("paged", told, "Look once whether such rules are there.")]
    step = (
        "Bring traces in ([traces] sources) and keep `cockpit watch` running, or take alerts in ([webhooks.sources])."
    )
    return [scribe.warning("paged", f"nobody is paged when {moved} moves", step)]


def failures(live: LiveOptions, senders: Sequence[str]) -> list[Found]:
    """Tell whether the likeliest failures are written down, each with what shows it and what stops it."""
    written = live.service.failures
    step = "Write each down as [[service.failures]]: name, seen, levers, steps."
    told = f"{len(written)} of the {LIKELIEST} likeliest failures are written down"
    scribe = Scribe("failures", "")
    found = [
        scribe.warning("written down", told, step) if len(written) < LIKELIEST else scribe.fine("written down", told)
    ]
    return [*found, *(line for one in written for line in _failure(live, senders, one))]


def _failure(live: LiveOptions, senders: Sequence[str], one: FailureOptions) -> Iterator[Found]:
    scribe = Scribe("failures", one.name)
    yield from _shown(live, senders, one, scribe)
    yield from _stopped(live, one, scribe)


def _shown(live: LiveOptions, senders: Sequence[str], one: FailureOptions, scribe: Scribe) -> Iterator[Found]:
    known = _showing(live)
    if not one.seen:
        yield scribe.warning(
            "seen by", "nothing is named that shows it", "Name a signal, a detector's page or an alert in `seen`."
        )
    elif wrong := [name for name in one.seen if name not in known and not (senders and _is_alert(name))]:
        yield scribe.warning("seen by", f"{wrong[0]!r} is measured by nothing here", _meant(wrong[0], known))
    else:
        yield scribe.fine("seen by", ", ".join(one.seen))


def _showing(live: LiveOptions) -> tuple[str, ...]:
    """Return every name that `seen` may have here; detectors need traces."""
    return (*live.signals, *((*PAGES, *TRACED) if live.traces.sources else ()))


def _is_alert(name: str) -> bool:
    return name.startswith(ALERT) and len(name) > len(ALERT)


def _stopped(live: LiveOptions, one: FailureOptions, scribe: Scribe) -> Iterator[Found]:
    if not one.levers:
        yield scribe.warning(
            "stopped by", "no lever is named that stops it", "Name the first one to pull in `levers`."
        )
        return
    ladder = tuple(str(lever) for lever in Lever)
    for name in one.levers:
        if name not in ladder:
            yield scribe.wrong("stopped by", f"there is no lever {name!r}", _meant(name, ladder))
        elif name not in live.levers:
            yield scribe.wrong(
                "stopped by", f"{name} is wired to nothing", f"Wire it in [levers.{name}], or name another."
            )
    if all(name in live.levers for name in one.levers):
        yield scribe.fine("stopped by", ", then ".join(one.levers))


def _meant(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return (
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(known) or 'none yet: bring traces in first'}."
    )
