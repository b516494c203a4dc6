"""A system in a file, and a service that answers as the file says: enough to work a live incident on.

The file survives the process that wrote it, as a real system does, and counts what was done to it.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cockpit.errors import BadInput, Moved, Unsure
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    How,
    Place,
    Reading,
    Tested,
    Value,
    Verdict,
    Version,
    Write,
)
from cockpit.world.listening import end_serving
from cockpit.world.options import SystemOptions
from cockpit.world.port import Change

CAPABILITIES = {"flag": Capability.FLAG, "prompt": Capability.PROMPT, "share": Capability.CANARY}


class ToyOptions(SystemOptions):
    """Where the file is, and how it misbehaves."""

    file: str
    slow_s: float = 0.0
    """How long a write takes before it is done."""
    unsure: int = 0
    """How many writes are done and then not answered."""
    lies: bool = False
    """Whether it says yes and does nothing."""


class ToyAdapter:
    """The adapter of the system in a file."""

    name = "toy"
    capabilities = frozenset(
        {Capability.FLAG, Capability.PROMPT, Capability.CANARY, Capability.SIGNALS, Capability.CHANGES}
    )
    tested = (Tested(How.REAL, "itself"),)
    options = ToyOptions

    def connect(self, options: Any, place: Place) -> ToySystem:
        """Make a system of a file."""
        return ToySystem(options)


class ToySystem:
    """Values in a file: `{"values": {...}, "version": n, "applied": n, "keys": [...]}`."""

    def __init__(self, options: ToyOptions) -> None:
        self._file = Path(options.file)
        self._options = options
        self._unsure = options.unsure

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find all well."""
        return [Finding("reached", Verdict.FINE)]

    def close(self) -> None:
        """Hold nothing."""

    def control(self, address: str) -> Control:
        """Understand flag:NAME, prompt:NAME and share:NAME."""
        kind, _, name = address.partition(":")
        if kind not in CAPABILITIES or not name:
            raise BadInput(f"{address!r} is no address: write flag:NAME, prompt:NAME or share:NAME")
        return Control(address, CAPABILITIES[kind], f"the {kind} {name}", "everybody", (0.0, 1.0), fenced=True)

    def parse(self, address: str, text: str) -> Value:
        """Read on, off, or a number."""
        words: dict[str, Value] = {"on": True, "off": False}
        if text in words:
            return words[text]
        return float(text) if address.startswith("share") else text

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read the file."""
        state = load(self._file)
        return Reading(state["values"].get(address), version=str(state["version"]))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Change the file once per key, if the version is the one that was planned on."""
        time.sleep(self._options.slow_s)
        if self._options.lies:
            return
        with changing(self._file) as state:
            if write.key in state["keys"]:
                return
            if write.version != str(state["version"]):
                raise Moved(f"the version is {state['version']} now, not {write.version}")
            state["values"][write.address] = write.value
            state["version"] += 1
            state["applied"] += 1
            state["keys"].append(write.key)
        if self._unsure > 0:
            self._unsure -= 1
            raise Unsure("the answer was lost")

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return v3, v2, v1 for prompts."""
        now = load(self._file)["values"].get(address)
        return [Version(one, one, current=one == now) for one in ("v3", "v2", "v1")] if "prompt" in address else []

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect the value in a header."""
        return Expectation("header:x-toy-" + address.replace(":", "-"), (json.dumps(value),))

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Tell of nothing."""
        return []

    def measures(self) -> Mapping[str, str]:
        """Measure what the file says."""
        return {"bad": "%"}

    def measure(self, deadline: Deadline) -> Mapping[str, float]:
        """Return what the file says, as long as the flag is on."""
        state = load(self._file)
        return {"bad": float(state.get("bad", 0.0)) if state["values"].get("flag:answers") else 0.0}


def make_system(file: Path, **values: Value) -> Path:
    """Write a fresh system; names are `flag_answers` for `flag:answers`."""
    named = {name.replace("_", ":", 1): value for name, value in values.items()}
    file.write_text(json.dumps({"values": named, "version": 1, "applied": 0, "keys": [], "bad": 20.0}))
    return file


def load(file: Path) -> dict[str, Any]:
    """Read a system's file."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@contextmanager
def changing(file: Path) -> Iterator[dict[str, Any]]:
    """Change a system's file, one at a time, whole or not at all."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = load(file)
        yield state
        fresh = file.with_suffix(".fresh")
        fresh.write_text(json.dumps(state))
        fresh.replace(file)


@contextmanager
def serving(file: Path, *delays_s: float) -> Iterator[str]:
    """Serve answers whose headers carry the values; yields the address.

    Args:
        delays_s: each is a worker, which knows the values as they were so long ago; they answer in turn.
    """
    seen: list[tuple[float, dict[str, Any]]] = [(time.monotonic(), load(file)["values"])]
    turns = itertools.cycle(delays_s or (0.0,))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            now = time.monotonic()
            seen.append((now, load(file)["values"]))
            delay_s = next(turns)
            old = [values for at, values in seen if at <= now - delay_s] or [seen[0][1]]
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(200)
            for name, value in old[-1].items():
                self.send_header("x-toy-" + name.replace(":", "-"), json.dumps(value))
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        end_serving(server)
