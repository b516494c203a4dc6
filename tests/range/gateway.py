"""A gateway in a few lines: passes requests on to the provider, or does what its switches say."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cockpit.world.listening import end_serving


class Gateway:
    """Passes `/v1/chat/completions` on; `block_words` stops answers, as a gateway's output guardrail does."""

    def __init__(self, upstream: str) -> None:
        self.block_words: tuple[bytes, ...] = ()
        self.seen = self.stopped = 0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway.seen += 1
                body = self.rfile.read(int(self.headers["content-length"]))
                ask = urllib.request.Request(f"http://{upstream}/v1/chat/completions", body)
                with urllib.request.urlopen(ask, timeout=30) as answer:
                    content = answer.read()
                stopped = any(word in content for word in gateway.block_words)
                gateway.stopped += stopped
                self.send_response(400 if stopped else 200)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        end_serving(self._server)
