"""The misbehaving provider: an OpenAI-compatible server that leaks, refuses, loops and slows as the scenario says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.range.observed import Glossary
from cockpit.range.played import Made, Played
from cockpit.simulator.vocabulary import LOOPING
from cockpit.world.listening import end_serving

LONGEST_ASK = 4 * 1024 * 1024
"""No request is longer, in bytes."""

WORDS_A_CHUNK = 4
HELLO = "The assistant is here."
"""What is answered to a request that is none of the drill's, such as a probe."""


class Upstream:
    """Serves `/v1/chat/completions` and `/v1/models`; each request of the drill names itself by its seed."""

    def __init__(self, address: str, played: Played, glossary: Glossary, speed: float) -> None:
        """Listen.

        Raises:
            BadInput: the address is not free, or is on no interface of this machine.
        """
        self._played = played
        self._glossary = glossary
        self._speed = speed
        self._lock = threading.Lock()
        self._made: dict[int, Made] = {}
        self._server = serve(address, self._handler())

    def made(self, place: int) -> Made | None:
        """Return what was made of a request; None when it never came here."""
        with self._lock:
            return self._made.get(place)

    def close(self) -> None:
        """Stop serving."""
        end_serving(self._server)

    def _answer(self, body: dict[str, Any]) -> Made | None:
        place = body.get("seed")
        if not isinstance(place, int) or not 0 <= place < self._played.ground.requests.count:
            return None
        made = self._played.make(place, partial(self._glossary.seen, body))
        with self._lock:
            self._made[place] = made
        return made

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(Quiet):
            def do_GET(self) -> None:
                models = [{"id": name, "object": "model"} for name in upstream._played.scenario.models]
                self.say(200, {"object": "list", "data": models})

            def do_POST(self) -> None:
                body = self.body()
                if body is None:
                    self.say(400, {"error": {"message": "the request is no JSON object"}})
                    return
                made = upstream._answer(body)
                upstream._wait(made.total_s if made and not body.get("stream") else 0.0)
                if body.get("stream"):
                    self.stream(upstream._chunks(body, made))
                else:
                    self.say(200, upstream._completion(body, made))

        return Handler

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(min(seconds, 60.0) / self._speed)

    def _completion(self, body: dict[str, Any], made: Made | None) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": made.text if made else HELLO}
        reason = "stop"
        if made and made.outcome == LOOPING:
            message, reason = _tool_call(self._played, made), "tool_calls"
        read, written = self._played.tokens(made) if made else (10, 5)
        return {
            "id": f"chatcmpl-{made.place if made else 'hello'}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": str(body.get("model", "")),
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
        }

    def _chunks(self, body: dict[str, Any], made: Made | None) -> Any:
        whole = self._completion(body, made)
        words = str(whole["choices"][0]["message"].get("content") or "").split(" ")
        pieces = [" ".join(words[at : at + WORDS_A_CHUNK]) for at in range(0, len(words), WORDS_A_CHUNK)]
        pause = (made.total_s - made.ttft_s) / max(1, len(pieces)) if made else 0.0
        self._wait(made.ttft_s if made else 0.0)
        for number, piece in enumerate(pieces):
            self._wait(pause if number else 0.0)
            delta = {"role": "assistant", "content": (" " if number else "") + piece}
            yield {**whole, "object": "chat.completion.chunk", "usage": None,
                   "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}  # fmt: skip
        end = {"index": 0, "delta": {}, "finish_reason": whole["choices"][0]["finish_reason"]}
        yield {**whole, "object": "chat.completion.chunk", "choices": [end]}


def _tool_call(played: Played, made: Made) -> dict[str, Any]:
    names = played.scenario.loops.tools or list(played.scenario.tools) or ["lookup"]
    call = {"id": f"call-{made.place}", "type": "function", "function": {"name": names[0], "arguments": "{}"}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


class Quiet(BaseHTTPRequestHandler):
    """A handler that logs nothing and speaks JSON."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing: a drill owns the terminal."""

    def body(self) -> dict[str, Any] | None:
        """Read the request's JSON object; None when it is none."""
        try:
            size = int(self.headers.get("content-length") or 0)
            found = json.loads(self.rfile.read(min(size, LONGEST_ASK)))
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON; a caller who is gone is no problem of ours."""
        content = json.dumps(body).encode()
        self._send(
            status, {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
        )
        self._write(content)

    def stream(self, chunks: Any) -> None:
        """Answer with server-sent events."""
        self._send(200, {"content-type": "text/event-stream", "connection": "close"})
        for chunk in chunks:
            self._write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self._write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _send(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, clean(value, multiline=False).encode("latin-1", "replace").decode("latin-1"))
        self.end_headers()

    def _write(self, content: bytes) -> None:
        try:
            self.wfile.write(content)
            self.wfile.flush()
        except OSError:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    """A threading server with room for many connections at once."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller who hangs up in the middle is his own business."""


def serve(address: str, handler: type[BaseHTTPRequestHandler] | Callable[..., Any]) -> Server:
    """Begin to serve at `host:port`.

    Raises:
        BadInput: it is not free, or on no interface of this machine.
    """
    host, _, port = address.partition(":")
    try:
        server = Server((host, int(port)), handler)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(
            f"{address} can't be listened at: {reason}", hint="Free it, or name another one in [range]."
        ) from None
    threading.Thread(target=server.serve_forever, name=f"serve {address}", daemon=True).start()
    return server
