"""Opsgenie's alert API: a write is only taken, and what became of it is asked for by the id of the request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused, Unsure, WorldError
from cockpit.world import http
from cockpit.world.contract import Deadline
from cockpit.world.contract_pager import PageRef
from cockpit.world.http import excerpt
from cockpit_adapters.answers import part, tables, words
from cockpit_adapters.hosted import segment

if TYPE_CHECKING:
    from cockpit.world.http import Line

PATH = "/v2/alerts"
LONGEST_PAUSE_S = 1.0


class Alerts:
    """The alerts of one account, or of one integration."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def create(self, alert: dict[str, Any], deadline: Deadline) -> str:
        """Create an alert and return its id; one of the same alias that is open is taken for it.

        Raises:
            Unsure: it was taken, and nobody knows yet what became of it.
        """
        return words(self._done(self._line.ask("POST", PATH, deadline, json=alert).table(), deadline), "alertId")

    def act(self, page: PageRef, action: str, body: dict[str, Any], deadline: Deadline) -> str:
        """Do something with an alert and return its id."""
        path, params = f"{_path(page)}/{action}", _kind(page)
        answer = self._line.ask("POST", path, deadline, json=body, params=params)
        return words(self._done(answer.table(), deadline), "alertId")

    def alert(self, page: PageRef, deadline: Deadline) -> dict[str, Any]:
        """Return an alert as it stands."""
        return part(self._line.ask("GET", _path(page), deadline, params=_kind(page)).table(), "data", dict)

    def notes(self, page: PageRef, deadline: Deadline) -> list[str]:
        """Return the latest notes on an alert."""
        params = {**_kind(page), "order": "desc", "limit": "100"}
        answer = self._line.ask("GET", f"{_path(page)}/notes", deadline, params=params)
        return [words(one, "note") for one in tables(part(answer.table(), "data", list))]

    def reading(self, deadline: Deadline) -> str:
        """Say that alerts can be read; raises WorldError when not."""
        part(self._line.read(PATH, deadline, params={"limit": "1"}).table(), "data", list)
        return "alerts can be read"

    def on_call(self, schedule: str, deadline: Deadline) -> list[str]:
        """Return who is on call by a schedule."""
        params = {"scheduleIdentifierType": "name", "flat": "true"}
        answer = self._line.read(f"/v2/schedules/{segment(schedule)}/on-calls", deadline, params=params)
        people = part(part(answer.table(), "data", dict), "onCallRecipients", list)
        return [one for one in people if isinstance(one, str)]

    def status(self, request: str, deadline: Deadline) -> dict[str, Any]:
        """Return what became of a request; raises Refused while that is not known."""
        return part(self._line.ask("GET", f"{PATH}/requests/{segment(request)}", deadline).table(), "data", dict)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _done(self, taken: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        """Ask for what became of a request until it is known."""
        request, pause, why = part(taken, "requestId", str), http.PAUSE_S, "nobody said"
        while pause < deadline.left():
            time.sleep(pause)
            pause = min(2 * pause, max(LONGEST_PAUSE_S, http.PAUSE_S))
            try:
                found = self.status(request, deadline)
            except WorldError as problem:  # 404 until it is processed
                why = problem.message
                continue
            if found.get("isSuccess") is True:
                return found
            if found.get("isSuccess") is False:
                raise Refused(f"Opsgenie said {excerpt(words(found, 'status') or 'no', 120)}")
        raise Unsure(f"Opsgenie took it, and does not say yet what became of it: {why}")


def _path(page: PageRef) -> str:
    return f"{PATH}/{segment(page.id or page.key)}"


def _kind(page: PageRef) -> dict[str, str]:
    return {"identifierType": "id" if page.id else "alias"}
