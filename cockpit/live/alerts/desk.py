"""Where alerts go: onto the open incident they belong to, or into a new one that pages somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from cockpit.domain.alerts import FIRING, NEWS
from cockpit.domain.clock import Clock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState
from cockpit.errors import JournalConflict
from cockpit.intake.alerts.model import Alert
from cockpit.live.alerts.bell import page_of
from cockpit.live.alerts.ledger import Keeps, Ledger, Lock, Standing, alone
from cockpit.live.alerts.paged import TOGETHER, is_told, told

TRIES = 20
"""How often somebody else may write first before it is given up."""

Opener = Callable[[str, str], NewEvent]
"""Makes the first event of a live incident of a title and a service."""

RowsOf = Callable[[Sequence[str]], Sequence[int]]
"""Says where traces are in the archive, by their ids; those that are not there are left out."""


class Kin(Protocol):
    """What two alerts are compared by."""

    @property
    def source(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Kinship:
    """When two alerts on one service belong together.

    Attributes:
        window: how long after one the other may come.
        labels: what they must share where their sender does not group them; none: only the sender's groups count.
    """

    window: timedelta = timedelta(hours=1)
    labels: tuple[str, ...] = ("alertname",)

    def akin(self, one: Kin, other: Kin) -> bool:
        """Whether the sender groups two alerts, or they share the labels that count."""
        if one.group and (one.source, one.group) == (other.source, other.group):
            return True
        pairs = [(one.labels.get(label), other.labels.get(label)) for label in self.labels]
        return bool(pairs) and all(mine and mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the alerts of one body.

    Attributes:
        accepted: recorded; `opened` are the incidents that were opened for them, `joined` those they were added to.
        repeated: recorded before.
        ignored: about nothing that is open, and no reason to open anything.
    """

    accepted: int = 0
    repeated: int = 0
    ignored: int = 0
    opened: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """Alerts that go onto one incident, or into one that is still to be opened."""

    standing: Standing | None
    alerts: list[Alert] = field(default_factory=list)


