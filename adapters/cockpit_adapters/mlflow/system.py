"""An MLflow tracking server: aliases of prompts are read and moved, and a moved one leaves a note on its version."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, Unsure, WorldError
from cockpit.world.contract import (
    Deadline,
    Finding,
    Place,
    Reading,
    Value,
    Verdict,
    Version,
    Write,
)
from cockpit.world.port import Change
from cockpit_adapters.answers import moment, moment_ms, part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.hosted import Get
from cockpit_adapters.pointers import (
    MOST_PAGES,
    Grammar,
    Pointer,
    briefly,
    described,
    note_of,
    version_number,
)
from cockpit_adapters.prompt_registry import PromptRegistry

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

# A missing alias is a 400 and only the words tell, a missing prompt is a 404.
_MISSING = re.compile("RESOURCE_DOES_NOT_EXIST|Registered model alias")

GRAMMAR = Grammar(
    "alias",
    re.compile(r"[A-Za-z0-9_.-]+"),
    re.compile(r"[A-Za-z0-9_-]+"),
    "Prompts are named with letters, digits, _ . and -, aliases with letters, digits, _ and -.",
    re.compile(r"(?i)latest|v\d+"),
)


class MLflow(PromptRegistry):
    """The aliases of one MLflow server; the value of one is the number of a version, as MLflow's text `2`."""

    vendor, grammar = "MLflow", GRAMMAR
    absent = _MISSING

    def __init__(self, line: Line, options: MLflowOptions, place: Place) -> None:
        super().__init__(line, options, place)
        self._options = options

    def parse(self, address: str, text: str) -> Value:
        """Turn a version's number (`3`, `v3`) into MLflow's text for it."""
        GRAMMAR.read(address)
        return str(version_number(text))

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return versions made since a moment, and aliases that a cockpit moved; other moves leave no trace."""
        found = [change for row in self._search("", deadline) for change in self._changes_of(row)]
        return sorted((one for one in found if one.at >= since), key=lambda one: one.at, reverse=True)

    def _named(self, pointer: Pointer, get: Get) -> Any:
        with self._or_missing(pointer):
            answer = get(ALIAS, params={"name": pointer.prompt, "alias": pointer.name})
        row = part(answer.table(), "model_version", dict)
        if _tags(row).get(IS_PROMPT) != "true":
            raise Refused(f"{pointer.prompt} is a model, not a prompt: it is left alone", hint="Name a prompt.")
        return row

    def _in_force(self, pointer: Pointer, row: Any) -> Reading:
        number = part(row, "version", str)
        return Reading(number, shown=described(number, words(row, "description")))

    def _move(self, pointer: Pointer, write: Write, row: Any, deadline: Deadline) -> None:
        """Move the alias, and leave a note of it on the version it goes to.

        The note may fail without a word: the alias has moved by then, and the journal knows more.
        """
        where = {"name": pointer.prompt, "version": str(write.value)}
        self._line.ask("POST", ALIAS, deadline, json={**where, "alias": pointer.name})
        moved = f"v{words(row, 'version')} → v{write.value}"
        note = f"{self._place.now().isoformat(timespec='milliseconds')} {moved}: {note_of(write)}"
        soon = briefly(deadline, NOTE_S, self._place.monotonic)
        with contextlib.suppress(WorldError):
            self._line.ask("POST", SET_TAG, soon, json={**where, "key": f"{MOVED}{pointer.name}", "value": note})

    def _history(self, pointer: Pointer, current: Value, deadline: Deadline) -> Sequence[Version]:
        rows = self._search(f"name='{pointer.prompt}' AND ", deadline)
        found = [_version(row, current) for row in rows if words(row, "name") == pointer.prompt]
        return sorted(found, key=lambda one: int(str(one.value)), reverse=True)

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        return (
            ("reached", "Check url and token.", lambda: self._reached(deadline)),
            ("token", "Check user and token.", lambda: self._token(deadline)),
        )

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


def _version(row: Any, current: Value) -> Version:
    number = part(row, "version", str)
    if not number.isdecimal():
        raise Unsure(f"MLflow names a version that is no number: {clean(number, multiline=False, limit=40)}")
    note = clean(words(row, "description"), multiline=False, limit=200)
    return Version(number, f"v{number}", _made(row), words(row, "user_id"), note, number == current)


def _made(row: Any) -> datetime | None:
    stamp = row.get("creation_timestamp")  # a number, or its digits
    return moment_ms(int(stamp) if isinstance(stamp, str) and stamp.isdecimal() else stamp)


def _tags(row: Any) -> dict[str, str]:
    return {words(tag, "key"): words(tag, "value") for tag in row.get("tags") or () if isinstance(tag, dict)}
