"""One HTTP request and its answer: on a fresh connection, back by its deadline, and never more than fits.

What `Line` builds on for control planes and `Prober` for the wire: every status is an answer here, and errors say
only whether something can have been sent.
"""

from __future__ import annotations

import ipaddress
import json as jsonlib
import re
import socket
import ssl
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Refused, TooLong, Unreachable, Unsure
from cockpit.world.discreet import be_discreet
from cockpit.world.hosts import on_this_machine
from cockpit.world.intime import in_time

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline

be_discreet()

LONGEST_BODY = 16 * 1024 * 1024
"""No answer of a control plane is longer than this, in bytes; what is longer is not read."""

_SENT_NOTHING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)

_TELLING = re.compile(r"auth|key|token|secret|cookie|pass|credential", re.IGNORECASE)
"""Names of headers that carry a secret, whatever else was said about secrets."""

_SHORTEST_SECRET = 6
"""Shorter texts are not looked for in messages: they turn up by chance."""

CONNECT_SHARE = 0.75
"""The part of the deadline in which a connection has to stand: what fails by then was certainly not sent."""

_METADATA = frozenset({ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200")})
"""Metadata services of clouds that are not on link-local addresses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (lower case) and the whole body; `veil` holds what no message may repeat."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    veil: Veil | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def beginning(self) -> str:
        """The beginning of the body, fit to be shown in one line, without secrets."""
        return excerpt(self.veil.over(self.text) if self.veil else self.text)

    def json(self) -> Any:
        """Return the body as JSON; raises Unsure when it is none."""
        try:
            return jsonlib.loads(self.body)
        except (ValueError, RecursionError):
            raise Unsure(f"the answer is no JSON: {self.beginning}") from None

    def table(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises Unsure when it is none."""
        found = self.json()
        if not isinstance(found, dict):
            raise Unsure(f"the answer should be an object: {self.beginning}")
        return found

    def rows(self) -> list[Any]:
        """Return the body as a JSON list; raises Unsure when it is none."""
        found = self.json()
        if not isinstance(found, list):
            raise Unsure(f"the answer should be a list: {self.beginning}")
        return found


def excerpt(text: str, limit: int = 160) -> str:
    """Return the beginning of somebody else's text, fit to be shown in one line."""
    return clean(" ".join(text.split()), multiline=False, limit=limit) or "nothing"


class Veil:
    """Texts that must not turn up in any message, in the forms in which a server may repeat them."""

    def __init__(self, secrets: tuple[str, ...], headers: Mapping[str, str]) -> None:
        telling = [value for name, value in headers.items() if _TELLING.search(name)]
        words = {*secrets, *(word for value in telling for word in value.split())}
        long = [word for word in words if len(word) >= _SHORTEST_SECRET]
        self._forms = sorted({form for word in long for form in _forms(word)}, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Veil(…)"

    def over(self, text: str) -> str:
        """Return the text with every secret covered."""
        for form in self._forms:
            text = text.replace(form, "•••")
        return text


def _forms(word: str) -> Iterator[str]:
    yield word
    yield quote(word, safe="")
    yield jsonlib.dumps(word)[1:-1]
    yield b64encode(word.encode()).decode().rstrip("=")


class Exchange:
    """Requests to one address, each on a connection of its own.

    Redirects are not followed (a token would go along), the environment's proxies are not trusted unless told so,
    and certificates are always verified.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        *,
        ca_file: str = "",
        use_proxy: bool = False,
        secrets: tuple[str, ...] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Make ready to ask; nothing is opened yet.

        Raises:
            BadInput: a header, or the file of certificates, can't be used.
        """
        self.base = base
        self.veil = Veil(secrets, headers)
        self._headers = {"accept-encoding": "identity", **_fit(headers)}
        self._simulated = transport is not None
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=use_proxy,
            verify=_known(ca_file) if base.startswith("https") else False,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()

    def ask(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer:
        """Send one request, once, and return the answer whatever its status.

        Raises:
            Unreachable: nothing was sent.
            Refused: it can't be put into a request; nothing was sent.
            Unsure: it was sent, or may have been, and no whole answer came.
        """
        deadline.check(f"{method} {path}")
        request = self._request(method, path, deadline, sent)
        opened: list[Any] = []
        request.extensions["trace"] = _keep_stream(opened, deadline)
        try:
            return in_time(lambda: self._send(request, deadline), deadline.left(), f"{method} {path}")
        finally:
            # After an answer there is nothing left to cut; after a time-out this ends the thread that still reads.
            _cut(opened)

    def _request(self, method: str, path: str, deadline: Deadline, sent: dict[str, Any]) -> httpx.Request:
        headers = {**self._headers, **(sent.pop("headers", None) or {})}
        timeout = httpx.Timeout(deadline.left(), connect=CONNECT_SHARE * deadline.left())
        try:
            return self._client.build_request(method, self.base + path, headers=headers, timeout=timeout, **sent)
        except (httpx.InvalidURL, ValueError, TypeError) as problem:
            raise Refused(f"{method} {path} can't be put into a request ({type(problem).__name__})") from None

    def _send(self, request: httpx.Request, deadline: Deadline) -> Answer:
        if not self._simulated:
            _refuse_metadata(request.url.host)
        try:
            response = self._client.send(request, stream=True)
            try:
                body = _whole(response, deadline)
            finally:
                response.close()
        except _SENT_NOTHING as problem:
            raise Unreachable(f"{self.base} can't be reached: {self._why(problem)}") from None
        except httpx.TransportError as problem:
            named = type(problem).__name__
            raise Unsure(f"{request.method} {request.url.path}: the connection failed half-way ({named})") from None
        except httpx.HTTPError as problem:
            raise Unsure(f"{request.method} {request.url.path}: unreadable ({type(problem).__name__})") from None
        return Answer(response.status_code, response.headers, body, self.veil)

    def _why(self, problem: Exception) -> str:
        return clean(self.veil.over(str(problem)), multiline=False, limit=200) or type(problem).__name__


def _keep_stream(opened: list[Any], deadline: Deadline) -> Callable[[str, Mapping[str, Any]], None]:
    """Return httpx's trace hook: it keeps what has to be cut, and lets nothing leave that is late already."""

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            opened.append(info["return_value"])
        elif event.endswith("send_request_headers.started") and not deadline.left():
            raise Unreachable("the connection stood too late, so nothing was sent")

    return trace


def _cut(opened: list[Any]) -> None:
    for stream in opened:
        connection = stream.get_extra_info("socket")
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _whole(response: httpx.Response, deadline: Deadline) -> bytes:
    if response.is_stream_consumed:  # one that a stand-in made of a piece
        return response.content
    body, unpack = bytearray(), _unpacker(response.headers.get("content-encoding", "identity").strip().lower())
    for chunk in response.iter_raw():
        body += unpack.decompress(chunk, LONGEST_BODY + 1 - len(body)) if unpack else chunk
        if len(body) > LONGEST_BODY:
            raise TooLong(f"the answer is longer than {LONGEST_BODY >> 20} MB")
        deadline.check("reading the answer")
    return bytes(body)


class _Unpack:
    """Unpacks what is packed, never more than is asked for: a small answer can unfold into gigabytes."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def decompress(self, chunk: bytes, most: int) -> bytes:
        """Return at most so many bytes of what a chunk holds."""
        try:
            return self._zlib.decompress(chunk, most)
        except zlib.error:
            raise Unsure("the answer is said to be packed, and can't be unpacked") from None


def _unpacker(encoding: str) -> _Unpack | None:
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _Unpack()
    raise Unsure(f"the answer is packed as {excerpt(encoding, 40)}, which was not asked for")


def _fit(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers; a token with a line break in it would fail at every call, and unclearly."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            # The value itself is not repeated: it may well be the secret.
            raise BadInput(
                f"the header {name} holds a character that can't be sent",
                hint="Look for a line break or a typographic quote in the token.",
            )
    return {name: value.strip() for name, value in headers.items()}


def safe_address(url: str, allow_http: bool) -> str:
    """Return an address a token may be sent to.

    Raises:
        BadInput: the token would travel in clear.
    """
    parts = urlsplit(url)
    if parts.scheme == "http" and not allow_http and not on_this_machine(parts.hostname or ""):
        raise BadInput(
            f"{url}: a token would travel in clear",
            hint="Use https, or set allow_http = true if the network encrypts.",
        )
    return url


def trust(ca_file: str) -> ssl.SSLContext:
    """Return what is trusted: the machine's certificates, and those of a file.

    Raises:
        BadInput: the file can't be used.
    """
    try:
        context = ssl.create_default_context()
        if ca_file:
            context.load_verify_locations(ca_file)
        return context
    except (OSError, ssl.SSLError) as problem:
        raise BadInput(f"ca_file {ca_file}: {problem}", hint="Name a file of certificates in PEM form.") from None


def _known(ca_file: str) -> ssl.SSLContext:
    """Return what is trusted over HTTP; the machine's own certificates take a while to read, and are read once."""
    return trust(ca_file) if ca_file else _machines_own()


@cache
def _machines_own() -> ssl.SSLContext:
    return trust("")


def _refuse_metadata(host: str) -> None:
    """Cloud metadata services would hand a token's owner more than was meant."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return  # the connection itself says it better
    addresses = [_plain_address(str(entry[4][0])) for entry in found]
    if any(address.is_link_local or address in _METADATA for address in addresses):
        raise Unreachable(f"{host} is an address of the machine's own provider, which is never called")


def _plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address; one of IPv4 that is written as one of IPv6 (`::ffff:…`) as what it is."""
    address = ipaddress.ip_address(text.split("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
