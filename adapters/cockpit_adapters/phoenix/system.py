"""A Phoenix server: tags are read and moved over REST, and explained over GraphQL where that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import BadInput, WorldError
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
from cockpit_adapters.answers import part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.hosted import Get, segment
from cockpit_adapters.phoenix import graph
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
    from cockpit_adapters.phoenix import PhoenixOptions

_NAME = re.compile(r"[a-z0-9]([_a-z0-9-]*[a-z0-9])?")
GRAMMAR = Grammar("tag", _NAME, _NAME, "Names are of a-z, 0-9, _ and -, and begin and end with a letter or digit.")

EXPLAIN_S = 1.0
"""So long a reading waits for the words that explain it, in seconds."""

FULL_POWER = ("SYSTEM", "ADMIN")


class Phoenix(PromptRegistry):
    """The tags of one Phoenix server; the value of one is the id of a version, in words `v2 (what is new)`."""

    vendor, grammar = "Phoenix", GRAMMAR

    def __init__(self, line: Line, options: PhoenixOptions, place: Place) -> None:
        super().__init__(line, options, place)
        self._options = options

    def parse(self, address: str, text: str) -> Value:
        """Turn a version's number (`3`, `v3`) or its id into its id; asks the server which versions there are."""
        pointer = GRAMMAR.read(address)
        ids = [part(row, "id", str) for row in self._listed(pointer, Deadline(self._options.deadline_s))]
        if text.strip() in ids:
            return text.strip()
        number = version_number(text)
        if number > len(ids):
            raise BadInput(f"{pointer.prompt} has no version {number}", hint=f"Its newest one is v{len(ids)}.")
        return ids[-number]

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return the versions made since a moment; that a tag was moved Phoenix does not tell."""
        found = [self._changed(prompt, one) for prompt, one in graph.all_versions(self._line, deadline, since)]
        return sorted(found, key=lambda change: change.at, reverse=True)

    def _named(self, pointer: Pointer, get: Get) -> Any:
        path = f"/v1/prompts/{segment(pointer.prompt)}/tags/{segment(pointer.name)}"
        with self._or_missing(pointer):
            return part(get(path).table(), "data", dict)

    def _in_force(self, pointer: Pointer, row: Any) -> Reading:
        told = clean(words(row, "description"), multiline=False, limit=80)
        return Reading(part(row, "id", str), shown=told)

    def _explained(self, pointer: Pointer, row: Any, deadline: Deadline) -> Reading:
        """Add the number, and who put the tag there, where GraphQL tells."""
        plain = self._in_force(pointer, row)
        made = self._made(str(plain.value), deadline)
        if made is None:
            return plain
        by = next((who for name, who, _ in made.tagged if name == pointer.name), "")
        return Reading(plain.value, shown=described(made.number, made.note), by=by)

    def _move(self, pointer: Pointer, write: Write, row: Any, deadline: Deadline) -> None:
        """Put the tag on a version, with the reason as its description; the former one loses it."""
        tag = {"name": pointer.name, "description": note_of(write)}
        self._line.ask("POST", f"/v1/prompt_versions/{segment(str(write.value))}/tags", deadline, json=tag)

    def _history(self, pointer: Pointer, current: Value, deadline: Deadline) -> Sequence[Version]:
        """Return the prompt's versions; without date and author where GraphQL does not answer."""
        rows = self._listed(pointer, deadline)
        known = self._known(pointer, deadline)
        found = []
        for behind, row in enumerate(rows):
            made = known.get(part(row, "id", str))
            number = made.number if made else len(rows) - behind
            note = clean(words(row, "description"), multiline=False, limit=200)
            at, by = (made.at, made.by) if made else (None, "")
            found.append(Version(row["id"], f"v{number}", at, by, note, row["id"] == current))
        return found

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        return (
            ("reached", "Check url and token.", lambda: self._reached(deadline)),
            ("token", "Check the token.", lambda: self._token(deadline)),
        )

    def _listed(self, pointer: Pointer, deadline: Deadline) -> list[Any]:
        """Return every version, newest first, through all pages."""
        path, rows, cursor = f"/v1/prompts/{segment(pointer.prompt)}/versions", list[Any](), ""
        for _ in range(MOST_PAGES):
            page = self._line.read(path, deadline, params={"limit": "100", **({"cursor": cursor} if cursor else {})})
            table = page.table()
            rows += part(table, "data", list)
            cursor = words(table, "next_cursor")
            if not cursor:
                break
        return rows

    def _made(self, version: str, deadline: Deadline) -> graph.Made | None:
        soon = briefly(deadline, EXPLAIN_S, self._place.monotonic)
        try:
            return graph.made(part(graph.ask(self._line, graph.ONE, soon, id=version), "node", dict))
        except WorldError:
            return None

    def _known(self, pointer: Pointer, deadline: Deadline) -> dict[str, graph.Made]:
        soon = briefly(deadline, EXPLAIN_S, self._place.monotonic)
        try:
            return graph.of_prompt(self._line, pointer.prompt, soon)
        except WorldError:
            return {}

    def _changed(self, prompt: str, one: graph.Made) -> Change:
        return Change(
            ref=f"{self._place.name}:{prompt}:v{one.number}",
            at=one.at or self._place.now(),
            what=f"prompt {prompt}: a new version",
            kind="prompt",
            before=f"v{one.number - 1}" if one.number > 1 else "",
            after=f"v{one.number}",
            by=one.by,
            note=one.note,
        )

    def _reached(self, deadline: Deadline) -> Finding:
        answer = self._line.read("/v1/prompts", deadline, params={"limit": "1"})
        part(answer.table(), "data", list)
        version = clean(answer.headers.get("x-phoenix-server-version", "of an unknown version"), limit=40)
        return Finding("reached", Verdict.FINE, f"Phoenix {version}, prompts can be read")

    def _token(self, deadline: Deadline) -> Finding:
        user = part(self._line.read("/v1/user", deadline).table(), "data", dict)
        who = clean(f"{words(user, 'username')} ({words(user, 'role')})", multiline=False, limit=80)
        if words(user, "auth_method") == "ANONYMOUS":
            return Finding(
                "token", Verdict.WARNING, "the server asks nobody for a token: whoever reaches it can move tags",
                "Switch authentication on (PHOENIX_ENABLE_AUTH), or keep the server in a closed network.",
            )  # fmt: skip
        if words(user, "role") == "VIEWER":
            return Finding("token", Verdict.WRONG, f"{who} may only look", "Make a key of a user who is a MEMBER.")
        if words(user, "role") in FULL_POWER:
            return Finding(
                "token", Verdict.WARNING, f"{who} may do everything on this server",
                "Make a key of a user who is a MEMBER: that is enough to move tags.",
            )  # fmt: skip
        return Finding("token", Verdict.FINE, f"{who} may move tags")
