"""PagerDuty's REST API: incidents, their notes, and who is on call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused, Unreachable, Unsure
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import OnCall, PageRef, Summons, Word
from cockpit_adapters.answers import moment, part, tables, words
from cockpit_adapters.hosted import looked, segment
from cockpit_adapters.paging import said, summary

if TYPE_CHECKING:
    from cockpit.world.http import Line

LONGEST_TITLE = 250
REFERENCES = {"policy": "escalation_policy_reference", "user": "user_reference"}
OPEN = ("triggered", "acknowledged")


class Rest:
    """What one API key may do, in the name of one user."""

    def __init__(self, line: Line, user: str, service: str) -> None:
        self._line = line
        self.user = user
        self.service = service

    def open(self, summons: Summons, kind: str, target: str, deadline: Deadline) -> Receipt:
        """Open an incident that pages one user or policy, unless one of this key is open."""
        if there := looked(lambda: self._by_key(summons.key, deadline, OPEN)):
            return _receipt(there, "it was sent already")
        reference = {"id": target, "type": REFERENCES[kind]}
        whom = {"escalation_policy": reference} if kind == "policy" else {"assignments": [{"assignee": reference}]}
        incident = {
            "type": "incident", "title": summary(summons, LONGEST_TITLE), "incident_key": summons.key,
            "service": {"id": self.service, "type": "service_reference"},
            "body": {"type": "incident_body", "details": said(summons.by, summons.text)}, **whom,
        }  # fmt: skip
        answer = self._line.ask("POST", "/incidents", deadline, json={"incident": incident}, headers=self._from())
        return _receipt(part(answer.table(), "incident", dict))

    def set_status(self, page: PageRef, status: str, deadline: Deadline) -> Receipt:
        """Acknowledge or resolve an incident; one that is over, or so already, is left as it is."""
        incident = looked(lambda: self._incident(page, deadline))
        now = part(incident, "status", str)
        if now in (status, "resolved"):
            return _receipt(incident, f"it was {now} already")
        body = {"incident": {"type": "incident_reference", "status": status}}
        path = f"/incidents/{segment(part(incident, 'id', str))}"
        answer = self._line.ask("PUT", path, deadline, json=body, headers=self._from())
        changed = part(answer.table(), "incident", dict)
        if changed.get("status") != status:
            raise Unsure(f"PagerDuty said yes, and did not say {status}: {answer.beginning}")
        return _receipt(changed)

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write a note, unless one with the same mark is there."""
        incident = looked(lambda: self._incident(page, deadline))
        path = f"/incidents/{segment(part(incident, 'id', str))}/notes"
        notes = looked(lambda: part(self._line.ask("GET", path, deadline).table(), "notes", list))
        if there := next((one for one in tables(notes) if word.mark in words(one, "content")), None):
            return Receipt(words(there, "id"), words(incident, "html_url"), "it was written already")
        body = {"note": {"content": said(word.by, word.text, word.mark)}}
        answer = self._line.ask("POST", path, deadline, json=body, headers=self._from())
        return Receipt(part(part(answer.table(), "note", dict), "id", str), words(incident, "html_url"))

    def on_call(self, kind: str, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Return who is on call for a policy or is a user, or for the service's own policy."""
        policy = target if kind == "policy" else self._policy_of_service(deadline) if not kind else ""
        asked = {"escalation_policy_ids[]": policy} if policy else {"user_ids[]": target} if kind else {}
        answer = self._line.read("/oncalls", deadline, params={"earliest": "true", "limit": "100", **asked})
        return sorted(_on_calls(part(answer.table(), "oncalls", list)), key=lambda one: (one.level, one.who))

    def who(self, deadline: Deadline) -> str:
        """Return the name of the user that everything is from.

        Raises:
            Refused: nobody there has that address.
        """
        found = part(self._line.read("/users", deadline, params={"query": self.user}).table(), "users", list)
        mine = next((one for one in tables(found) if words(one, "email").lower() == self.user.lower()), None)
        if mine is None:
            raise Refused("no user of PagerDuty has the address of `user`", hint="Correct user in cockpit.toml.")
        return words(mine, "name")

    def reading(self, deadline: Deadline) -> str:
        """Say that incidents can be read; raises WorldError when not."""
        part(self._line.read("/incidents", deadline, params={"limit": "1"}).table(), "incidents", list)
        return "can be read"

    def service_name(self, deadline: Deadline) -> str:
        """Return what the service is called."""
        return words(self._service(deadline), "name")

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _from(self) -> dict[str, str]:
        return {"from": self.user}

    def _incident(self, page: PageRef, deadline: Deadline) -> dict[str, Any]:
        if page.id:
            return part(self._line.ask("GET", f"/incidents/{segment(page.id)}", deadline).table(), "incident", dict)
        found = self._by_key(page.key, deadline)
        if found is None:
            raise Unreachable("PagerDuty does not show the page yet, so nothing was asked of it")
        return found

    def _by_key(self, key: str, deadline: Deadline, statuses: Sequence[str] = ()) -> dict[str, Any] | None:
        asked: dict[str, Any] = {"incident_key": key, "statuses[]": list(statuses)}
        answer = self._line.ask("GET", "/incidents", deadline, params={k: v for k, v in asked.items() if v})
        return next(iter(tables(part(answer.table(), "incidents", list))), None)

    def _service(self, deadline: Deadline) -> dict[str, Any]:
        return part(self._line.read(f"/services/{segment(self.service)}", deadline).table(), "service", dict)

    def _policy_of_service(self, deadline: Deadline) -> str:
        return words(part(self._service(deadline), "escalation_policy", dict), "id") if self.service else ""


def _receipt(incident: dict[str, Any], note: str = "") -> Receipt:
    return Receipt(part(incident, "id", str), words(incident, "html_url"), note)


def _on_calls(rows: object) -> Iterator[OnCall]:
    for row in tables(rows):
        user, schedule, policy = (row.get(name) or {} for name in ("user", "schedule", "escalation_policy"))
        level = row.get("escalation_level")
        if who := words(user, "summary") or words(user, "name"):
            by = words(schedule, "summary") or words(policy, "summary")
            yield OnCall(who, level if isinstance(level, int) else 1, by, moment(row.get("end")))
