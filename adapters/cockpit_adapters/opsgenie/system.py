"""Opsgenie as a pager: an alert is known by its alias, so a repeat wakes nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused, Unauthorised
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import EVERYTHING, NOTE, OnCall, PageRef, Summons, Word
from cockpit_adapters.answers import part, words
from cockpit_adapters.findings import attempt, tried
from cockpit_adapters.hosted import looked, understood
from cockpit_adapters.paging import TRY_IT, called, said, summary, tame

if TYPE_CHECKING:
    from cockpit_adapters.opsgenie.alerts import Alerts

TARGET = re.compile(r"(?P<kind>team|user|schedule|escalation):(?P<name>[^\x00-\x1f\x7f]{1,100})")
SHAPES = "team:Database, user:ada@example.com, schedule:Nights and escalation:Assistants"
LONGEST_MESSAGE = 130
PRIORITIES = ("P1", "P1", "P2", "P3", "P4", "P5")
"""By how bad the incident is: SEV0 and SEV1 first."""

NEXT_STEP = "Make an API integration that may read, create and update, and name its key as token."
NOBODY = "00000000-0000-0000-0000-000000000000"


class Opsgenie:
    """One account; implements `Pager`."""

    does = EVERYTHING

    def __init__(self, alerts: Alerts, *, reads: bool, schedule: str) -> None:
        self._alerts = alerts
        self._reads = reads
        self._schedule = schedule

    @property
    def repeats(self) -> frozenset[str]:
        """All but a note where notes can't be read to find one again."""
        return EVERYTHING if self._reads else EVERYTHING - {NOTE}

    def target(self, text: str) -> str:
        """Understand whom an alert is for; nothing is whom the integration's own rules name."""
        if not text:
            return "whom the integration's own rules name"
        understood(TARGET, text, SHAPES)
        return text

    def page(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Create an alert for one responder, or for whom the integration names."""
        told = tame(summons)
        alert: dict[str, Any] = {
            "message": summary(told, LONGEST_MESSAGE), "alias": summons.key, "description": said(told.by, told.text),
            "details": {"incident": told.incident}, "priority": called(told.severity, PRIORITIES),
            "user": told.by, "source": "cockpit",
        }  # fmt: skip
        if told.service:
            alert["entity"] = told.service
        if summons.target:
            alert["responders"] = [_responder(*understood(TARGET, summons.target, SHAPES).group("kind", "name"))]
        return Receipt(self._alerts.create(alert, deadline))

    def acknowledge(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Acknowledge an alert, unless it is acknowledged or closed."""
        return self._unless(
            lambda alert: "acknowledged" if alert.get("acknowledged") is True else _closed(alert),
            "acknowledge", page, word, deadline,
        )  # fmt: skip

    def resolve(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Close an alert, unless it is closed."""
        return self._unless(_closed, "close", page, word, deadline)

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write a note, unless one with the same mark is there."""
        if self._reads:
            notes = looked(lambda: self._alerts.notes(page, deadline))
            if any(word.mark in one for one in notes):
                return Receipt(page.id, note="it was written already")
        body = {**_author(word), "note": said(word.by, word.text, word.mark)}
        return Receipt(self._alerts.act(page, "notes", body, deadline))

    def on_call(self, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Return who is on call by the schedule that is named; nobody where none is, or none can be read."""
        kind, name = understood(TARGET, target, SHAPES).group("kind", "name") if target else ("", "")
        schedule = name if kind == "schedule" else "" if target else self._schedule
        if not (schedule and self._reads):
            return ()
        return [OnCall(one, by=schedule) for one in self._alerts.on_call(schedule, deadline)]

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find out whether the key is known; nobody is paged."""
        if not self._reads:
            return [attempt("key", NEXT_STEP, lambda: self._known(deadline))]
        found = [tried("authorised", lambda: self._alerts.reading(deadline), NEXT_STEP)]
        if self._schedule:
            people = lambda: ", ".join(one.who for one in self.on_call("", deadline)) or "nobody"  # noqa: E731
            found.append(tried("on call", people, "Correct schedule in cockpit.toml."))
        return found

    def close(self) -> None:
        """Let go of connections."""
        self._alerts.close()

    def _unless(
        self, so: Callable[[dict[str, Any]], str], action: str, page: PageRef, word: Word, deadline: Deadline
    ) -> Receipt:
        if self._reads:
            alert = looked(lambda: self._alerts.alert(page, deadline))
            if now := so(alert):
                return Receipt(part(alert, "id", str), note=f"it was {now} already")
        return Receipt(self._alerts.act(page, action, _author(word), deadline))

    def _known(self, deadline: Deadline) -> Finding:
        """Ask for a request that nobody made: a key that is known is told that there is none."""
        try:
            self._alerts.status(NOBODY, deadline)
        except Unauthorised as problem:
            return Finding("key", Verdict.WRONG, problem.message, NEXT_STEP)
        except Refused:
            pass
        return Finding("key", Verdict.WARNING, "somebody answers; only a page proves that it is taken", TRY_IT)


def _responder(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "username" if kind == "user" else "name": name}


def _closed(alert: dict[str, Any]) -> str:
    return "closed" if words(alert, "status") == "closed" else ""


def _author(word: Word) -> dict[str, Any]:
    from cockpit.domain.text import clean

    return {"user": clean(word.by, multiline=False, limit=100), "source": "cockpit"}
