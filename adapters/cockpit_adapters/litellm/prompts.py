"""Prompts kept by the proxy: every write makes a new version, and going back writes an old content once more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused
from cockpit.world.contract import Capability, Control, Expectation, Reading, Version, Write
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm.lever import by_reload
from cockpit_adapters.litellm.proxy import Proxy, part

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value


@dataclass(frozen=True, slots=True)
class Prompt:
    """`prompt:ID`: which version's content callers get who name none.

    The value is the number of the oldest version with the content in force: after a rollback to version 1, which
    LiteLLM stores as version 3, it is 1 again.
    """

    ident: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return Control(
            address, Capability.PROMPT, f"the content of the prompt {self.ident}",
            f"every call with prompt_id {self.ident} that pins no version", by_reload(options),
            leaves="requests that are under way, and calls with a prompt_version of their own", adds=True,
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read a version: `1`, `v1` or `support.v1`."""
        word = text.strip().removeprefix(f"{self.ident}.").removeprefix("v")
        if not word.isdecimal() or int(word) < 1:
            raise BadInput(f"prompt:{self.ident}: {text!r} is no version", hint="Write its number: 1, or v1.")
        return int(word)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read the versions from the database; `version` grows with every write."""
        listed = self._listed(proxy, deadline)
        newest, first = listed[0], _first_with(listed, digest(listed[0]))
        number = int(newest["version"])
        told = f"v{number}" if number == first else f"v{number} (the content of v{first})"
        return Reading(
            first, version=str(number), shown=told, by=str(newest.get("created_by") or ""),
            at=moment(newest.get("created_at")),
        )  # fmt: skip

    def _listed(self, proxy: Proxy, deadline: Deadline) -> list[dict[str, Any]]:
        listed = proxy.prompt_versions(self.ident, deadline)
        if not listed:
            raise Refused(f"the proxy has no prompt {self.ident!r}", hint="GET /prompts/list lists them.")
        if len({one.get("environment") for one in listed}) > 1:
            raise Refused(
                f"the prompt {self.ident} has versions of several environments, which this lever does not tell apart",
                hint="Keep one prompt for each environment.",
            )
        return listed

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Write an old content again, unless it is the newest already."""
        listed = self._listed(proxy, deadline)
        wanted = next((one for one in listed if one["version"] == write.value), None)
        if wanted is None:
            known = ", ".join(str(one["version"]) for one in listed[:10])
            raise Refused(f"the prompt {self.ident} has no version {write.value}", hint=f"It has {known}.")
        if digest(wanted) == digest(listed[0]):
            return  # this write came through before, or nothing is to be done
        if write.version and str(listed[0]["version"]) != write.version:
            raise Moved(
                f"{write.address} is at version {listed[0]['version']} now, and was at {write.version}"
                f"{_by(listed[0])}", hint="Look at what was published, then plan the change anew."
            )  # fmt: skip
        given = {name: value for name, value in wanted["litellm_params"].items() if value is not None}
        info = {name: value for name, value in wanted["prompt_info"].items() if value is not None}
        body = {"prompt_id": self.ident, "litellm_params": given, "prompt_info": info}
        proxy.send("PUT", f"/prompts/{part(self.ident)}", body, deadline)

    def versions(self, proxy: Proxy, deadline: Deadline) -> Sequence[Version]:
        """Return every content once, under the number of its first version, newest in force first."""
        listed = self._listed(proxy, deadline)
        return tuple(
            Version(
                int(one["version"]), f"v{one['version']}", moment(one.get("created_at")),
                str(one.get("created_by") or ""), note=f"content {digest(one)}",
                current=digest(one) == digest(listed[0]),
            )
            for one in listed if int(one["version"]) == _first_with(listed, digest(one))
        )  # fmt: skip

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Return nothing: LiteLLM's answers do not name the prompt's version."""
        return None


def digest(version: dict[str, Any]) -> str:
    """Return a short digest of what a version says: equal digests are equal prompts."""
    said = json.dumps(version.get("litellm_params"), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _first_with(listed: list[dict[str, Any]], wanted: str) -> int:
    return min(int(one["version"]) for one in listed if digest(one) == wanted)


def _by(version: dict[str, Any]) -> str:
    return f" (by {version['created_by']})" if version.get("created_by") else ""
