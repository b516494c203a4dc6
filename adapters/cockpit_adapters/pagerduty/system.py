"""PagerDuty as a pager: what goes by events, and what by the REST API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import ACKNOWLEDGE, EVERYTHING, PAGE, RESOLVE, OnCall, PageRef, Summons, Word
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import understood
from cockpit_adapters.paging import TRY_IT, tame

if TYPE_CHECKING:
    from cockpit_adapters.pagerduty.events import Events
    from cockpit_adapters.pagerduty.rest import Rest

TARGET = re.compile(r"(?P<kind>policy|user):(?P<id>[A-Z0-9]{1,40})", re.ASCII)
SHAPES = "policy:PABC123 and user:PXYZ789"
NEXT_STEP = "Make a REST API key that may write (Integrations, API Access Keys), and name it as token."


class PagerDuty:
    """One account; implements `Pager`."""

    repeats = EVERYTHING
    """Keys are known again, states are looked at first, and notes carry a mark."""

    def __init__(self, events: Events | None, rest: Rest | None) -> None:
        self._events = events
        self._rest = rest

    @property
    def does(self) -> frozenset[str]:
        """What it can do with the keys it has."""
        by_event = frozenset({PAGE, ACKNOWLEDGE, RESOLVE}) if self._events else frozenset()
        by_rest = EVERYTHING - (frozenset() if self._rest and self._rest.service else {PAGE})
        return by_event | (by_rest if self._rest else frozenset())

    def target(self, text: str) -> str:
        """Understand `policy:ID` and `user:ID`; nothing is whom the service calls by itself."""
        if not text:
            return "the service's own escalation policy"
        understood(TARGET, text, SHAPES)
        return text

    def page(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Send an event, or open an incident where somebody is named."""
        told = tame(summons)
        if not summons.target:
            return self._by_events().trigger(told, deadline)
        kind, target = understood(TARGET, summons.target, SHAPES).group("kind", "id")
        rest = self._by_rest()
        if not rest.service:
            raise Refused("a page with a target takes a service", hint="Set service to its id in cockpit.toml.")
        return rest.open(told, kind, target, deadline)

    def acknowledge(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Acknowledge it as it was sent: by event, or by the REST API."""
        if self._sent_by_event(page):
            return self._by_events().tell("acknowledge", page.key, deadline)
        return self._by_rest().set_status(page, "acknowledged", deadline)

    def resolve(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Resolve it as it was sent."""
        if self._sent_by_event(page):
            return self._by_events().tell("resolve", page.key, deadline)
        return self._by_rest().set_status(page, "resolved", deadline)

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write a note on the incident."""
        return self._by_rest().note(page, word, deadline)

    def on_call(self, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Return who is on call; nobody without a REST API key."""
        if self._rest is None:
            return ()
        found = understood(TARGET, target, SHAPES) if target else None
        kind, name = found.group("kind", "id") if found else ("", "")
        return self._rest.on_call(kind, name, deadline)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find out what the keys may do; nobody is paged."""
        return list(self._findings(deadline))

    def close(self) -> None:
        """Let go of connections."""
        for one in (self._events, self._rest):
            if one:
                one.close()

    def _findings(self, deadline: Deadline) -> Iterator[Finding]:
        rest = self._rest
        if rest:
            yield tried("authorised", lambda: f"acts as {rest.who(deadline)}", NEXT_STEP)
            yield tried("incidents", lambda: rest.reading(deadline), NEXT_STEP)
            if rest.service:
                yield tried("service", lambda: rest.service_name(deadline), NEXT_STEP)
        if self._events:
            yield Finding("routing key", Verdict.WARNING, "only a page proves that it is known", TRY_IT)

    def _sent_by_event(self, page: PageRef) -> bool:
        return self._events is not None and page.sent and not page.id and not page.target

    def _by_events(self) -> Events:
        if self._events is None:
            raise Refused("a page without a target takes a routing key", hint="Name routing_key, or set a target.")
        return self._events

    def _by_rest(self) -> Rest:
        if self._rest is None:
            raise Refused("that takes a REST API key", hint="Name it as token, and a user's mail address as user.")
        return self._rest
