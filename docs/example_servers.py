"""Stands in for the servers that datasets are exported to, and keeps what they are sent."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SAYS: dict[str, dict[str, Any]] = {
    "/v1/datasets/upload": {"data": {"num_created_examples": 1, "num_updated_examples": 0}},
    "/api/3.0/mlflow/datasets/search": {"datasets": [{"name": "golden", "dataset_id": "d-1"}]},
    "/api/3.0/mlflow/datasets/d-1/records": {"inserted_count": 1, "updated_count": 0},
}


class Recorder(ThreadingHTTPServer):
    """Answers as far as an export needs it; `sent` holds every request's path and body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.partition("?")[0]
        self.server.sent.append({"path": path, "body": body})
        told = json.dumps(SAYS.get(path, {})).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
