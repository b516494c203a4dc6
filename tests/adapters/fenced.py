"""A system as one would wish it: versions as preconditions, keys that make repeats harmless. And its adapter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cockpit.errors import BadInput, Moved
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
from cockpit.world.options import SystemOptions
from cockpit.world.specimen import Asked, Said, Specimen


class FencedFake:
    """One flag at /flag; a write is refused against an old `if-match`, and done once for each `idempotency-key`."""

    def __init__(self) -> None:
        self.value: Any = False
        self.version = 1
        self.applied = 0
        self.sayings: dict[str, Said] = {}

    def put(self, value: Any) -> None:
        """Write as a colleague does."""
        self.value, self.version = value, self.version + 1

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization"):
            return Said(401, {"error": "who are you?"})
        if asked.path == "/me":
            return Said(200, {"writes": True})
        if asked.path != "/flag":
            return Said(404, {"error": "no such thing"})
        return self._write(asked) if asked.method == "PUT" else Said(200, self._state())

    def _write(self, asked: Asked) -> Said:
        key = asked.headers.get("idempotency-key", "")
        if key in self.sayings:
            return self.sayings[key]
        if asked.headers.get("if-match", str(self.version)) != str(self.version):
            return Said(412, {"error": "it moved"})
        self.put(asked.json()["value"])
        self.applied += 1
        said = Said(200, self._state())
        if key:
            self.sayings[key] = said
        return said

    def _state(self) -> dict[str, Any]:
        return {"value": self.value, "version": str(self.version), "by": "somebody"}


class FencedSystem:
    """Speaks to it."""

    def __init__(self, options: SystemOptions, place: Place) -> None:
        from cockpit.world.http import Line

        token = place.secret(options.token)
        self._line = Line(options, {"authorization": f"Bearer {token}"}, secrets=(token,))

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask who we are."""
        writes = self._line.read("/me", deadline).table().get("writes")
        if writes:
            return (Finding("may write", Verdict.FINE),)
        return (Finding("may write", Verdict.WRONG, "the token only reads", "Ask for a token that may write."),)

    def control(self, address: str) -> Control:
        """Know one address."""
        if address != "flag":
            raise BadInput(f"{address}: no such control", hint="The only address is `flag`.")
        return Control("flag", Capability.FLAG, "the flag", "everybody", (0.0, 1.0), fenced=True)

    def parse(self, address: str, text: str) -> Value:
        """Understand on and off."""
        self.control(address)
        if text not in ("on", "off"):
            raise BadInput(f"{text}: write on or off")
        return text == "on"

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read the flag."""
        self.control(address)
        found = self._line.read("/flag", deadline).table()
        value, version = found.get("value"), found.get("version")
        if not isinstance(value, bool) or not isinstance(version, str):
            from cockpit.errors import Unsure

            raise Unsure("the flag's answer lacks value or version")
        return Reading(value, version, by=str(found.get("by", "")))

    def write(self, write: Write, deadline: Deadline) -> None:
        """Write the flag, under both fences."""
        self.control(write.address)
        headers = {"if-match": write.version, "idempotency-key": write.key}
        try:
            self._line.ask("PUT", "/flag", deadline, json={"value": write.value}, headers=headers)
        except Moved as problem:
            raise Moved(f"the flag was {json.dumps(write.before)} when planned: {problem}") from None

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Keep no history."""
        return ()

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Show on every answer."""
        return Expectation("header:x-flag", (json.dumps(value),))


class FencedAdapter:
    """Describes it."""

    name = "fenced"
    capabilities = frozenset({Capability.FLAG})
    tested = (Tested(How.REAL, "itself"),)
    options = SystemOptions

    def connect(self, options: SystemOptions, place: Place) -> FencedSystem:
        """Make one."""
        return FencedSystem(options, place)


SPECIMEN = Specimen(
    adapter="fenced",
    fake=FencedFake,
    options={"token": "env:SPECIMEN_TOKEN"},
    address="flag",
    first=False,
    want=True,
    text="on",
    elsewhere=lambda fake, value: fake.put(value),
    carries_version=True,
    bad_addresses=("", "flags", "flag:x"),
)
