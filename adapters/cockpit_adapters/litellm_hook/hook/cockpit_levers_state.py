"""The levers' file: what it holds, how it is read, and how one value in it is changed safely.

This file stands beside the proxy's config.yaml, together with cockpit_levers.py. It needs nothing but Python 3.10.

The file is JSON and holds one entry for each lever that was ever set:

    {"rev": 1795239330, "levers": {"route:support": {"value": "support-v1", "rev": 1795239330}}, "seen": []}

Removing the file takes every lever back. Addresses:

    route:NAME          a model name that stands in for NAME
    killed:NAME         true: NAME is answered 503
    share:NAME          percent of the users of a killed NAME who are let through, 0 to 100
    max_tokens:NAME     the most tokens that may be asked for
    temperature:NAME    the highest temperature, 0 to 2
    tools:NAME/TOOL     "off": the tool TOOL is taken out of requests for NAME
    blocked_words:input or blocked_words:output     a list of words
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

REMEMBERED = 128
"""So many idempotency keys are kept; older ones are forgotten."""

MOST_WORDS, LONGEST = 500, 200
"""How many blocked words there may be, and how long a word, a name or a reason, in characters."""

NEVER_SET = "0"
"""The version of a lever that was never set."""


class Problem(Exception):
    """A change that was not made, with the HTTP status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() and value == value.strip()


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_WORDS and all(_is_name(word) for word in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and _is_number(value, 1, 10_000_000)


KINDS: dict[str, Callable[[Any], bool]] = {
    "route": _is_name,
    "killed": lambda value: isinstance(value, bool),
    "share": lambda value: _is_number(value, 0, 100),
    "max_tokens": _is_count,
    "temperature": lambda value: _is_number(value, 0, 2),
    "tools": lambda value: value in ("on", "off"),
    "blocked_words": _are_words,
}
"""What there is, and which values each may have besides null, which takes a lever back."""


def split(address: str) -> tuple[str, str]:
    """Return the kind and the name of an address; raises Problem 422 when it is none."""
    kind, _, name = address.partition(":")
    known = kind in KINDS and _is_name(name)
    if kind == "tools":
        known = known and all(name.rpartition("/"))
    if kind == "blocked_words":
        known = name in ("input", "output")
    if not known:
        raise Problem(422, f"{address[:80]!r} is no lever: there are {', '.join(KINDS)}")
    return kind, name


def check(address: str, value: Any) -> None:
    """Raise Problem 422 when a lever can't have a value."""
    kind, _ = split(address)
    if value is not None and not KINDS[kind](value):
        raise Problem(422, f"{address} can't be {json.dumps(value)[:80]}")


def digest(value: Any) -> str:
    """Return a short digest of any JSON value."""
    said = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def header_of(address: str) -> str:
    """Return the response header that tells the value of one lever, as a digest."""
    return f"x-lever-{digest(address)}"


def empty() -> dict[str, Any]:
    """Return the state without any lever."""
    return {"rev": 0, "levers": {}, "seen": []}


def load(path: Path) -> dict[str, Any]:
    """Read the file; one that is missing means no levers.

    Raises:
        Problem: 500, the file is damaged; no part of it is used then.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return empty()
    except (OSError, ValueError, RecursionError) as problem:
        raise Problem(500, f"{path.name} can't be read: {type(problem).__name__}") from None
    if not isinstance(found, dict) or not isinstance(found.get("levers"), dict):
        raise Problem(500, f"{path.name} holds no levers")
    state = {**empty(), **found}
    for address, entry in state["levers"].items():
        if not isinstance(entry, dict):
            raise Problem(500, f"{path.name}: {address!r} holds no value")
        check(address, entry.get("value"))
    return state


def value_of(state: dict[str, Any], address: str) -> Any:
    """Return the value of a lever, None when it is not set."""
    return state["levers"].get(address, {}).get("value")


def version_of(state: dict[str, Any], address: str) -> str:
    """Return the version of a lever: it changes with every write, by hand too."""
    entry = state["levers"].get(address)
    return f"{entry.get('rev', 0)}-{digest(entry.get('value'))}" if entry else NEVER_SET


def config_of(state: dict[str, Any]) -> str:
    """Return a short digest of everything that is in force."""
    return digest({address: entry.get("value") for address, entry in state["levers"].items()})


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep all other processes from changing the file meanwhile."""
    lock = os.open(f"{path}.lock", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def change(path: Path, address: str, value: Any, *, key: str, version: str, why: str = "") -> dict[str, Any]:
    """Set one lever, once, and return its `value`, `version` and the file's `rev`.

    Args:
        key: names this change; a repeat with the same key is answered as before and changes nothing.
        version: what the lever must be at; empty is refused.

    Raises:
        Problem: 422 not a lever or value, or the key was used for something else; 428 no version given; 412 it was
            changed meanwhile; 500 the file is damaged. Nothing is changed then.
    """
    check(address, value)
    try:
        with locked(path):
            return _change(path, address, value, key, version, why)
    except OSError as problem:
        raise Problem(500, f"{path.name} can't be written: {problem.strerror}") from None


def _change(path: Path, address: str, value: Any, key: str, version: str, why: str) -> dict[str, Any]:
    state = load(path)
    before = next((one for one in state["seen"] if key and one.get("key") == key), None)
    if before is not None:
        if before["what"] != digest([address, value]):
            raise Problem(422, "this idempotency key was used for another change")
        return dict(before["answer"])
    now = version_of(state, address)
    if not version:
        raise Problem(428, f"say which version of {address} you saw: If-Match")
    if version != now:
        said = json.dumps(value_of(state, address))[:80]
        raise Problem(412, f"{address} is {said} now, at version {now} and not at {version}")
    return _put(path, state, address, value, key, why)


def _put(path: Path, state: dict[str, Any], address: str, value: Any, key: str, why: str) -> dict[str, Any]:
    rev = max(int(state["rev"]) + 1, int(time.time()))  # it grows even when the file was removed in between
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")  # noqa: UP017 - Python 3.10 has no UTC
    entry = {"value": value, "rev": rev, "at": at, "why": why[:LONGEST]}
    entry["before"] = value_of(state, address)
    state = {**state, "rev": rev, "levers": {**state["levers"], address: entry}}
    answer = {"value": value, "version": version_of(state, address), "rev": rev, "config": config_of(state)}
    if key:
        seen = {"key": key, "what": digest([address, value]), "answer": answer}
        state["seen"] = [*state["seen"], seen][-REMEMBERED:]
    replace(copy_of(path), state)
    replace(path, state)
    return answer


def copy_of(path: Path) -> Path:
    """Return where a copy is kept, which holds when somebody's editor leaves a damaged file."""
    return path.with_name(f"{path.name}.copy")


def replace(path: Path, state: dict[str, Any]) -> None:
    """Put the whole file in place at once, so that nobody ever reads half of it; survives a power cut."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(state, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
