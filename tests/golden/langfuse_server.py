"""Langfuse's datasets as far as its own client uses them; a test holds names and shapes against that client."""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

AT = "2026-06-12T03:14:00.000Z"
KEYS = "pk-lf-1:sk-lf-secret-1"


class LangfuseDatasets(ThreadingHTTPServer):
    """A project with datasets; `sent` keeps every request's method, path and body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.items: dict[str, dict[str, Any]] = {}
        self.names: set[str] = set()
        self.sent: list[tuple[str, str, Any]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> LangfuseDatasets:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: LangfuseDatasets

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = urlsplit(self.path).path
        self.server.sent.append(("POST", path, body))
        if not self._allowed():
            return
        if path == "/api/public/v2/datasets":
            self.server.names.add(body["name"])
            self._send(200, dataset(body))
        elif path == "/api/public/dataset-items" and body["datasetName"] in self.server.names:
            item = {**item_shape(body), **self.server.items.get(body["id"], {}), **item_shape(body)}
            self.server.items[body["id"]] = item
            self._send(200, item)
        else:
            self._send(404, {"message": "no such dataset", "error": "LangfuseNotFoundError"})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.sent.append(("GET", parts.path, query))
        if not self._allowed():
            return
        page, limit = int(query.get("page", 1)), int(query.get("limit", 50))
        found = [one for one in self.server.items.values() if one["datasetName"] == query.get("datasetName")]
        meta = {"page": page, "limit": limit, "totalItems": len(found), "totalPages": -(-len(found) // limit)}
        self._send(200, {"data": found[(page - 1) * limit : page * limit], "meta": meta})

    def _allowed(self) -> bool:
        kind, _, packed = self.headers.get("authorization", "").partition(" ")
        if kind == "Basic" and b64decode(packed).decode() == KEYS:
            return True
        self._send(401, {"message": "Invalid credentials", "error": "UnauthorizedError"})
        return False

    def _send(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def dataset(body: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset as Langfuse tells it."""
    told = {"description": None, "metadata": None, "inputSchema": None, "expectedOutputSchema": None, **body}
    return {"id": f"id-{body['name']}", "projectId": "p", "createdAt": AT, "updatedAt": AT, **told}


def item_shape(body: dict[str, Any]) -> dict[str, Any]:
    """Return an item as Langfuse tells it."""
    empty = {"input": None, "expectedOutput": None, "metadata": None, "sourceTraceId": None, "status": "ACTIVE"}
    more: dict[str, Any] = {
        "sourceObservationId": None,
        "mediaReferences": [],
        "datasetId": f"id-{body['datasetName']}",
        "createdAt": AT,
        "updatedAt": AT,
    }
    return {**empty, **more, **{name: value for name, value in body.items() if value is not None}}