class AlertDesk:
    """Places alerts, each delivery once, whoever else works on the same journal."""

    def __init__(
        self,
        journal: Keeps,
        lock: Lock,
        opener: Opener,
        clock: Clock,
        kinship: Kinship,
        rows_of: RowsOf = lambda ids: (),
    ) -> None:
        self._journal = journal
        self._rows_of = rows_of
        self._lock = lock
        self._opener = opener
        self._clock = clock
        self._kinship = kinship
        self._ledger = Ledger(journal)
        self._ledger.refresh()  # a long journal takes seconds the first time, and senders do not wait

    def place(self, alerts: Sequence[Alert]) -> Placed:
        """Record alerts that are new, all on the disk when this returns.

        Raises:
            JournalError: nothing can be written; what was written of them is known when they are sent again.
        """
        placed = Placed()
        with alone(self._lock):
            for turn in range(TRIES):
                batches, skipped = self._sort(alerts)
                placed = _together(placed, skipped) if turn else skipped
                try:
                    for batch in batches:
                        placed = self._write(batch, placed)
                    return placed
                except JournalConflict:
                    continue
        raise JournalConflict("somebody else writes to the incident without a pause", hint="Send it again.")

    def _sort(self, alerts: Sequence[Alert]) -> tuple[list[_Batch], Placed]:
        standings = self._ledger.refresh()
        batches: list[_Batch] = []
        repeated = ignored = 0
        taken: set[tuple[str, str]] = set()
        for alert in alerts:
            delivery = (alert.source, alert.delivery)
            if delivery in taken or _known(alert, standings):
                repeated += 1
                continue
            taken.add(delivery)
            batch = self._batch_for(alert, batches, [one for one in standings if not one.over])
            if batch is None:
                ignored += 1
            else:
                batch.alerts.append(alert)
        return batches, Placed(repeated=repeated, ignored=ignored)

    def _batch_for(self, alert: Alert, batches: list[_Batch], standings: Sequence[Standing]) -> _Batch | None:
        """Return where an alert goes; None where nowhere."""
        home = self._home(alert, standings)
        if home is not None:
            found = next((one for one in batches if one.standing is home), None)
        else:
            fresh = (one for one in batches if one.standing is None)
            found = next((one for one in fresh if self._fits(alert, one.alerts)), None)
        if found is None and (home is not None or alert.status == FIRING):
            found = _Batch(home)
            batches.append(found)
        return found

    def _home(self, alert: Alert, standings: Sequence[Standing]) -> Standing | None:
        """Find the open incident that an alert belongs to, the newest first."""
        holding = next((one for one in standings if alert.name in one.state.alerts), None)
        if holding is not None or alert.status not in (FIRING, NEWS):
            return holding
        same = [one for one in standings if one.state.service == alert.service]
        if alert.status == NEWS and not alert.group:
            return same[0] if same else None
        since = self._clock.now() - self._kinship.window
        kindred = (one for one in same if any(
            seen.last >= since and self._kinship.akin(alert, seen) for seen in one.state.alerts.values()
        ))  # fmt: skip
        paged = (one for one in same if _near(alert, one.paged))
        by_hand = (one for one in same if one.opened_by_hand_since(since))
        return next(kindred, None) or next(paged, None) or next(by_hand, None)

    def _fits(self, alert: Alert, others: Iterable[Alert]) -> bool:
        return any(
            alert.name == other.name
            or (
                alert.service == other.service and (self._kinship.akin(alert, other) or _near(alert, _noticed(other)))
            )
            for other in others
        )

    def _write(self, batch: _Batch, placed: Placed) -> Placed:
        now, count = self._clock.now(), placed.accepted + len(batch.alerts)
        lines = [received(alert.payload(), now, alert.source) for alert in batch.alerts]
        if batch.standing is not None:
            state = batch.standing.state
            lines += self._pages(batch)
            self._journal.append(state.incident, lines, expected_seq=state.last_seq)
            return replace(placed, accepted=count, joined=_with(placed.joined, state.incident))
        first = batch.alerts[0]
        opened = self._opener(first.title, first.service)
        by_alert = replace(
            opened, actor=first.source, source=Source.WORLD,
            payload={**opened.payload, "opened_by": first.source},
        )  # fmt: skip
        pages = self._pages(batch) or [page(first, now)]
        incident = self._journal.open_incident([by_alert, *pages, *lines])
        return replace(placed, accepted=count, opened=_with(placed.opened, incident))

    def _pages(self, batch: _Batch) -> list[NewEvent]:
        """Return what the detectors' own pages among some alerts tell beyond the alert: numbers, traces, change."""
        found = [one for one in map(page_of, batch.alerts) if one]
        if not found:
            return []  # nearly always: the incident's lines, which may be thousands, are not read for each alert
        state = batch.standing.state if batch.standing else IncidentState()
        events = self._journal.events(state.incident) if batch.standing else []
        news = [one for one in found if not is_told(one, events)]
        return [line for one in news for line in told(one, self._rows_of(one.evidence), state, self._clock.now())]


def _noticed(alert: Alert) -> list[datetime]:
    found = page_of(alert)
    return [found.at] if found else []


def _near(alert: Alert, paged: Iterable[datetime]) -> bool:
    """Whether an alert is a detector's page, and another one was noticed at about the same time."""
    return any(abs(one - at) < TOGETHER for at in _noticed(alert) for one in paged)


def received(payload: Mapping[str, Any], now: Any, source: str) -> NewEvent:
    """Make the line that says what an alert tells."""
    return NewEvent(Kind.ALERT_RECEIVED, now, source, Source.WORLD, payload)


def page(alert: Alert, now: Any) -> NewEvent:
    """Make the line that pages whoever is on call."""
    more = f" (pull the trace of session {alert.session})" if alert.session else ""
    text = f"{alert.title}{more}"
    payload = {"inject": "", "channel": "pager", "sender": alert.source, "text": text}
    return NewEvent(Kind.PAGED, now, alert.source, Source.WORLD, payload)


def _known(alert: Alert, standings: Iterable[Standing]) -> bool:
    delivery = (alert.source, alert.delivery)
    return any(delivery in one.deliveries and (alert.lasting or not one.over) for one in standings)


def _together(written: Placed, skipped: Placed) -> Placed:
    """Add what was written before somebody else was faster; sorted again, that counts as repeated."""
    return replace(written, repeated=skipped.repeated - written.accepted, ignored=skipped.ignored)


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, name)))
