"""Two workers behind one listening socket, as a proxy with `--workers 2` has them: one new, one still old.

Run as a program it serves until its input ends: `python -m tests.world.workers SECONDS_OF_WORK`. It prints its port.
Each line of its input sets what the workers answer: `new old`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


class Workers:
    """The two workers in processes of their own; use it with `with`."""

    def __init__(self, work_s: float = 0.01) -> None:
        self._work_s = work_s
        self.port = 0

    @property
    def url(self) -> str:
        """Where both listen."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Workers:
        command = [sys.executable, "-m", "tests.world.workers", str(self._work_s)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._said())
        return self

    def serve(self, first: str, second: str) -> None:
        """Set what the two workers answer."""
        assert self._process.stdin
        print(first, second, file=self._process.stdin, flush=True)
        self._said()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()

    def _said(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def _work(listener: socket.socket, saying: Any, work_s: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(work_s)
            body = saying.value
            head = f"HTTP/1.1 200 OK\r\nx-config: {body.decode()}\r\nx-worker: {os.getpid()}\r\n"
            writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        finally:
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, sock=listener)
        await server.serve_forever()

    asyncio.run(serve())


def main(work_s: float) -> None:
    """Serve until the input ends."""
    listener = socket.create_server((HOST, 0), backlog=128)
    context = get_context("fork")
    sayings: list[Any] = [context.Array("c", 64) for _ in range(2)]
    workers = [context.Process(target=_work, args=(listener, saying, work_s), daemon=True) for saying in sayings]
    for worker in workers:
        worker.start()
    print(listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        for saying, text in zip(sayings, line.split(), strict=True):
            saying.value = text.encode()
        print("set", flush=True)
    for worker in workers:
        worker.terminate()


if __name__ == "__main__":
    main(float(sys.argv[1]))
