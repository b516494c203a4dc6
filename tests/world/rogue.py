"""Servers that say what no server should."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

HOST = "127.0.0.1"


class Rogue:
    """Does one thing with every connection after its request is read; use it with `with`."""

    def __init__(self, act: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self._act = act
        self._tls = tls
        self._listener = socket.create_server((HOST, 0))
        self.requests: list[bytes] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"

    def __enter__(self) -> Rogue:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = connection.recv(65_536)
            self.requests.append(request)
            self._act(connection)
        except OSError:
            pass  # the other side went away, as it should
        finally:
            connection.close()


def says(content: bytes) -> Callable[[socket.socket], None]:
    """Return an act: to send these bytes."""
    return lambda connection: connection.sendall(content)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate that signs itself, and a server's context with it; needs the program openssl."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context
