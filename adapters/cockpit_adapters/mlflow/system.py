"""An MLflow tracking server: aliases of prompts are read and moved, and a moved one leaves a note on its version."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, Unsure, WorldError
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    Place,
    Reading,
    Value,
    Verdict,
    Version,
    Write,
)
from cockpit.world.port import Change
from cockpit_adapters.pointers import (
    MOST_PAGES,
    Ask,
    Grammar,
    Pointer,
    attempt,
    briefly,
    described,
    in_force,
    looked,
    moment,
    note_of,
    part,
    until_wrong,
    version_number,
    words,
)

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.mlflow import MLflowOptions

API = "/api/2.0/mlflow"
ALIAS, VERSIONS, SET_TAG = (
    f"{API}/registered-models/alias", f"{API}/model-versions/search", f"{API}/model-versions/set-tag",
)  # fmt: skip

ME, MY_RIGHTS = f"{API}/users/current", "/api/3.0/mlflow/users/current/permissions"
MAY_WRITE = ("EDIT", "MANAGE")

IS_PROMPT = "mlflow.prompt.is_prompt"
MOVED = "cockpit.moved."
"""A version to which an alias was moved carries the tag `cockpit.moved.ALIAS`: when, from where and why."""

PAGE = 100
NOTE_S = 2.0
"""So long a change waits for its note to be taken, in seconds: by then the alias has moved."""

_MISSING = re.compile("RESOURCE_DOES_NOT_EXIST|Registered model alias")

GRAMMAR = Grammar(
    "alias",
    re.compile(r"[A-Za-z0-9_.-]+"),
    re.compile(r"[A-Za-z0-9_-]+"),
    "Prompts are named with letters, digits, _ . and -, aliases with letters, digits, _ and -.",
    re.compile(r"(?i)latest|v\d+"),
)


class MLflow:
    """The aliases of one MLflow server; the value of one is the number of a version, as MLflow's text `2`."""

    def __init__(self, line: Line, options: MLflowOptions, place: Place) -> None:
        self._line = line
        self._options = options
        self._place = place

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def control(self, address: str) -> Control:
        """Understand `alias:PROMPT@ALIAS`."""
        pointer = GRAMMAR.read(address)
        return Control(
            address,
            Capability.PROMPT,
            f"the version of the prompt {pointer.prompt} that has the alias {pointer.name}",
            f"everybody whose request uses {pointer.prompt} by its alias {pointer.name}",
            (0.0, max(1.0, self._options.app_cache_s)),
            leaves="what the application keeps: prompts it has read, and sessions that began with the old one",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn a version's number (`3`, `v3`) into MLflow's text for it."""
        GRAMMAR.read(address)
        return str(version_number(text))

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read which version the alias stands on; MLflow does not keep who moved it."""
        row = self._aliased(GRAMMAR.read(address), deadline)
        number = part(row, "version", str)
        return Reading(number, shown=described(number, words(row, "description")))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Move the alias, and leave a note of it on the version it goes to.

        The note may fail without a word: the alias has moved by then, and the journal knows more.
        """
        pointer = GRAMMAR.read(write.address)
        current = looked(lambda: part(self._aliased(pointer, deadline, self._line.ask), "version", str))
        if in_force(write, Reading(current)):
            return
        where = {"name": pointer.prompt, "version": str(write.value)}
        self._line.ask("POST", ALIAS, deadline, json={**where, "alias": pointer.name})
        note = f"{self._place.now().isoformat(timespec='milliseconds')} v{current} → v{write.value}: {note_of(write)}"
        soon = briefly(deadline, NOTE_S, self._place.monotonic)
        with contextlib.suppress(WorldError):
            self._line.ask("POST", SET_TAG, soon, json={**where, "key": f"{MOVED}{pointer.name}", "value": note})

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the prompt's versions, newest first."""
        pointer = GRAMMAR.read(address)
        current = part(self._aliased(pointer, deadline), "version", str)
        rows = self._search(f"name='{pointer.prompt}' AND ", deadline)
        found = [_version(row, current) for row in rows if words(row, "name") == pointer.prompt]
        return sorted(found, key=lambda one: int(str(one.value)), reverse=True)

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Return None: answers carry what the application puts into them, see `proof` in cockpit.toml."""
        return None

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return versions made since a moment, and aliases that a cockpit moved; other moves leave no trace."""
        found = [change for row in self._search("", deadline) for change in self._changes_of(row)]
        return sorted((one for one in found if one.at >= since), key=lambda one: one.at, reverse=True)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Reach the server, read prompts, and see what the user may write where MLflow itself checks users."""
        return until_wrong([
            lambda: attempt("reached", "Check url and token.", lambda: self._reached(deadline)),
            lambda: attempt("token", "Check user and token.", lambda: self._token(deadline)),
        ])  # fmt: skip

    def _aliased(self, pointer: Pointer, deadline: Deadline, ask: Ask | None = None) -> Any:
        params = {"name": pointer.prompt, "alias": pointer.name}
        try:
            answer = (ask or self._line.repeat)("GET", ALIAS, deadline, params=params)
            row = part(answer.table(), "model_version", dict)
        except Refused as problem:
            # A missing alias is a 400 and only the words tell, a missing prompt is a 404.
            if not _MISSING.search(problem.message):
                raise
            raise Refused(
                f"{self._line.base} has no prompt {pointer.prompt} with an alias {pointer.name}",
                hint="Set the alias once, in MLflow; the cockpit moves aliases that are there.",
            ) from None
        if _tags(row).get(IS_PROMPT) != "true":
            raise Refused(f"{pointer.prompt} is a model, not a prompt: it is left alone", hint="Name a prompt.")
        return row

    def _search(self, only: str, deadline: Deadline) -> Iterator[Any]:
        asked = {
            "filter": f"{only}tags.`{IS_PROMPT}`='true'", "order_by": "creation_timestamp DESC",
            "max_results": str(PAGE),
        }  # fmt: skip
        for _ in range(MOST_PAGES):
            table = self._line.read(VERSIONS, deadline, params=asked).table()
            rows = table.get("model_versions", [])  # left out when there are none
            if not isinstance(rows, list):
                raise Unsure("MLflow's list of versions is none")
            yield from rows
            token = words(table, "next_page_token")
            if not token:
                return
            asked["page_token"] = token

    def _changes_of(self, row: Any) -> Iterator[Change]:
        prompt, number = part(row, "name", str), part(row, "version", str)
        note = clean(words(row, "description"), multiline=False, limit=200)
        before = f"v{int(number) - 1}" if number.isdecimal() and int(number) > 1 else ""
        made, by = _made(row), words(row, "user_id")
        ref = f"{self._place.name}:{prompt}:v{number}"
        if made:
            yield Change(ref, made, f"prompt {prompt}: a new version", "prompt", before, f"v{number}", by, note)
        for name, told in _tags(row).items():
            at, _, rest = told.partition(" ")
            if name.startswith(MOVED) and (when := moment(at)):
                alias = name.removeprefix(MOVED)
                what = f"prompt {prompt}: alias {alias} moved"
                moved, _, why = rest.partition(": ")
                former = moved.partition(" → ")[0]
                yield Change(f"{ref}@{alias}", when, what, "prompt", former, f"v{number}", "a cockpit", why)

    def _reached(self, deadline: Deadline) -> Finding:
        version = clean(self._line.read("/version", deadline).text, multiline=False, limit=40)
        next(self._search("", deadline), None)
        return Finding("reached", Verdict.FINE, f"MLflow {version}, prompts can be read")

    def _token(self, deadline: Deadline) -> Finding:
        if not self._options.token:
            return Finding(
                "token", Verdict.WARNING, "the server asks for no token: whoever reaches it can move aliases",
                "Put authentication in front of it, or keep it in a closed network.",
            )  # fmt: skip
        try:
            user = part(self._line.read(ME, deadline).table(), "user", dict)
        except Refused as problem:
            if "answered 404" not in problem.message:
                raise
            return Finding("token", Verdict.FINE, "this server does not tell what it may write")
        return _rights(user, self._line.read(MY_RIGHTS, deadline).table())


def _rights(user: Any, told: Any) -> Finding:
    """Tell from MLflow's own basic-auth whether somebody may move aliases, or much more than that."""
    name = clean(words(user, "username"), multiline=False, limit=40)
    if user.get("is_admin"):
        return Finding(
            "token", Verdict.WARNING, f"{name} may do everything on this server",
            "Make a user of its own for the cockpit, with EDIT on the prompts that it may move.",
        )  # fmt: skip
    granted = [
        words(row, "resource_pattern")
        for row in part(told, "permissions", list)
        if words(row, "resource_type") == "prompt" and words(row, "permission") in MAY_WRITE
    ]
    prompts = clean(", ".join(granted), multiline=False, limit=120)
    if granted:
        return Finding("token", Verdict.FINE, f"{name} may move the aliases of {prompts}")
    return Finding(
        "token", Verdict.WARNING, f"{name} was granted no prompt: what it may write is the server's default",
        "Grant it EDIT on the prompts that the cockpit may move, as the page of this adapter shows.",
    )  # fmt: skip


def _version(row: Any, current: str) -> Version:
    number = part(row, "version", str)
    if not number.isdecimal():
        raise Unsure(f"MLflow names a version that is no number: {clean(number, multiline=False, limit=40)}")
    note = clean(words(row, "description"), multiline=False, limit=200)
    return Version(number, f"v{number}", _made(row), words(row, "user_id"), note, number == current)


def _made(row: Any) -> datetime | None:
    stamp = row.get("creation_timestamp")
    try:
        return datetime.fromtimestamp(int(stamp) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _tags(row: Any) -> dict[str, str]:
    return {words(tag, "key"): words(tag, "value") for tag in row.get("tags") or () if isinstance(tag, dict)}
