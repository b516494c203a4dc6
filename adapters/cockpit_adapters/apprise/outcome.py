"""What became of a message, from what Apprise tells of one service."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, Throttled, Unreachable, Unsure, WorldError

_STATUS = re.compile(r"\berror=(\d{3})\b")
_NO_CONNECTION = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|Failed to establish a new connection|"
    r"Connection refused|Name or service not known|Temporary failure in name resolution"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One service: its kind, and the problem where it did not take the message."""

    service: str
    problem: WorldError | None = None


def outcome(result: Any, targets: int) -> Outcome:
    """Read one result. Only what every try says of every target is certain; no log line is repeated."""
    name = clean(str(result.name or "a service"), multiline=False, limit=60)
    if bool(result):
        return Outcome(name)
    if targets == 1 and len(tuple(result.attempts)) == 1:
        return Outcome(name, _certain(name, [str(one.message) for one in result.logs()]))
    return Outcome(name, Unsure(f"{name} did not say yes for all of {targets}"))


def _certain(name: str, lines: Iterable[str]) -> WorldError:
    told = list(lines)
    statuses = [int(found[1]) for one in told if (found := _STATUS.search(one))]
    if len(statuses) == 1:
        return _by_status(name, statuses[0])
    if not statuses and any(_NO_CONNECTION.search(one) for one in told):
        return Unreachable(f"{name} can't be reached")
    return Unsure(f"{name} did not say yes")


def _by_status(name: str, status: int) -> WorldError:
    told = f"{name} answered {status}"
    if status == 429:
        return Throttled(told)
    if 300 <= status < 500 and status not in (408, 425):
        return Refused(told, hint="Check its address, and the token in it.")
    return Unsure(told)


def together(found: Iterable[Outcome]) -> WorldError | None:
    """Return the problem of a message that nobody took: certain only where each service is; None when one did."""
    problems = [one.problem for one in found]
    failed = [one for one in problems if one is not None]
    if len(failed) < len(problems):
        return None
    unsure = next((one for one in failed if isinstance(one, Unsure)), None)
    return unsure or next((one for one in failed if not isinstance(one, Refused)), failed[0])
