"""Whether a request is from whom it says: a token or a signature over the raw body, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

BEARER, PAGERDUTY, HMAC, OPEN = "bearer", "pagerduty", "hmac", "open"
PAGERDUTY_HEADER = "X-PagerDuty-Signature"
MOST_SIGNATURES = 8
"""Signatures looked at in one header; PagerDuty sends two while a secret is replaced."""


@dataclass(frozen=True, slots=True)
class Lock:
    """How one source proves who it is.

    Attributes:
        scheme: bearer, pagerduty, hmac or open.
        secret: what is shared with the sender.
        signature_header: for hmac, where the signature is: hex, `sha256=` before it or not.
        timestamp_header: for hmac, where the seconds since 1970 are that are signed too as `SECONDS:BODY`; empty
            where the body alone is signed.
        tolerance_s: how far that time may be off, in seconds.
    """

    scheme: str
    secret: str = ""
    signature_header: str = ""
    timestamp_header: str = ""
    tolerance_s: float = 300.0

    def __repr__(self) -> str:
        return f"Lock({self.scheme})"


def refusal(lock: Lock, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return why a request is not believed; empty when it is. Names of headers are in lower case."""
    if lock.scheme == OPEN:
        return "" if _addressed_here(headers.get("host", "")) else "not addressed to this machine"
    if not lock.secret:
        return "no secret to check it by"
    if lock.scheme == BEARER:
        return _bearer(lock, headers)
    if lock.scheme == PAGERDUTY:
        return _pagerduty(lock, headers, body)
    return _hmac(lock, headers, body, now)


def signature(secret: str, content: bytes) -> str:
    """Return the HMAC-SHA256 of some content, in hex."""
    return hmac.new(secret.encode("utf-8"), content, hashlib.sha256).hexdigest()


def _addressed_here(host: str) -> bool:
    """Whether the sender named this machine alone; a web page rebound to it has a name of its own."""
    return re.sub(r":\d+$", "", host) in ("127.0.0.1", "localhost", "[::1]")


def _bearer(lock: Lock, headers: Mapping[str, str]) -> str:
    given = headers.get("authorization", "")
    if not given:
        return "no token"
    word, _, rest = given.partition(" ")
    token = rest.strip() if word.lower() == "bearer" else given
    return "" if _same(token, lock.secret) else "wrong token"


def _pagerduty(lock: Lock, headers: Mapping[str, str], body: bytes) -> str:
    given = headers.get(PAGERDUTY_HEADER.lower(), "")
    versions = [one.strip().partition("=") for one in given.split(",")[:MOST_SIGNATURES]]
    listed = [rest for version, _, rest in versions if version == "v1"]
    if not listed:
        return "no signature"
    right = signature(lock.secret, body)
    return "" if any([_same(one, right) for one in listed]) else "wrong signature"


def _hmac(lock: Lock, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    given = headers.get(lock.signature_header.lower(), "").removeprefix("sha256=").lower()
    if not given:
        return "no signature"
    signed = body
    if lock.timestamp_header:
        said = headers.get(lock.timestamp_header.lower(), "")
        if not (said.isascii() and said.isdigit() and len(said) < 13):
            return "no time in it"
        if abs(now.timestamp() - int(said)) > lock.tolerance_s:
            return "too old, or of the future"
        signed = said.encode("ascii") + b":" + body
    return "" if _same(given, signature(lock.secret, signed)) else "wrong signature"


def _same(given: str, right: str) -> bool:
    # Headers arrive as Latin-1: their bytes are what was sent.
    return hmac.compare_digest(given.encode("latin-1", "replace"), right.encode("utf-8"))
