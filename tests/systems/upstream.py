"""A small model provider for tests: OpenAI's chat interface, with answers that say who answered and what was asked.

Every version of the model is a folder of the address: `http://127.0.0.1:PORT/v1-of-mine/v1/chat/completions` is
answered by version `v1-of-mine`. How a version behaves can be changed while it runs, here or over HTTP:

    POST /control {"version": "v2", "status": 500, "delay": 0.8}     GET /control → {"v2": {"requests": 3, …}}
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

HOST = "127.0.0.1"
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
REMEMBERED = 1000


@dataclass(slots=True)
class Behaviour:
    """How a version of the model answers.

    Attributes:
        status: the HTTP status; from 400 on the answer is an error.
        delay: seconds before it answers.
        requests: how many chats it was asked for.
    """

    status: int = 200
    delay: float = 0.0
    requests: int = 0


class Upstream:
    """The provider, in a thread of this process; use it with `with`."""

    def __init__(self, port: int = 0) -> None:
        self.received: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._versions: dict[str, Behaviour] = defaultdict(Behaviour)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((HOST, port), Handler)
        self._server.daemon_threads = True
        self._server.upstream = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def root(self) -> str:
        """Return the provider's address."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def url(self, version: str) -> str:
        """Return the `api_base` of a version."""
        return f"{self.root}/{version}/v1"

    def behave(self, version: str, *, status: int | None = None, delay: float | None = None) -> None:
        """Change how a version answers from the next request on; what is left out stays."""
        with self._lock:
            known = self._versions[version]
            known.status = known.status if status is None else status
            known.delay = known.delay if delay is None else delay

    def requests(self, version: str) -> int:
        """Return how many chats a version was asked for."""
        with self._lock:
            return self._versions[version].requests

    def take(self, version: str, body: dict[str, Any]) -> Behaviour:
        """Note a request and return how to answer it."""
        with self._lock:
            self.received.append({"version": version, **body})
            self._versions[version].requests += 1
            return self._versions[version]

    def report(self) -> dict[str, dict[str, Any]]:
        """Return how each version behaves and what it was asked."""
        with self._lock:
            return {name: asdict(behaviour) for name, behaviour in self._versions.items()}

    def wait(self) -> None:
        """Stay until the provider is closed."""
        self._thread.join()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Upstream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def said(version: str, body: dict[str, Any]) -> str:
    """Return an answer's text: JSON that says who answers, which model was asked for, and what the system said."""
    system = [one.get("content") for one in body.get("messages", []) if one.get("role") == "system"]
    return json.dumps({"version": version, "model": body.get("model"), "system": system})


def whole(version: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in one piece."""
    message = {"role": "assistant", "content": said(version, body)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**envelope("chat.completion", body), "choices": [choice], "usage": USAGE}


def envelope(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return what every answer and every piece of one carries."""
    return {
        "id": f"chatcmpl-{time.time_ns()}",
        "object": kind,
        "created": int(time.time()),
        "model": body.get("model"),
    }


def pieces(version: str, body: dict[str, Any]) -> Iterator[str]:
    """Return an answer as the lines of a stream, with the usage at its end where that was asked for."""
    frame = envelope("chat.completion.chunk", body)
    text = said(version, body)
    half = len(text) // 2
    deltas: list[dict[str, str]] = [{"role": "assistant"}, {"content": text[:half]}, {"content": text[half:]}, {}]
    for delta in deltas:
        reason = None if delta else "stop"
        yield json.dumps({**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
    if (body.get("stream_options") or {}).get("include_usage"):
        yield json.dumps({**frame, "choices": [], "usage": USAGE})
    yield "[DONE]"


class Handler(BaseHTTPRequestHandler):
    """Answers one connection of the provider."""

    protocol_version = "HTTP/1.1"

    @property
    def upstream(self) -> Upstream:
        """Return the provider this connection belongs to."""
        return self.server.upstream  # type: ignore[attr-defined,no-any-return]

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""

    def do_GET(self) -> None:
        """Answer what each version has been asked; anything else is a sign of life."""
        self.answer(200, self.upstream.report() if self.path == "/control" else {"object": "list", "data": []})

    def do_POST(self) -> None:
        """Answer a chat, or change how a version behaves."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        version, _, rest = self.path.lstrip("/").partition("/")
        if self.path == "/control":
            self.upstream.behave(body["version"], status=body.get("status"), delay=body.get("delay"))
            self.answer(200, self.upstream.report())
        elif rest.endswith("chat/completions"):
            self.chat(version, body)
        else:
            self.answer(404, {"error": {"message": f"there is no {self.path} here", "type": "not_found"}})

    def chat(self, version: str, body: dict[str, Any]) -> None:
        """Answer a chat as its version behaves now."""
        behaviour = self.upstream.take(version, body)
        time.sleep(behaviour.delay)
        if behaviour.status >= 400:
            self.answer(behaviour.status, {"error": {"message": f"{version} is told to fail", "type": "told_to"}})
        elif body.get("stream"):
            self.stream(pieces(version, body))
        else:
            self.answer(behaviour.status, whole(version, body))

    def answer(self, status: int, content: dict[str, Any]) -> None:
        """Send a document."""
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def stream(self, lines: Iterator[str]) -> None:
        """Send the pieces of an answer as events; the end of the connection is the end of the answer."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for line in lines:
            self.wfile.write(f"data: {line}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True


if __name__ == "__main__":
    with Upstream(int(sys.argv[1])) as running:
        running.behave("broken", status=500)
        running.wait()
