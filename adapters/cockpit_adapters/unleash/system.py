"""One project of one Unleash server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import (
    Capability,
    Control,
    Deadline,
    Expectation,
    Finding,
    Place,
    Reading,
    Value,
    Version,
    Write,
)
from cockpit.world.http import Line
from cockpit.world.port import Change
from cockpit_adapters.unleash.checks import findings
from cockpit_adapters.unleash.feature import environment_of, path_of
from cockpit_adapters.unleash.history import change, moment, versions
from cockpit_adapters.unleash.state import BEFORE, FlagState, Where, patch, patch_back, rollout, where
from cockpit_adapters.values import flag_or_share

if TYPE_CHECKING:
    from cockpit_adapters.unleash import UnleashOptions

EFFECT_S = (1.0, 16.0)
"""Measured: 1 s until the server hands a change to SDKs, and they ask every 15 s unless told otherwise."""

PAGE, PAGES = 100, 50
"""Events are read by pages of so many; no more than so many pages."""


class UnleashSystem:
    """Flags, shares and the event log of one project."""

    def __init__(self, options: UnleashOptions, place: Place) -> None:
        if not options.project or {"/", "?", "#", "%"} & set(options.project) or options.project in (".", ".."):
            raise BadInput(f"{place.name}: {options.project!r} is no project", hint='Write project = "default".')
        token = place.secret(options.token)
        if not token:
            raise BadInput(f"{place.name} has no token", hint='Add a line: token = "env:UNLEASH_TOKEN"')
        self._project = options.project
        self._line = Line(options, {"authorization": token}, secrets=(token,))

    def close(self) -> None:
        """Let go of the client."""
        self._line.close()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that it answers, and say what the token may do."""
        return findings(self._line, self._project, deadline)

    def control(self, address: str) -> Control:
        """Understand an address, without asking the system."""
        at = where(address)
        share = at.kind == "share"
        return Control(
            address=address,
            capability=Capability.CANARY if share else Capability.FLAG,
            what=f"{'the share of users that get' if share else 'whether users get'} {at.words}",
            reach=f"everybody whose application asks for {at.flag} in {at.environment}",
            effect_s=EFFECT_S,
            leaves="applications whose SDK is cut off from Unleash keep the last value they saw",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn `on`, `off` or a percentage into a value."""
        return flag_or_share(where(address).kind, text)

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read a flag and who touched it last."""
        state = self._state(where(address), deadline)
        newest = state.events[0] if state.events else None
        return Reading(
            value=state.value(),
            version=state.version(),
            shown=state.shown(),
            by=str(newest.get("createdBy") or "") if newest else "",
            at=moment(newest) if newest else None,
        )

    def write(self, write: Write, deadline: Deadline) -> None:
        """Turn a flag, or set a share: the rollout first while the flag is off, so that nobody sees the old one."""
        at = where(write.address)
        wanted = _checked(at, write.value)
        state = self._state(at, deadline)
        if state.value() == wanted and not (wanted == 0 and _noted(state)):
            return
        if write.version and state.version() != write.version:
            raise Moved(f"{at.words} was {_words(write.before)} when this was planned, it is {state.shown()} now")
        if at.kind == "flag":
            self._switch(state, bool(wanted), deadline)
        else:
            self._set_share(state, int(wanted), deadline)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the values it had, as the event log tells them."""
        at = where(address)
        state = self._state(at, deadline)
        return versions(at, self._events(_asking(at), deadline), state.value())

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Nothing: what an answer carries is up to the application; see `proof` in the page of this adapter."""
        where(address)
        return None

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what happened to the flags of the project since a moment, newest first."""
        asking = {"project": f"IS:{self._project}", "from": f"IS:{since.date().isoformat()}"}
        events = self._events(asking, deadline, since)
        return [change(event) for event in events if event.get("featureName")]

    def _state(self, at: Where, deadline: Deadline) -> FlagState:
        # The events come first: a change in between makes the version too old, which is found out; never too new.
        events = self._page({**_asking(at), "limit": PAGE, "offset": 0}, deadline)
        found = environment_of(self._line, self._project, at, deadline)
        enabled, strategies = found.get("enabled"), found.get("strategies")
        if not isinstance(enabled, bool) or not isinstance(strategies, list):
            raise Unsure(f"Unleash did not say whether {at.words} is on")
        return FlagState(at, enabled, [one for one in strategies if isinstance(one, dict)], events)

    def _path(self, at: Where) -> str:
        return f"{path_of(self._project, at)}/environments/{at.environment}"

    def _switch(self, state: FlagState, on: bool, deadline: Deadline) -> None:
        if on and not state.active:
            raise Refused(
                f"{state.at.words} has no active strategy: turned on, Unleash would open it to everybody by itself",
                hint="Add the strategy you want in Unleash, then turn it on.",
            )
        self._line.ask("POST", f"{self._path(state.at)}/{'on' if on else 'off'}", deadline)

    def _set_share(self, state: FlagState, share: int, deadline: Deadline) -> None:
        strategy = state.only()
        if not share:
            if state.enabled:
                self._switch(state, False, deadline)
            self._patch(state.at, strategy, patch_back(strategy), deadline)
            return
        if rollout(strategy) != share or not state.enabled:
            self._patch(state.at, strategy, patch(strategy, share, was_off=not state.enabled), deadline)
        if not state.enabled:
            self._switch(state, True, deadline)

    def _patch(self, at: Where, strategy: Any, steps: list[dict[str, str]], deadline: Deadline) -> None:
        if not steps:
            return
        try:
            self._line.ask("PATCH", f"{self._path(at)}/strategies/{strategy['id']}", deadline, json=steps)
        except Unsure as problem:
            # Unleash answers a failed test of a JSON Patch with 500, having changed nothing.
            if "Test operation failed" in problem.message:
                raise Moved(f"somebody else changed the rollout of {at.words} just now") from None
            raise

    def _events(
        self, asking: dict[str, Any], deadline: Deadline, since: datetime | None = None
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number in range(PAGES):
            page = self._page({**asking, "limit": PAGE, "offset": number * PAGE}, deadline)
            found += [event for event in page if since is None or moment(event) >= since]
            if len(page) < PAGE or (since is not None and moment(page[-1]) < since):
                break
        return found

    def _page(self, asking: dict[str, Any], deadline: Deadline) -> list[dict[str, Any]]:
        events = self._line.read("/api/admin/search/events", deadline, params=asking).table().get("events")
        if not isinstance(events, list) or not all(isinstance(one, dict) and "id" in one for one in events):
            raise Unsure("Unleash's event log came without its events")
        return events


def _asking(at: Where) -> dict[str, Any]:
    return {"feature": f"IS:{at.flag}", "environment": f"IS:{at.environment}"}


def _noted(state: FlagState) -> bool:
    """Whether an ended canary still has to put its rollout back."""
    return state.at.kind == "share" and not state.enabled and BEFORE in (state.only().get("parameters") or {})


def _checked(at: Where, value: Value) -> bool | int:
    if at.kind == "flag" and isinstance(value, bool):
        return value
    if at.kind == "share" and isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return flag_or_share(at.kind, str(int(value)))
    raise BadInput(f"{value!r} is nothing {at.kind}:{at.flag} can be")


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "unknown" if value is None else f"{value} %"
