"""The OnCall API of Grafana IRM: alert groups, notes on them, and who is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.errors import Unreachable, Unsure
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import PageRef, Summons, Word
from cockpit_adapters.answers import part, tables, words
from cockpit_adapters.hosted import looked, segment
from cockpit_adapters.paging import said, summary

if TYPE_CHECKING:
    from cockpit.world.http import Line

LONGEST_TITLE = 250
OVER = "resolved"


class Groups:
    """What one token may do with alert groups."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def escalate(self, summons: Summons, kind: str, target: str, deadline: Deadline) -> Receipt:
        """Page a user or a team directly, unless that was done: the key stands in the message to be found by."""
        if there := looked(lambda: self._find(summons.key, deadline)):
            return Receipt(there, note="it was sent already")
        whom = {"users": [{"id": target, "important": True}]} if kind == "user" else {"team": target}
        told = {
            "title": summary(summons, LONGEST_TITLE), "message": said(summons.by, summons.text, summons.key), **whom,
        }  # fmt: skip
        group = self._line.ask("POST", "/api/v1/escalation/", deadline, json=told).table()
        return Receipt(part(group, "id", str), _web(group))

    def set_state(self, page: PageRef, verb: str, state: str, deadline: Deadline) -> Receipt:
        """Acknowledge or resolve a group that is neither so already nor over, and see that it is so then."""
        name = looked(lambda: self._name(page, deadline))
        group = looked(lambda: self._group(name, deadline))
        now = part(group, "state", str)
        if now in (state, OVER):
            return Receipt(name, _web(group), f"it was {now} already")
        self._line.ask("POST", f"/api/v1/alert_groups/{segment(name)}/{verb}", deadline)
        after = part(self._group(name, deadline), "state", str)
        if after not in (state, OVER):
            raise Unsure(f"Grafana IRM said yes, and the alert group is not {state}")
        return Receipt(name, _web(group))

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write a resolution note, unless one with the same mark is there."""
        name = looked(lambda: self._name(page, deadline))
        looked(lambda: self._group(name, deadline))
        notes = looked(lambda: self._results("/api/v1/resolution_notes/", deadline, alert_group_id=name))
        if there := next((one for one in notes if word.mark in words(one, "text")), None):
            return Receipt(words(there, "id"), note="it was written already")
        told = {"alert_group_id": name, "text": said(word.by, word.text, word.mark)}
        made = self._line.ask("POST", "/api/v1/resolution_notes/", deadline, json=told).table()
        return Receipt(part(made, "id", str))

    def on_call(self, schedule: str, deadline: Deadline) -> list[str]:
        """Return who is on call by a schedule: names, or ids where a user can't be read."""
        found = self._results("/api/v1/schedules/", deadline, name=schedule)
        ids = [one for row in found for one in row.get("on_call_now") or [] if isinstance(one, str)]
        return [words(self._user(one, deadline), "username") or one for one in dict.fromkeys(ids)]

    def reading(self, deadline: Deadline) -> str:
        """Say that alert groups can be read; raises WorldError when not."""
        part(self._line.read("/api/v1/alert_groups/", deadline, params={"perpage": "1"}).table(), "results", list)
        return "alert groups can be read"

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _name(self, page: PageRef, deadline: Deadline) -> str:
        name = page.id or self._find(page.key, deadline)
        if not name:
            raise Unreachable("Grafana IRM does not show the page yet, so nothing was asked of it")
        return name

    def _find(self, key: str, deadline: Deadline) -> str:
        """Return the group of the alert that holds a key, "" when there is none."""
        alerts = self._results("/api/v1/alerts/", deadline, search=key)
        return next((name for one in alerts if (name := words(one, "alert_group_id"))), "")

    def _group(self, name: str, deadline: Deadline) -> dict[str, Any]:
        return self._line.ask("GET", f"/api/v1/alert_groups/{segment(name)}/", deadline).table()

    def _results(self, path: str, deadline: Deadline, **asked: str) -> list[dict[str, Any]]:
        return tables(part(self._line.ask("GET", path, deadline, params=asked).table(), "results", list))

    def _user(self, name: str, deadline: Deadline) -> dict[str, Any]:
        return self._line.read(f"/api/v1/users/{segment(name)}/", deadline).table()


def _web(group: dict[str, Any]) -> str:
    return words(group.get("permalinks"), "web")
