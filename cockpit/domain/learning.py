"""What has been learnt of an incident: its cases, what watches for it now, and what was waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cockpit.domain.cases import PROVEN
from cockpit.domain.tickets import ItemTicket

FIXTURE, ALERT = "fixture", "alert"
WAIVABLE = (FIXTURE, ALERT)
"""What an incident needs before it is closed, and what may be waived."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """One case of an incident.

    Attributes:
        document: the whole of it as plain values; `hide` are further words that stand-ins stand
            for, `raw` whether there are none, because `actor` said so.
        verdict: empty until it was tried; `proof` what trying showed.
    """

    id: str
    at: datetime
    seq: int
    actor: str
    trace: str
    document: Mapping[str, Any]
    verdict: str = ""
    why: str = ""
    proof: Mapping[str, Any] = field(default_factory=dict)
    proof_seq: int = 0
    hide: tuple[str, ...] = ()
    raw: bool = False

    @property
    def proven(self) -> bool:
        """Whether it was seen to fail on the bad configuration and to pass on the fixed one."""
        return self.verdict == PROVEN


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody's signature that something is left out; `until` says when that is looked at again."""

    what: str
    reason: str
    actor: str
    at: datetime
    seq: int
    until: str = ""

    @property
    def words(self) -> str:
        """What is left out, why, who signed, and until when."""
        until = f", until {self.until}" if self.until else ""
        return f"{self.what}: {self.reason} (signed {self.actor}{until})"


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What pages somebody when it happens again; `rule` is how, `where` the system that holds it."""

    name: str
    rule: str
    at: datetime
    seq: int
    actor: str
    where: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Followup:
    """One thing that somebody took on to do by a date; `done_at` is None while it is open."""

    item: str
    text: str
    owner: str
    due: str
    at: datetime
    seq: int
    actor: str
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What is written about the incident: how many versions, the newest one's digest, and who signed it when."""

    versions: int = 0
    digest: str = ""
    edited_by: tuple[str, ...] = ()
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Learning:
    """Station 5 as it stands."""

    fixtures: tuple[Fixture, ...] = ()
    alerts: tuple[NewAlert, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    closed_at: datetime | None = None
    followups: tuple[Followup, ...] = ()
    written: Written = field(default_factory=Written)
    tickets: tuple[ItemTicket, ...] = ()

    def fixture(self, case: str) -> Fixture | None:
        """Find a case by its id."""
        return next((one for one in self.fixtures if one.id == case), None)

    def ticket(self, item: str, tracker: str) -> ItemTicket | None:
        """Find what became of an action item in a tracker."""
        return next((one for one in self.tickets if (one.item, one.tracker) == (item, tracker)), None)

    @property
    def proven(self) -> tuple[Fixture, ...]:
        """The cases that are proven."""
        return tuple(one for one in self.fixtures if one.proven)

    def followup(self, item: str) -> Followup | None:
        """Find an action item by its id."""
        return next((one for one in self.followups if one.item == item), None)

    def waived(self, what: str) -> Waiver | None:
        """Return the latest waiver of something."""
        return next((one for one in reversed(self.waivers) if one.what == what), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """What still keeps the incident from being closed."""
        has = {FIXTURE: bool(self.proven), ALERT: bool(self.alerts)}
        return tuple(what for what in WAIVABLE if not has[what] and not self.waived(what))

    @property
    def begun(self) -> bool:
        """Whether anything was learnt or waived."""
        return bool(self.fixtures or self.alerts or self.waivers or self.closed_at)
