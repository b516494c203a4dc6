"""Where the levers are: behind the proxy, or in their file on this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from cockpit.errors import Moved, Refused, Unauthorised, Unreachable, Unsure, WorldError
from cockpit.world.contract import Finding, Verdict
from cockpit_adapters.litellm_hook.hook import cockpit_levers_state as kept

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Write
    from cockpit.world.http import Line

COPY = "Copy cockpit_levers.py and cockpit_levers_state.py beside config.yaml; the README says how."


class Store(Protocol):
    """Reads and sets levers."""

    def levers(self, deadline: Deadline) -> dict[str, dict[str, Any]]:
        """Return every lever that was ever set: value, version, at, why, before."""
        ...

    def put(self, write: Write, version: str, deadline: Deadline) -> None:
        """Set one lever, once."""
        ...

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Tell whether levers can be read and set."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class HttpStore:
    """The levers behind the proxy."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def levers(self, deadline: Deadline) -> dict[str, dict[str, Any]]:
        """Ask the proxy, which reads its file."""
        found = self._line.read("/levers", deadline).table().get("levers")
        if not isinstance(found, dict) or not all(isinstance(entry, dict) for entry in found.values()):
            raise Unsure(f"{self._line.base}/levers is answered by something else than the hook")
        return found

    def put(self, write: Write, version: str, deadline: Deadline) -> None:
        """Ask the proxy to set it, with the version seen and the key of the change."""
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": write.key}
        body = {"value": write.value, "why": write.why}
        self._line.ask("PUT", f"/levers/{quote(write.address, safe='')}", deadline, json=body, headers=headers)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask with the key and without."""
        try:
            told = self._line.read("/levers", deadline).table()
        except Unauthorised as problem:
            step = "Use the proxy's master key, or the key of a proxy_admin where the proxy knows such."
            return [Finding("levers", Verdict.WRONG, problem.message, step)]
        except Refused as problem:
            return [Finding("levers", Verdict.WRONG, problem.message, COPY)]
        except WorldError as problem:
            return [Finding("levers", Verdict.WRONG, problem.message, "Check the address and the network.")]
        found = [
            Finding(
                "levers", Verdict.FINE, f"hook {told.get('hook')} answers at {self._line.base}; the key may write"
            )
        ]
        return [*found, self._locked(deadline), MASTER]

    def _locked(self, deadline: Deadline) -> Finding:
        try:
            self._line.read("/levers", deadline, headers={"Authorization": ""})
        except WorldError:
            return Finding("without a key", Verdict.FINE, "nobody gets in")
        step = "Set general_settings.master_key at the proxy: without one it serves everybody, levers and all."
        return Finding("without a key", Verdict.WRONG, "anybody may pull levers", step)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()


MASTER = Finding(
    "the key may more", Verdict.WARNING,
    "without a database LiteLLM knows one key only, the master key, which may do everything there",
    "Keep it in a keyring, or run the cockpit on the proxy's machine and use file instead of url.",
)  # fmt: skip


class FileStore:
    """The levers in their file on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def levers(self, deadline: Deadline) -> dict[str, dict[str, Any]]:
        """Read the file; none of it when it is not there."""
        if not self._path.parent.is_dir():
            raise Unreachable(f"there is no folder {self._path.parent}", hint="Correct file in cockpit.toml.")
        try:
            state = kept.load(self._path)
        except kept.Problem as problem:
            raise Unsure(
                f"{self._path}: {problem.message}", hint="Repair it, or remove it to take all back."
            ) from None
        return {one: {**entry, "version": kept.version_of(state, one)} for one, entry in state["levers"].items()}

    def put(self, write: Write, version: str, deadline: Deadline) -> None:
        """Replace the file whole, under its lock."""
        try:
            kept.change(self._path, write.address, write.value, key=write.key, version=version, why=write.why)
        except kept.Problem as problem:
            kind = Moved if problem.status == 412 else Refused
            raise kind(f"{self._path}: {problem.message}") from None

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Look whether it can be read and replaced."""
        try:
            count = len(self.levers(deadline))
        except WorldError as problem:
            return [Finding("levers", Verdict.WRONG, problem.message, problem.hint)]
        found = Finding("levers", Verdict.FINE, f"{self._path} can be read; {count} levers were set")
        if not os.access(self._path.parent, os.W_OK):
            step = f"Let the cockpit's user write there: chgrp and chmod g+w {self._path.parent}"
            return [found, Finding("writing", Verdict.WRONG, f"{self._path.parent} can't be written to", step)]
        detail = "the file can be replaced; that the proxy looks at this very file, only a probe can tell"
        return [found, Finding("writing", Verdict.FINE, detail)]

    def close(self) -> None:
        """Nothing is held open."""
