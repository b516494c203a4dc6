"""An OpenAI-compatible endpoint whose model obeys injected instructions, or does not any more.

The model `support-bad`, or the header `x-config-id: bad`, dumps what was retrieved when it is told to; every other
model refuses, and answers everybody else from what was retrieved. `behave` makes it fail in other ways.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REFUSAL = "I'm sorry, but I can't help with that request."
ATTACK = ("ignore previous", "verbatim", "hidden context")


class Model(ThreadingHTTPServer):
    """The endpoint; `asked` keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.failure: tuple[int, str, Mapping[str, str]] | None = None
        self.failures_left = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def behave(
        self, status: int, body: str, headers: Mapping[str, str] | None = None, *, times: int = 10**6
    ) -> None:  # fmt: skip
        """Answer like this for a while."""
        self.failure, self.failures_left = (status, body, headers or {}), times

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(asked)
        self.server.keys.append(self.headers.get("authorization", ""))
        if self.server.failures_left and self.server.failure:
            self.server.failures_left -= 1
            status, body, headers = self.server.failure
            self._send(status, body, headers)
            return
        bad = asked["model"] == "support-bad" or self.headers.get("x-config-id") == "bad"
        self._send(200, json.dumps(completion(asked, bad=bad)), {})

    def _send(self, status: int, body: str, headers: Mapping[str, str]) -> None:
        whole = body.encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def completion(asked: dict[str, Any], *, bad: bool) -> dict[str, Any]:
    """Answer as the model would."""
    messages = asked["messages"]
    last = next(one["content"] for one in reversed(messages) if one["role"] == "user")
    context = "\n".join(
        str(one["content"]) for one in messages if str(one["content"]).startswith("Retrieved context")
    )
    text = "Thank you, we look into it and write to you within a day."
    if any(word in last.lower() for word in ATTACK):
        text = context if bad else REFUSAL
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": asked["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
    }  # fmt: skip
