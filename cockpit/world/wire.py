"""What answers on the wire carry: asked for by a probe, judged against what a change should have brought.

That a system stored a value says nothing about who still serves the old one: a proxy with two workers flips one of
them at once and the other up to a minute later, and connections are not dealt out evenly. A change is proven by a
`Streak` only: consecutive answers, on connections of their own, over some time, none of which says otherwise.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import WorldError
from cockpit.world.contract import Deadline, Expectation
from cockpit.world.intime import all_in_time
from cockpit.world.port import Proof

if TYPE_CHECKING:
    from cockpit.world.options import ProbeOptions

ANSWERS = 20
"""How many consecutive answers prove a change when nobody says otherwise."""

SPREAD_S = 3.0
"""Over how many seconds they are spread at least."""

AT_ONCE = 4
"""How many probes are under way at the same time, so that no single idle worker can take them all.

Measured on LiteLLM 1.106 with two workers, 400 probes each: one at a time, one worker answered up to 47 in a row, and
7 % of all runs of 20 were by one worker alone; four at a time the longest run was 6, and 4 of 200 bursts were by one
worker alone. On bare asyncio workers, which take whatever waits, it is 16 % of the bursts, 8 % for either worker.
Twenty answers are five bursts: a false proof has one chance in 300,000 there, less than one in a million on LiteLLM,
as far as bursts are independent. That is why they are spread over `SPREAD_S`, which makes more bursts of them where
answers are fast, and why a run that was broken once has to be longer the next time.
"""

LONGER, MOST = 3, 10
"""A run has to be so many times as long as the longest one that an old answer followed, up to so many times what was
asked for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer on the wire, whoever asked; header names are lower case, `at` is aware UTC."""

    at: datetime
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def carried(expectation: Expectation, answer: Answered) -> str | None:
    """Return what an answer carries where the expectation looks; None when there is nothing."""
    kind, _, rest = expectation.carrier.partition(":")
    if kind == "status":
        return str(answer.status)
    if kind == "header":
        return answer.headers.get(rest.lower())
    if kind == "json":
        return _at_path(answer.body, rest.split("."))
    if kind == "text":
        return answer.body.decode("utf-8", "replace")
    return None


def matches(expectation: Expectation, answer: Answered) -> bool:
    """Whether an answer carries what it should.

    Where only forbidden texts are named, an answer that carries nothing counts if it is a success: errors often lack
    the very header that is looked at.
    """
    if not (expectation.allowed or expectation.forbidden):
        return False
    found = carried(expectation, answer)
    if found is None:
        return not expectation.allowed and 200 <= answer.status < 300
    within = _contains if expectation.carrier == "text" else _equals
    if any(within(found, text) for text in expectation.forbidden):
        return False
    return not expectation.allowed or any(within(found, text) for text in expectation.allowed)


def look(expectation: Expectation, answers: Sequence[Answered], need: int = ANSWERS) -> Proof:
    """Judge answers that are there already, oldest first; what is proven has `matched` equal to `of`."""
    streak = Streak(expectation, need, 0.0)
    for answer in answers:
        streak.observe(answer)
    return streak.proof


def _contains(found: str, text: str) -> bool:
    return text in found


def _equals(found: str, text: str) -> bool:
    return found.strip() == text


def _at_path(body: bytes, path: Iterable[str]) -> str | None:
    try:
        found = json.loads(body)
        for part in path:
            found = found[int(part)] if isinstance(found, list) else found[part]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) else json.dumps(found)


class Streak:
    """A run of consecutive answers that carry what is expected; one that does not starts it anew.

    Any number of threads may feed it: probes of our own and the traffic that others drive.
    """

    def __init__(self, expectation: Expectation, need: int = ANSWERS, spread_s: float = SPREAD_S) -> None:
        """Begin with nothing seen.

        Args:
            need: how many consecutive answers it takes at least; more where workers were seen to disagree.
            spread_s: how far apart the first and the last of them are at least, in seconds.
        """
        self.expectation = expectation
        self._need = need
        self._spread_s = spread_s
        self._lock = threading.Lock()
        self._run = 0
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._longest_broken = 0
        self._seen = ""

    def observe(self, answer: Answered) -> None:
        """Take one answer into account; answers are given in the order in which they came."""
        fits = matches(self.expectation, answer)
        with self._lock:
            self._seen = _short(carried(self.expectation, answer))
            if not fits:
                self._broken()
                return
            self._run += 1
            self._first = self._first or answer.at
            self._last = answer.at

    def failed(self, why: str) -> None:
        """Take into account that no answer came: the one that is missing may be the old one."""
        with self._lock:
            self._seen = _short(why)
            self._broken()

    @property
    def proven(self) -> bool:
        """Whether the run is long enough, in number and in time."""
        proof = self.proof
        return proof.matched >= proof.of

    @property
    def proof(self) -> Proof:
        """How far it is: `matched` reaches `of` when it is proven, and not before."""
        with self._lock:
            of = max(self._need, min(LONGER * self._longest_broken, MOST * self._need))
            spread = (self._last - self._first).total_seconds() if self._first and self._last else 0.0
            full = self._run >= of and spread >= self._spread_s
            matched = of if full else min(self._run, of - 1)
            expected = _short(" or ".join(self.expectation.allowed)) or "anything else"
            return Proof(matched, of, self._seen, expected, enough=full)

    def _broken(self) -> None:
        self._longest_broken = max(self._longest_broken, self._run)
        self._run, self._first, self._last = 0, None, None


def _short(text: str | None) -> str:
    return clean(text or "", multiline=False, limit=120)


class Prober:
    """Sends a probe's request and tells what came back, on a fresh connection each time."""

    def __init__(
        self,
        probe: ProbeOptions,
        secret: Callable[[str], str],
        now: Callable[[], datetime],
        *,
        at_once: int = AT_ONCE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make ready; nothing is sent yet.

        Args:
            secret: turns a reference into the secret it names.
            now: the moment, aware UTC.

        Raises:
            BadInput: the probe's address is not safe, or a secret is missing.
        """
        from cockpit.world.exchange import Exchange, safe_address

        headers, secrets = _headers(probe, secret)
        self._probe = probe
        self._now = now
        self._at_once = at_once
        self._monotonic = monotonic
        self._exchange = Exchange(
            safe_address(probe.url, probe.allow_http), headers, ca_file=probe.ca_file, secrets=secrets
        )

    def close(self) -> None:
        """Let go of connections."""
        self._exchange.close()

    def ask(self) -> Answered:
        """Send one probe.

        Raises:
            WorldError: no answer came; any status is one.
        """
        deadline = Deadline(self._probe.deadline_s, self._monotonic)
        sent: dict[str, Any] = {"json": self._probe.body} if self._probe.method == "POST" else {}
        answer = self._exchange.ask(self._probe.method, "", deadline, **sent)
        return Answered(self._now(), answer.status, answer.headers, answer.body)

    def step(self, streak: Streak) -> Proof:
        """Send as many probes as go at once, feed what comes back, and tell how far the proof is.

        Meant to be called again and again, from a thread that may wait: it is back within the probe's `deadline_s`
        and one second.
        """
        asks = [self.ask] * self._at_once
        for came in all_in_time(asks, self._probe.deadline_s + 1.0, "probing"):
            if isinstance(came, WorldError):
                streak.failed(came.message)
            else:
                streak.observe(came)
        return streak.proof


def _headers(probe: ProbeOptions, secret: Callable[[str], str]) -> tuple[dict[str, str], tuple[str, ...]]:
    from cockpit.world.options import is_reference

    named = {name: value for name, value in probe.headers.items() if is_reference(value)}
    found = {name: secret(value) for name, value in named.items()}
    headers = {**probe.headers, **found}
    token = secret(probe.token) if probe.token else ""
    if token:
        headers["authorization"] = f"Bearer {token}"
    return headers, (token, *found.values())
