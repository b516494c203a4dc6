"""An address that takes updates as JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cockpit.errors import BadInput, Refused, Unsure, WorldError
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Message, Receipt
from cockpit_adapters.telling import headline, tame

if TYPE_CHECKING:
    from cockpit.world.http import Line

TRY_IT = "Send a marked test message: cockpit channels test NAME --yes"


def split(address: str) -> tuple[str, str]:
    """Return where an address is, and what is asked for there: path and query.

    Raises:
        BadInput: it is none; it is not repeated, since it is a secret.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        raise BadInput("the webhook's address is none", hint="It looks like https://host/path.")
    return f"{parts.scheme}://{parts.netloc}", parts.path + (f"?{parts.query}" if parts.query else "")


def signature(key: str, moment: str, content: bytes) -> str:
    """Return what proves that a body was written at a moment by somebody who knows the key."""
    return "sha256=" + hmac.new(key.encode(), moment.encode() + b"." + content, hashlib.sha256).hexdigest()


class Webhook:
    """One address; implements `Channel`."""

    def __init__(self, line: Line, key: str, secret_path: str, now: Callable[[], datetime], *, once: bool) -> None:
        self._line = line
        self._key = key
        self._path = secret_path
        self._now = now
        self.once = once

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """POST it; any 2xx means that it was taken."""
        told = {**tame(message).as_json(), "headline": headline(message)}
        content = json.dumps(told).encode()
        with self._covered():
            answer = self._line.ask(
                "POST", self._path, deadline, content=content, headers=self._headers(message.key, content)
            )
        if "text/html" in answer.headers.get("content-type", ""):
            raise Unsure(f"a web page answered, and no receiver of messages: {answer.beginning}")
        return Receipt()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find out whether anybody is there; nothing can be known about the token without sending."""
        try:
            with self._covered():
                self._line.repeat("HEAD", self._path, deadline)
        except Refused as problem:
            if not any(f"answered {status}" in problem.message for status in (400, 405)):
                return [Finding("reached", Verdict.WRONG, problem.message, problem.hint or "Check its address.")]
        except WorldError as problem:
            return [Finding("reached", Verdict.WRONG, problem.message, problem.hint or "Check its address.")]
        return [
            Finding("reached", Verdict.WARNING, "somebody answers; only a message proves that it is taken", TRY_IT)
        ]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    @contextmanager
    def _covered(self) -> Iterator[None]:
        """Keep the path of an address that is a secret out of messages."""
        try:
            yield
        except WorldError as problem:
            for part in (self._path, self._path.partition("?")[0]):
                if len(part) > 1:
                    problem.message = problem.message.replace(part, "/•••")
            problem.args = (problem.message,)
            raise

    def _headers(self, key: str, content: bytes) -> dict[str, str]:
        headers = {"content-type": "application/json", "idempotency-key": key}
        if self._key:
            moment = str(int(self._now().timestamp()))
            signed = signature(self._key, moment, content)
            headers |= {"x-cockpit-timestamp": moment, "x-cockpit-signature": signed}
        return headers
