"""Who may come in by webhook, and what they are answered: no sockets, no threads, one request at a time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.clock import Clock
from cockpit.domain.events import iso
from cockpit.errors import BadInput, JournalError
from cockpit.intake.alerts.allowance import Allowance
from cockpit.intake.alerts.model import Rules
from cockpit.intake.alerts.read import read_alerts
from cockpit.intake.alerts.signatures import Lock, refusal
from cockpit.live.alerts.desk import AlertDesk, Placed

HEALTH = "/healthz"
REFUSALS_A_MINUTE = 30
"""So many requests of a source that can't prove who they are get a 401 and a line of the log; others are counted."""
_NO_WAY = "unknown"


@dataclass(frozen=True, slots=True)
class Gate:
    """One source: how it is read, how it proves who it is, and how much it may send."""

    rules: Rules
    lock: Lock
    per_minute: float = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered: a status, a small JSON object, and headers beside it."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class Door:
    """Lets in what is wanted, and tells what it did: a line for each request, and counts of them all."""

    def __init__(
        self,
        gates: Mapping[str, Gate],
        desk: AlertDesk,
        clock: Clock,
        tell: Callable[[Mapping[str, Any]], None],
        *,
        max_bytes: int = 1024 * 1024,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open; `steady` tells seconds that never go back."""
        self._gates = gates
        self._desk = desk
        self._clock = clock
        self._tell = tell
        self.max_bytes = max_bytes
        self._allowed = {name: Allowance(gate.per_minute, steady) for name, gate in gates.items()}
        self._wrong = {name: Allowance(REFUSALS_A_MINUTE, steady) for name in (*gates, _NO_WAY)}
        self._counting = threading.Lock()
        self.counts: Counter[str] = Counter()

    def turn_away(self, method: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        """Answer what can be answered before a body is read; None when the body is wanted."""
        if path == HEALTH and method in ("GET", "HEAD"):
            return Reply(200, {"ok": True})
        if self._gate(path) is None:
            return self._refuse(_NO_WAY, 404, "there is nothing at this path")
        if method != "POST":
            return Reply(405, {"error": "alerts are sent by POST"}, {"Allow": "POST"})
        if "transfer-encoding" in headers:
            return Reply(411, {"error": "send a Content-Length"})
        if not _is_json(headers.get("content-type", "")):
            return self._refuse(path[1:], 415, "the content type is not application/json")
        said = headers.get("content-length", "")
        if not (said.isascii() and said.isdigit()):
            return Reply(411, {"error": "send a Content-Length"})
        if len(said) > 12 or int(said) > self.max_bytes:
            return self._refuse(path[1:], 413, f"the body is longer than {self.max_bytes} bytes")
        return None

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Check, read and record a body, and answer; names of headers are in lower case."""
        gate = self._gate(path)
        if gate is None:
            return self._refuse(_NO_WAY, 404, "there is nothing at this path")
        name = gate.rules.source
        if why := refusal(gate.lock, headers, body, self._clock.now()):
            return self._refuse(name, 401, why)
        if wait := self._allowed[name].take():
            self._count(name, "too many")
            return Reply(429, {"error": "too many requests"}, {"Retry-After": str(int(wait) + 1)})
        return self._record(gate.rules, body)

    def _record(self, rules: Rules, body: bytes) -> Reply:
        try:
            told = read_alerts(body, rules)
            placed = self._desk.place(told.alerts)
        except BadInput as problem:
            return self._refuse(rules.source, 400, problem.message)
        except JournalError as problem:
            return self._failed(rules.source, problem)
        self._say_taken(rules.source, placed, told.unreadable)
        answer = {
            "accepted": placed.accepted, "repeated": placed.repeated, "ignored": placed.ignored,
            "unreadable": len(told.unreadable), "incidents": [*placed.opened, *placed.joined],
        }  # fmt: skip
        return Reply(202, answer)

    def _failed(self, source: str, problem: JournalError) -> Reply:
        """Say that it was not recorded; senders come again after a 503."""
        self._count(source, "not recorded")
        self._log(source, 503, f"{problem.title}: {problem}")
        return Reply(503, {"error": "it could not be recorded; send it again"}, {"Retry-After": "5"})

    def _refuse(self, source: str, status: int, why: str) -> Reply:
        count = self._count(source, why)
        if wait := self._wrong[source].take():
            return Reply(429, {"error": "too many requests"}, {"Retry-After": str(int(wait) + 1)})
        self._log(source, status, why, count)
        return Reply(status, {"error": "not allowed" if status == 401 else why})

    def _say_taken(self, source: str, placed: Placed, unreadable: tuple[str, ...]) -> None:
        for what in ("accepted", "repeated", "ignored"):
            self._count(source, what, getattr(placed, what))
        self._count(source, "unreadable", len(unreadable))
        line = {"accepted": placed.accepted, "repeated": placed.repeated, "ignored": placed.ignored}
        places = {"opened": list(placed.opened), "joined": list(placed.joined), "unreadable": list(unreadable[:5])}
        self._tell({"at": iso(self._clock.now()), "source": source, "status": 202, **line, **places})

    def _log(self, source: str, status: int, why: str, count: int = 1) -> None:
        self._tell({"at": iso(self._clock.now()), "source": source, "status": status, "why": why, "count": count})

    def _count(self, source: str, what: str, by: int = 1) -> int:
        with self._counting:
            self.counts[f"{source}: {what}"] += by
            return self.counts[f"{source}: {what}"]

    def _gate(self, path: str) -> Gate | None:
        return self._gates.get(path[1:]) if path.startswith("/") else None


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
