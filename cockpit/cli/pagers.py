"""`cockpit page` and `cockpit pagers`: waking somebody, who that would be, and a marked test."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import listing, print_json, say, table
from cockpit.cli.places import settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, iso
from cockpit.domain.text import clean
from cockpit.errors import BadInput, WorldError

if TYPE_CHECKING:
    from cockpit.live.pager_stops import PagerStop
    from cockpit.live.runner import LiveRunner
    from cockpit.world.contract_pager import OnCall

UNKNOWN = 3
"""The exit code for a page of which nobody can tell yet whether it arrived."""

NO_REASON = "You are needed on this incident."
DECIDE_S = 60.0
CODES = {"done": 0, "refused": 1}


def page(given: Namespace) -> int:
    """Wake somebody; 0 when the pager took it, 1 when it was refused, 3 when nobody can tell yet.

    Raises:
        BadInput: `--yes` is missing, or the incident is a drill.
    """
    if not given.yes:
        raise BadInput("this wakes people, so it takes --yes", hint="See who: cockpit pagers on-call")
    from cockpit.cli.live import attach_live

    runner = attach_live(given, given.incident, quietly=True, delivers=True)
    try:
        asked = {"to": given.to, "text": given.note or NO_REASON}
        done = runner.do("page", asked).result(timeout=DECIDE_S)
        if done.refused:
            return _tell(given, {"pager": given.to, "stage": "refused", "reason": done.refused})
        return _tell(given, _outcome(given, _end(runner, done.events[0].seq, given.wait)))
    finally:
        runner.close()


def show(given: Namespace) -> int:
    """Print every pager; 1 when one can't be used. Nobody is woken."""
    with _stops(given) as found:
        rows = [_row(stop) for stop in found]
    if given.json:
        print_json(rows)
    elif rows:
        shown = [
            (row["pager"], row["wakes"], ", ".join(row["does"]), row["problem"] or "can be used") for row in rows
        ]
        table(("pager", "wakes", "does", "state"), shown)
    else:
        say("No pager is wired: [pagers.NAME] in cockpit.toml says who can be woken.")
    return 1 if any(row["problem"] for row in rows) else 0


def on_call(given: Namespace) -> int:
    """Print who would be woken now, as far as their systems tell; 1 when one can't be asked."""
    with _stops(given) as found:
        wanted = [_named(found, given.name)] if given.name else found
        rows = [row for stop in wanted for row in _people(stop)]
    head = ("pager", "level", "who", "by", "until", "problem")
    listing(rows, head, "No pager is wired: [pagers.NAME] in cockpit.toml says who can be woken.", as_json=given.json)
    return 1 if any(row["problem"] for row in rows) else 0


def test(given: Namespace) -> int:
    """Send a marked test page, or resolve the last one.

    Raises:
        BadInput: there is no such pager, or `--yes` is missing.
        WorldError: it was not taken, or nobody can tell.
    """
    with _stops(given) as found:
        stop = _named(found, given.name)
        if not (given.yes or given.over):
            raise BadInput(f"{stop.name} wakes people", hint="Add --yes to send it a test page.")
        receipt = _over(given, stop) if given.over else _try(given, stop)
    told = {"pager": stop.name, "ref": receipt.ref, "url": receipt.url, "note": receipt.note}
    if given.json:
        print_json(told)
    elif given.over:
        say(f"{stop.name}: the test page is over. {clean(receipt.note, multiline=False, limit=200)}".strip())
    else:
        say(f"{stop.name} took the test page. See who is woken, then: cockpit pagers test {stop.name} --over")
    return 0


def _try(given: Namespace, stop: PagerStop) -> Any:
    from cockpit.world.contract_pager import Summons

    settings, now = settings_of(given), WallClock().now()
    text = f"This is only a test of this pager by {settings.responder}. Acknowledge it; nothing else has to be done."
    summons = Summons(
        _key(stop), "TEST", "a test of the pager", settings.service.name, "", text, settings.responder, now,
        stop.target, test=True,
    )  # fmt: skip
    return stop.do(lambda pager, deadline: pager.page(summons, deadline), f"paging by {stop.name}")


def _over(given: Namespace, stop: PagerStop) -> Any:
    from cockpit.world.contract_pager import PageRef, Word

    word = Word(_key(stop), settings_of(given).responder, "The test is over.", WallClock().now())
    ref = PageRef(key=_key(stop), target=stop.target)
    return stop.do(lambda pager, deadline: pager.resolve(ref, word, deadline), f"resolving by {stop.name}")


