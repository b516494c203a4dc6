"""HTTP to one system: total deadlines, retries of reads, a breaker, TLS, and errors that say what is certain.

Every call opens a fresh connection, so that a read-back is answered by whoever answers now and no cache. Redirects
are refused (a token would follow them), the environment's proxies are not trusted unless the options say so, and
plain http leaves this machine only where that is allowed.
"""

from __future__ import annotations

import ipaddress
import json as jsonlib
import random
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved, Refused, Throttled, Unauthorised, Unreachable, Unsure, WorldError
from cockpit.world.intime import in_time

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline
    from cockpit.world.options import SystemOptions

LONGEST_BODY = 16 * 1024 * 1024
"""No answer of a control plane is longer than this, in bytes; what is longer is not read."""

READ_TRIES = 3
PAUSE_S = 0.15
"""A read is tried so often, with pauses that double and are jittered by half."""

BREAKS_AFTER = 5
STAYS_OPEN_S = 10.0
"""After so many failures in a row reads fail at once for so long; a person's own change is always sent."""

_SENT_NOTHING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON; raises Unsure when it is none."""
        try:
            return jsonlib.loads(self.body)
        except (ValueError, RecursionError):
            raise Unsure(f"the answer is no JSON: {excerpt(self.text)}") from None

    def table(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises Unsure when it is none."""
        found = self.json()
        if not isinstance(found, dict):
            raise Unsure(f"the answer should be an object: {excerpt(self.text)}")
        return found

    def rows(self) -> list[Any]:
        """Return the body as a JSON list; raises Unsure when it is none."""
        found = self.json()
        if not isinstance(found, list):
            raise Unsure(f"the answer should be a list: {excerpt(self.text)}")
        return found


def excerpt(text: str, limit: int = 160) -> str:
    """Return the beginning of somebody else's text, fit to be shown in one line."""
    return clean(" ".join(text.split()), multiline=False, limit=limit) or "nothing"


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
        self.base = _safe(options)
        self._headers = dict(headers)
        self._secrets = tuple(secret for secret in secrets if secret)
        self._sleep = sleep
        self._monotonic = monotonic
        self._failures = 0
        self._open_until = 0.0
        self._simulated = transport is not None
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=options.use_proxy,
            verify=_trust(options.ca_file) if self.base.startswith("https") else False,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()

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
        deadline.check(f"{method} {path}")
        headers = {**self._headers, **(sent.pop("headers", None) or {})}
        request = self._client.build_request(
            method, self.base + path, headers=headers, timeout=deadline.left(), **sent
        )
        try:
            answer = in_time(lambda: self._send(request), deadline.left(), f"{method} {path}")
            self._judge(answer, method, path)
        except (Unreachable, Unsure):
            self._failed()
            raise
        except WorldError:
            self._failures = 0
            raise
        self._failures = 0
        return answer

    def _send(self, request: httpx.Request) -> Answer:
        if not self._simulated:
            _refuse_link_local(request.url.host)
        try:
            response = self._client.send(request, stream=True)
            try:
                body = _whole(response)
            finally:
                response.close()
        except _SENT_NOTHING as problem:
            raise Unreachable(f"{self.base} can't be reached: {self._scrub(str(problem))}") from None
        except httpx.TransportError as problem:
            named = type(problem).__name__
            raise Unsure(f"{request.method} {request.url.path}: the connection failed half-way ({named})") from None
        except httpx.HTTPError as problem:
            raise Unsure(f"{request.method} {request.url.path}: unreadable ({type(problem).__name__})") from None
        return Answer(response.status_code, response.headers, body)

    def _judge(self, answer: Answer, method: str, path: str) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        told = f"{method} {path} was answered {status}: {self._scrub(excerpt(answer.text))}"
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

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAKS_AFTER:
            self._open_until = self._monotonic() + STAYS_OPEN_S
            self._failures = BREAKS_AFTER - 1  # the next failure opens it again

    def _scrub(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return clean(text, multiline=False, limit=300)


def _whole(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise Unsure(f"the answer is longer than {LONGEST_BODY >> 20} MB")
    return bytes(body)


def _pause(problem: WorldError, attempt: int) -> float:
    if isinstance(problem, Throttled) and problem.retry_after_s is not None:
        return problem.retry_after_s
    return PAUSE_S * 2.0**attempt * random.uniform(0.5, 1.5)


def retry_after(value: str) -> float | None:
    """Read a Retry-After header: seconds, or a date; None when it is neither."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment: datetime = parsedate_to_datetime(value)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _safe(options: SystemOptions) -> str:
    if not options.url:
        raise BadInput(f"the {options.adapter} system has no url", hint='Add a line: url = "https://…"')
    parts = urlsplit(options.url)
    if parts.scheme == "http" and not options.allow_http and not on_this_machine(parts.hostname or ""):
        raise BadInput(
            f"{options.url}: a token would travel in clear",
            hint="Use https, or set allow_http = true if the network encrypts.",
        )
    return options.url


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        trust = ssl.create_default_context()
        if ca_file:
            trust.load_verify_locations(ca_file)
        return trust
    except (OSError, ssl.SSLError) as problem:
        raise BadInput(f"ca_file {ca_file}: {problem}") from None


def _refuse_link_local(host: str) -> None:
    """Cloud metadata services live on link-local addresses, and would hand a token's owner more than was meant."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return  # the connection itself says it better
    if any(ipaddress.ip_address(str(entry[4][0]).split("%")[0]).is_link_local for entry in found):
        raise Unreachable(f"{host} is a link-local address, which is never called")
