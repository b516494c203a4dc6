"""Grafana IRM as a pager: what goes by an integration, and what by the OnCall API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import EVERYTHING, PAGE, RESOLVE, OnCall, PageRef, Summons, Word
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import understood
from cockpit_adapters.paging import TRY_IT, tame

if TYPE_CHECKING:
    from cockpit_adapters.grafana_irm.groups import Groups
    from cockpit_adapters.grafana_irm.integration import Integration

TARGET = re.compile(r"(?P<kind>team|user):(?P<id>[A-Za-z0-9._@-]{1,100})", re.ASCII)
SHAPES = "team:TI73TDU19W48J and user:U281SN24AVVJX"
NEXT_STEP = "Make an OnCall API key of a user (IRM, Settings, Admin & API), and name it as token."


class GrafanaIRM:
    """One stack; implements `Pager`."""

    repeats = EVERYTHING
    """Alerts are known by their key, states are looked at first, and notes carry a mark."""

    def __init__(self, integration: Integration | None, groups: Groups | None, schedule: str) -> None:
        self._integration = integration
        self._groups = groups
        self._schedule = schedule

    @property
    def does(self) -> frozenset[str]:
        """What it can do with the keys it has."""
        return EVERYTHING if self._groups else frozenset({PAGE, RESOLVE})

    def target(self, text: str) -> str:
        """Understand `team:ID` and `user:ID`; nothing is whom the integration's routes name."""
        if not text:
            return "whom the integration's routes name"
        understood(TARGET, text, SHAPES)
        return text

    def page(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Send an alert, or page somebody directly."""
        told = tame(summons)
        if not summons.target:
            return self._by_integration().alert(told, deadline)
        kind, target = understood(TARGET, summons.target, SHAPES).group("kind", "id")
        return self._by_api().escalate(told, kind, target, deadline)

    def acknowledge(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Acknowledge an alert group."""
        return self._by_api().set_state(page, "acknowledge", "acknowledged", deadline)

    def resolve(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Resolve an alert group; without a token, by saying that its alert is over."""
        if self._groups is None and page.sent and not page.id and not page.target:
            return self._by_integration().over(page.key, deadline)
        return self._by_api().set_state(page, "resolve", "resolved", deadline)

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write a resolution note."""
        return self._by_api().note(page, word, deadline)

    def on_call(self, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Return who is on call by the schedule; nobody where none is named, or somebody else is the target."""
        if self._groups is None or target or not self._schedule:
            return ()
        return [OnCall(one, by=self._schedule) for one in self._groups.on_call(self._schedule, deadline)]

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find out what the keys may do; nobody is paged."""
        return list(self._findings(deadline))

    def close(self) -> None:
        """Let go of connections."""
        for one in (self._integration, self._groups):
            if one:
                one.close()

    def _findings(self, deadline: Deadline) -> Iterator[Finding]:
        groups = self._groups
        if groups:
            yield tried("authorised", lambda: groups.reading(deadline), NEXT_STEP)
            if self._schedule:
                people = lambda: ", ".join(groups.on_call(self._schedule, deadline)) or "nobody"  # noqa: E731
                yield tried("on call", people, "Correct schedule in cockpit.toml.")
        if self._integration:
            yield Finding("integration", Verdict.WARNING, "only a page proves that its key is known", TRY_IT)

    def _by_integration(self) -> Integration:
        if self._integration is None:
            raise Refused(
                "a page without a target takes an integration", hint="Name integration_key, or set a target."
            )
        return self._integration

    def _by_api(self) -> Groups:
        if self._groups is None:
            raise Refused("that takes an OnCall API key", hint=NEXT_STEP)
        return self._groups