def _key(stop: PagerStop) -> str:
    """Return the key of test pages: one more joins one that is open."""
    return f"cockpit-test-{stop.name}"


def _end(runner: LiveRunner, line: int, wait: float) -> Event | None:
    """Wait for what becomes of a page: the last word within the time, None when there is none."""
    until = time.monotonic() + wait
    while True:
        told = [one for one in list(runner.session.log) if one.get("line") == line and one.kind in _ENDS]
        if (told and not told[-1].get("next_try")) or time.monotonic() > until:
            return told[-1] if told else None
        time.sleep(0.05)


_ENDS = (Kind.PAGER_DONE, Kind.PAGER_FAILED, Kind.PAGER_UNKNOWN)


def _outcome(given: Namespace, end: Event | None) -> dict[str, Any]:
    told = {"incident": given.incident, "pager": given.to}
    if end is None:
        reason = "no answer yet: whoever drives the incident goes on trying"
        return {**told, "stage": "waiting", "ref": "", "url": "", "reason": reason}
    refused = end.kind is Kind.PAGER_FAILED and not end.get("next_try")
    names = {Kind.PAGER_DONE: "done", Kind.PAGER_UNKNOWN: "unknown", Kind.PAGER_FAILED: "waiting"}
    stage = "refused" if refused else names[end.kind]
    return {**told, "stage": stage, **{key: str(end.get(key, "")) for key in ("ref", "url", "reason")}}


def _tell(given: Namespace, told: dict[str, Any]) -> int:
    if given.json:
        print_json(told)
    else:
        more = told["reason"] or told.get("url", "") or told.get("ref", "")
        words = {"done": "was paged", "refused": "was NOT paged", "waiting": "is not paged yet"}
        stage = words.get(told["stage"], "may have been paged: look there")
        say(clean(f"{told['pager']} {stage}{f': {more}' if more else ''}", multiline=False, limit=400))
    return CODES.get(told["stage"], UNKNOWN)


def _row(stop: PagerStop) -> dict[str, Any]:
    pager = stop.pager
    return {
        "pager": stop.name, "wakes": pager.target(stop.target) if pager else stop.target,
        "does": sorted(pager.does) if pager else [], "sources": sorted(stop.sources), "groups": sorted(stop.groups),
        "notes": sorted(stop.audiences), "problem": stop.problem,
    }  # fmt: skip


def _people(stop: PagerStop) -> Iterator[dict[str, Any]]:
    row: dict[str, Any] = {"pager": stop.name, "level": None, "who": "", "by": "", "until": None, "problem": ""}
    if stop.pager is None:
        yield {**row, "problem": stop.problem}
        return
    try:
        people = _asked(stop)
    except WorldError as problem:
        yield {**row, "problem": str(problem)}
        return
    if not people:
        yield {**row, "who": f"{stop.pager.target(stop.target)} (not told)"}
    for one in people:
        until = iso(one.until)[:16] + "Z" if one.until else None
        yield {**row, "level": one.level, "who": one.who, "by": one.by, "until": until}


def _asked(stop: PagerStop) -> list[OnCall]:
    from cockpit.world.contract import Deadline
    from cockpit.world.intime import in_time

    pager, deadline = stop.pager, Deadline(stop.deadline_s)
    assert pager is not None, "only a pager that can be used is asked"
    return list(in_time(lambda: pager.on_call(stop.target, deadline), stop.wait_s, f"asking {stop.name}"))


def _named(found: list[PagerStop], name: str) -> PagerStop:
    stop = next((one for one in found if one.name == name), None)
    if stop is None:
        known = ", ".join(one.name for one in found) or "none"
        raise BadInput(f"there is no pager {clean(name, multiline=False, limit=80)!r}", hint=f"There are: {known}.")
    return stop


@contextmanager
def _stops(given: Namespace) -> Iterator[list[PagerStop]]:
    from cockpit.live.pager_stops import pager_stops
    from cockpit.world.fleet import connect
    from cockpit.world.secrets import secret_reader

    live = settings_of(given).live
    wanted = {one.system for one in live.pagers.values()}
    systems = {name: one for name, one in live.systems.items() if name in wanted}
    fleet = connect(live.model_copy(update={"systems": systems}), secret_reader(os.environ), WallClock().now)
    try:
        yield pager_stops(live, fleet)
    finally:
        fleet.close()
