"""What the adapter asks of LiteLLM, in LiteLLM's words: one function per thing it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from cockpit.errors import Refused, Unsure
from cockpit.world.http import Line

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value

T = TypeVar("T")

REMEMBERED_S = 60.0
"""How long our own writes are remembered, at least: after that every worker has read the database again."""

LOOKS = 6
"""So many looks at the same time, at whichever workers answer, have to agree where there are several."""

LEAST_S = 0.3
"""With less time than this left no further worker is asked, in seconds."""


class Proxy:
    """The admin API of one proxy."""

    def __init__(self, line: Line, options: Any, monotonic: Callable[[], float]) -> None:
        self.line = line
        self.options = options
        self._monotonic = monotonic
        self._own: dict[str, tuple[Value, float]] = {}

    def remember(self, address: str, value: Value) -> None:
        """Keep in mind what this system itself has written."""
        self._own[address] = (value, self._monotonic())

    def forget(self, address: str) -> None:
        """Know nothing of a value any more: what was sent may have come through or not."""
        self._own.pop(address, None)

    def own(self, address: str) -> tuple[Value, bool]:
        """Return what was lately written here, and whether anything was."""
        value, at = self._own.get(address, (None, float("-inf")))
        return value, self._monotonic() - at <= max(REMEMBERED_S, self.options.reload_s)

    def settled(self, address: str, look: Callable[[], T], deadline: Deadline) -> T:
        """Return a value that workers keep in memory, where several of them may know different ones.

        A worker learns of a change that another one took only with its next reload. So what was written from here is
        looked for until it turns up, and else several looks have to agree.

        Raises:
            Unsure: they do not.
        """
        if self.options.workers == 1:
            return look()
        mine, fresh = self.own(address)
        seen = at_once(look)
        while fresh and mine not in seen and deadline.left() > LEAST_S:
            seen = at_once(look)
        if fresh and mine in seen:
            return seen[seen.index(mine)]
        if fresh or any(value != seen[0] for value in seen):
            raise Unsure(
                f"the proxy's workers disagree about {address}: some have not read the last change yet",
                hint=f"Look again in {self.options.reload_s:.0f} s, when all of them have.",
            )
        return seen[0]

    def get(self, path: str, deadline: Deadline, **params: Any) -> Any:
        """Read something as JSON."""
        return self.line.read(path, deadline, params=params or None).json()

    def send(self, method: str, path: str, body: Mapping[str, Any], deadline: Deadline) -> None:
        """Ask for one change, once."""
        self.line.ask(method, path, deadline, json=dict(body))

    def router(self, deadline: Deadline) -> dict[str, Any]:
        """Return `current_values` and `source` of the router's settings, as the answering worker last read them."""
        return table(self.get("/router/settings", deadline))

    def models(self, deadline: Deadline) -> list[dict[str, Any]]:
        """Return every deployment."""
        return rows(self.get("/v1/model/info", deadline), "data")

    def model(self, ident: str, deadline: Deadline) -> dict[str, Any]:
        """Return one deployment; Refused when there is none of that id."""
        found = next((one for one in self.models(deadline) if (one.get("model_info") or {}).get("id") == ident), None)
        return found or nothing("deployment", ident, "GET /v1/model/info lists them with their ids.")

    def key(self, alias: str, deadline: Deadline) -> dict[str, Any]:
        """Return one key by its alias; Refused when there is none."""
        listed = self.get("/key/list", deadline, return_full_object="true", key_alias=alias, size=10)
        found = [one for one in rows(listed, "keys") if one.get("key_alias") == alias]
        return found[0] if found else nothing("key with the alias", alias, "Keys are found by their key_alias.")

    def team(self, ident: str, deadline: Deadline) -> dict[str, Any]:
        """Return one team; Refused when there is none."""
        return table(table(self.get("/team/info", deadline, team_id=ident)).get("team_info"))

    def budget(self, ident: str, deadline: Deadline) -> dict[str, Any]:
        """Return one budget; Refused when there is none (a write to it would be answered 200 and do nothing)."""
        listed = self.line.repeat("POST", "/budget/info", deadline, json={"budgets": [ident]}).rows()
        return table(listed[0]) if listed else nothing("budget", ident, "GET /budget/list lists them.")

    def guardrail(self, name: str, deadline: Deadline) -> dict[str, Any]:
        """Return one guardrail; Refused when there is none."""
        listed = rows(self.get("/v2/guardrails/list", deadline), "guardrails")
        found = next((one for one in listed if one.get("guardrail_name") == name), None)
        return found or nothing("guardrail", name, "GET /v2/guardrails/list lists them.")

    def attachments(self, deadline: Deadline) -> list[dict[str, Any]]:
        """Return what policies are attached to."""
        return rows(self.get("/policies/attachments/list", deadline), "attachments")

    def prompt_versions(self, ident: str, deadline: Deadline) -> list[dict[str, Any]]:
        """Return all versions of one prompt, newest first; Refused when there is none."""
        listed = rows(self.get(f"/prompts/{part(ident)}/versions", deadline), "prompts")
        return sorted(listed, key=lambda one: int(one.get("version") or 0), reverse=True)


def at_once(look: Callable[[], T]) -> list[T]:
    """Look several times at the same time: one after the other, an idle worker would answer all of them."""
    with ThreadPoolExecutor(LOOKS) as pool:
        return list(pool.map(lambda _: look(), range(LOOKS)))


def part(name: str) -> str:
    """Return a name as one part of a path."""
    return quote(name, safe="")


def nothing(kind: str, name: str, hint: str) -> dict[str, Any]:
    """Refuse because something is not there."""
    raise Refused(f"the proxy has no {kind} {name!r}", hint=hint)


def table(found: Any) -> dict[str, Any]:
    """Return what should be an object."""
    if not isinstance(found, dict):
        raise Unsure("the proxy's answer has another shape than LiteLLM 1.106 gives")
    return found


def rows(found: Any, name: str) -> list[dict[str, Any]]:
    """Return what should be a list of objects under a name."""
    listed = table(found).get(name)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Unsure(f"the proxy's answer has no list {name!r}, as LiteLLM 1.106 gives it")
    return listed
