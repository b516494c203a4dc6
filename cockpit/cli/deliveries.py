"""`cockpit channels sent` and `retry`: where an incident's updates, pages and tickets went, and another try."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import listing, print_json, say
from cockpit.domain.deliveries import Delivery, Found, Stage, unsettled
from cockpit.domain.events import iso
from cockpit.domain.text import clean

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState
    from cockpit.live.runner import LiveRunner

CODES = {Stage.DELIVERED: 0, Stage.REFUSED: 1}
UNKNOWN = 3
"""The exit code while nobody can tell whether it arrived, or another try is to come."""

DECIDE_S = 60.0
LOOK_S = 0.1


def show(given: Namespace) -> int:
    """Print every delivery and every errand, the oldest first; 1 when one has not arrived."""
    from cockpit.cli.places import open_journal
    from cockpit.domain.incident import fold

    with open_journal(given, read_only=True) as journal:
        found = _all(fold(journal.events(given.incident)))
    rows = [_row(one) for _, one in sorted(found.items())]
    head = ("update", "channel", "stage", "tries", "at", "reason")
    listing(rows, head, "Nothing was sent: no channel was wired, or a drill tells nobody.", as_json=given.json)
    return 1 if unsettled(found) else 0


def _all(state: IncidentState) -> Found:
    return {**state.deliveries, **state.errands}


def retry(given: Namespace) -> int:
    """Ask for another try at once; 0 when it arrived, 1 when it was refused, 3 when nobody can tell yet."""
    from cockpit.cli.live import attach_live

    runner = attach_live(given, given.incident, quietly=True, delivers=True)
    try:
        asked = {"update": given.update, "channel": given.channel}
        before = _all(runner.session.state).get((given.update, given.channel))
        done = runner.do("retry_update", asked).result(timeout=DECIDE_S)
        if done.refused:
            return _tell(given, {**asked, "stage": str(Stage.REFUSED), "reason": done.refused}, 1)
        one = _end(runner, given, before.tries if before else 0)
        return _tell(given, _row(one), CODES.get(one.stage, UNKNOWN))
    finally:
        runner.close()


def _end(runner: LiveRunner, given: Namespace, before: int) -> Delivery:
    """Wait until the try that was asked for has ended, or there was time enough."""
    place = (given.update, given.channel)
    until = time.monotonic() + given.wait
    while True:
        one = _all(runner.session.state)[place]
        tried = one.tries > before and one.stage is not Stage.SENDING
        if tried or one.stage is Stage.DELIVERED or time.monotonic() >= until:
            return one
        time.sleep(LOOK_S)


def _row(one: Delivery) -> dict[str, Any]:
    return {
        "update": one.update,
        "channel": clean(one.channel, multiline=False, limit=80),
        "stage": str(one.stage),
        "tries": one.tries,
        "at": iso(one.at),
        "next_try": iso(one.next_try) if one.next_try else None,
        "ref": clean(one.ref, multiline=False, limit=200) or None,
        "url": clean(one.url, multiline=False, limit=300) or None,
        "reason": clean(one.reason, multiline=False, limit=300) or None,
    }


def _tell(given: Namespace, row: dict[str, Any], code: int) -> int:
    if given.json:
        print_json(row)
    else:
        why = f": {clean(str(row['reason']), multiline=False, limit=300)}" if row.get("reason") else ""
        say(f"line {row['update']} on {row['channel']}: {row['stage']}{why}")
    return code
