"""The hook in memory: its own code over a file of its own, without the proxy around it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.litellm_hook.hook import cockpit_levers_state as kept


class FakeHook:
    """A proxy with the hook, as far as levers go."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="levers-")
        self.path = Path(self._folder.name) / "levers.json"
        self._applied = 0

    @property
    def applied(self) -> int:
        """How many times a value was really changed."""
        return self._applied

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, {"error": {"message": "No api key passed in.", "type": "auth_error"}})
        if asked.method == "GET" and asked.path == "/levers":
            return Said(200, self._all())
        if asked.method == "PUT" and asked.path.startswith("/levers/"):
            return self._put(unquote(asked.path.removeprefix("/levers/")), asked)
        return Said(404, {"detail": "Not Found"})

    def _all(self) -> dict[str, Any]:
        state = kept.load(self.path)
        found = {one: {**entry, "version": kept.version_of(state, one)} for one, entry in state["levers"].items()}
        return {"hook": "1", "rev": state["rev"], "config": kept.config_of(state), "levers": found}

    def _put(self, address: str, asked: Asked) -> Said:
        before, body = kept.load(self.path)["rev"], asked.json()
        key, version = asked.headers.get("idempotency-key", ""), asked.headers.get("if-match", "").strip('"')
        try:
            said = kept.change(self.path, address, body["value"], key=key, version=version, why=body.get("why", ""))
        except kept.Problem as problem:
            return Said(problem.status, {"error": {"message": problem.message, "lever_rev": before}})
        self._applied += kept.load(self.path)["rev"] != before
        return Said(200, said)


def move(path: Path, address: str, value: Any) -> None:
    """Change a lever as a colleague would."""
    kept.change(path, address, value, key="", version=kept.version_of(kept.load(path), address))
