"""HTTP to one system: retries of reads, a breaker, and errors that say what is certain.

Every call opens a fresh connection, so that a read-back is answered by whoever answers now and no cache. What one
request may do and take is in `exchange`.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused, Throttled, TooLong, Unauthorised, Unreachable, Unsure, WorldError
from cockpit.world.exchange import LONGEST_BODY, Answer, Exchange, excerpt, safe_address
from cockpit.world.hosts import on_this_machine

if TYPE_CHECKING:
    import httpx

    from cockpit.world.contract import Deadline
    from cockpit.world.options import SystemOptions

__all__ = ["LONGEST_BODY", "Answer", "Line", "excerpt", "on_this_machine", "retry_after"]

READ_TRIES = 3
PAUSE_S = 0.15
"""A read is tried so often, with pauses that double and are jittered by half."""

BREAKS_AFTER = 5
FIRST_OPEN_S, LONGEST_OPEN_S = 1.0, 10.0
"""After so many failures in a row reads fail at once for so long, each time twice as long; any answer ends it. What
a person asked to change is always sent."""

LONGEST_RETRY_S = 86_400.0
"""Nobody is believed who asks to be left alone for longer, in seconds: a clock can't even count some of those."""


class Line:
    """The way to one system."""

    def __init__(
        self,
        options: SystemOptions,
        headers: Mapping[str, str],
        *,
        secrets: tuple[str, ...] = (),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Make ready to call; nothing is opened yet.

        Args:
            headers: sent with every call; this is where the token goes, and never into an address.
            secrets: texts that must not turn up in any message.

        Raises:
            BadInput: the address is missing or not safe.
        """
        self.base = _address(options)
        self._sleep = sleep
        self._monotonic = monotonic
        self._failures = 0
        self._open_for = FIRST_OPEN_S
        self._open_until = 0.0
        self._exchange = Exchange(
            self.base,
            headers,
            ca_file=options.ca_file,
            use_proxy=options.use_proxy,
            secrets=secrets,
            transport=transport,
        )

    def close(self) -> None:
        """Let go of connections."""
        self._exchange.close()

    def read(
        self, path: str, deadline: Deadline, *, params: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """GET something, trying again within the deadline.

        Raises:
            WorldError: which of them says what is certain.
        """
        return self.repeat("GET", path, deadline, params=params, headers=headers)

    def repeat(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer:
        """Ask for something that changes nothing, trying again within the deadline."""
        if self._monotonic() < self._open_until:
            left = self._open_until - self._monotonic()
            raise Unreachable(
                f"{self.base} failed {BREAKS_AFTER} times in a row; it is left alone for {left:.0f} s more"
            )
        for attempt in range(READ_TRIES):
            try:
                return self.ask(method, path, deadline, **sent)
            except TooLong:
                raise  # it would be as long again
            except (Unreachable, Unsure, Throttled) as problem:
                pause = _pause(problem, attempt)
                if attempt == READ_TRIES - 1 or pause >= deadline.left():
                    raise
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def ask(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer:
        """Send one request, once. `sent` takes httpx's json, content, params and headers.

        Raises:
            WorldError: which of them says what is certain.
        """
        try:
            answer = self._exchange.ask(method, path, deadline, **sent)
            self._judge(answer, method, path)
        except (Unreachable, Unsure) as problem:
            if isinstance(problem, TooLong):
                self._answered()
            else:
                self._failed()
            raise
        except WorldError:
            self._answered()
            raise
        self._answered()
        return answer

    def _judge(self, answer: Answer, method: str, path: str) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        told = f"{method} {path} was answered {status}: {answer.beginning}"
        if status in (401, 403):
            raise Unauthorised(told, hint="Check the token, and what it may do there.")
        if status in (409, 412):
            raise Moved(told)
        if status == 429:
            raise Throttled(told, retry_after_s=retry_after(answer.headers.get("retry-after", "")))
        if 300 <= status < 400:
            raise Refused(f"{method} {path} redirects elsewhere, which is not followed", hint="Correct the address.")
        if 400 <= status < 500 and status not in (408, 425):
            raise Refused(told)
        raise Unsure(told)

    def _answered(self) -> None:
        self._failures, self._open_for, self._open_until = 0, FIRST_OPEN_S, 0.0

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAKS_AFTER:
            self._open_until = self._monotonic() + self._open_for
            self._open_for = min(2 * self._open_for, LONGEST_OPEN_S)
            self._failures = BREAKS_AFTER - 1  # the next failure opens it again


def _pause(problem: WorldError, attempt: int) -> float:
    if isinstance(problem, Throttled) and problem.retry_after_s is not None:
        return problem.retry_after_s
    return PAUSE_S * 2.0**attempt * random.uniform(0.5, 1.5)


def retry_after(value: str) -> float | None:
    """Read a Retry-After header: seconds, or a date, at most a day; None when it is neither."""
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return None if math.isnan(seconds) else min(max(0.0, seconds), LONGEST_RETRY_S)


def _seconds_until(date: str) -> float:
    """Return the seconds until a date as HTTP writes it; NaN where it is none."""
    try:
        moment: datetime = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # `-0000` is UTC too
    return aware.timestamp() - time.time()


def _address(options: SystemOptions) -> str:
    if not options.url:
        raise BadInput(f"the {options.adapter} system has no url", hint='Add a line: url = "https://…"')
    return safe_address(options.url, options.allow_http)
