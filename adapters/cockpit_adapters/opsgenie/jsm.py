"""JSM Operations' own REST API: alerts are known by their ids alone, and an alias is looked up first."""

from __future__ import annotations

from typing import Any

from cockpit.world.contract import Deadline
from cockpit.world.contract_pager import PageRef
from cockpit_adapters.answers import part, tables, words
from cockpit_adapters.hosted import looked, segment
from cockpit_adapters.opsgenie.alerts import Alerts

PATH = "/v1/alerts"
NOT_THERE = ("user", "details")
"""What Opsgenie takes with an alert and this API does not."""


class JsmAlerts(Alerts):
    """The alerts of one site, as the account that the token belongs to may see them."""

    def create(self, alert: dict[str, Any], deadline: Deadline) -> str:
        """Create an alert and return its id; one of the same alias that is open is taken for it."""
        sent = {name: value for name, value in alert.items() if name not in NOT_THERE}
        sent["extraProperties"] = {**alert["details"], "sentBy": alert["user"]}
        if "responders" in alert:
            sent["responders"] = [_by_id(one) for one in alert["responders"]]
        return words(self._done(self._line.ask("POST", PATH, deadline, json=sent).table(), deadline), "alertId")

    def act(self, page: PageRef, action: str, body: dict[str, Any], deadline: Deadline) -> str:
        """Do something with an alert and return its id; only a note has a body."""
        name = page.id or looked(lambda: words(self.alert(page, deadline), "id"))
        path = f"{PATH}/{segment(name)}/{action}"
        sent: dict[str, Any] = {"json": {"note": body["note"]}} if "note" in body else {}
        answer = self._line.ask("POST", path, deadline, **sent).table()
        if sent and "requestId" not in answer:
            part(answer, "id", str)  # a note is there at once
        else:
            self._done(answer, deadline)
        return name

    def alert(self, page: PageRef, deadline: Deadline) -> dict[str, Any]:
        """Return an alert as it stands, told in the words of Opsgenie."""
        if page.id:
            found = self._line.ask("GET", f"{PATH}/{segment(page.id)}", deadline).table()
        else:
            found = self._line.ask("GET", f"{PATH}/alias", deadline, params={"alias": page.key}).table()
        part(found, "id", str)
        return {**found, "acknowledged": found.get("acknowledged") is True or words(found, "status") == "acked"}

    def notes(self, page: PageRef, deadline: Deadline) -> list[str]:
        """Return notes on an alert."""
        name = page.id or words(self.alert(page, deadline), "id")
        answer = self._line.ask("GET", f"{PATH}/{segment(name)}/notes", deadline, params={"size": "100"})
        return [words(one, "note") for one in tables(part(answer.table(), "values", list))]

    def reading(self, deadline: Deadline) -> str:
        """Say that alerts can be read; raises WorldError when not."""
        part(self._line.read(PATH, deadline, params={"size": "1"}).table(), "values", list)
        return "alerts can be read"

    def on_call(self, schedule: str, deadline: Deadline) -> list[str]:
        """Return the account ids of who is on call by a schedule, which is named by its id."""
        path, params = f"/v1/schedules/{segment(schedule)}/on-calls", {"flat": "true"}
        answer = self._line.read(path, deadline, params=params).table()
        if isinstance(users := answer.get("onCallUsers"), list) and users:
            return [one for one in users if isinstance(one, str)]
        people = tables(part(answer, "onCallParticipants", list))
        return [words(one, "id") for one in people if words(one, "type") in ("user", "")]

    def status(self, request: str, deadline: Deadline) -> dict[str, Any]:
        """Return what became of a request; raises Refused while that is not known."""
        return self._line.ask("GET", f"{PATH}/requests/{segment(request)}", deadline).table()


def _by_id(responder: dict[str, str]) -> dict[str, str]:
    name = responder.get("name") or responder.get("username", "")
    return {"type": responder["type"], "id": name}
