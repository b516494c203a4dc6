"""The doctor: proves, without changing anything, that everything an incident will need is there and works."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import iso
from cockpit.domain.playbook import Playbook
from cockpit.errors import Unsure
from cockpit.live.doctor.channels import channel_findings
from cockpit.live.doctor.findings import Found, Grade, look_at_all
from cockpit.live.doctor.house import Database, house
from cockpit.live.doctor.levers import LeverLine, canary_look, ladder, lever_looks
from cockpit.live.doctor.news import news_looks
from cockpit.live.doctor.pagers import pager_findings
from cockpit.live.doctor.signals import signal_looks, signals_at_all
from cockpit.live.doctor.systems import check_looks, connect_looks
from cockpit.live.doctor.traces import trace_looks, traces_at_all
from cockpit.live.doctor.wire import Wire, probe_looks
from cockpit.live.history import Practice
from cockpit.live.preflight import on_paper, practised
from cockpit.world.fleet import Fleet, Member

if TYPE_CHECKING:
    from cockpit.intake.keys import Keys
    from cockpit.world.options import LiveOptions


LATE = Unsure("it could not be connected")


@dataclass(frozen=True, slots=True)
class Patient:
    """What the doctor looks at.

    Attributes:
        secret: turns a reference into the secret.
        practices: when each lever was last pulled on a real system.
        where: says where in the settings a path is written, as `file:line` or the name of a variable.
        journal, settings_file: files that are looked at; neither has to be there.
        trouble: why the journal can't be read or written, if so.
        database: what the journal's database is called and how it stands; None where the journal is a file.
        keys: which attributes of traces carry what, where the settings say so.
        senders: the systems whose alerts are taken in.
    """

    live: LiveOptions
    secret: Callable[[str], str]
    now: Callable[[], datetime]
    playbook: Playbook
    practices: Mapping[str, Practice]
    where: Callable[[tuple[str, ...]], str]
    journal: Path
    settings_file: Path
    trouble: str = ""
    database: Database | None = None
    keys: Keys | None = None
    senders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found, and every wired lever with how it stands."""

    findings: tuple[Found, ...]
    levers: tuple[LeverLine, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing is wrong."""
        return all(one.grade is not Grade.WRONG for one in self.findings)

    def count(self, grade: Grade) -> int:
        """Return how many findings have a grade."""
        return sum(one.grade is grade for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "ready": self.ready,
            "findings": [
                {"area": one.area, "subject": one.subject, "what": one.what, "verdict": str(one.grade),
                 "detail": one.detail, "next_step": one.next_step}
                for one in self.findings
            ],
            "levers": [_line(one) for one in self.levers],
        }  # fmt: skip


def diagnose(patient: Patient, tell: Callable[[str], None]) -> Diagnosis:
    """Look at everything; takes as long as the slowest system's deadlines. `tell` hears what has been looked at."""
    live = patient.live
    findings = house(patient.settings_file, patient.journal, patient.trouble, patient.database)
    members: dict[str, Member] = {}
    findings += look_at_all(connect_looks(live, patient.secret, patient.now, patient.where, members), tell)
    fleet = Fleet({name: members.get(name, Member(name, problem=LATE)) for name in live.systems})
    wire, lines = Wire(), dict[str, LeverLine]()
    try:
        looks = [*check_looks(fleet), *probe_looks(live, patient.secret, patient.now, wire)]
        looks += [*signal_looks(live, fleet), *news_looks(fleet, patient.now)]
        findings += look_at_all([*looks, *trace_looks(live, fleet, patient.now, patient.keys)], tell)
        findings += [*channel_findings(live, fleet), *pager_findings(live, fleet)]
        looks = [*lever_looks(live, fleet, wire, patient.where, lines), *canary_look(live, fleet)]
        findings += look_at_all(looks, tell)
    finally:
        fleet.close()
    findings += [
        *ladder(live, patient.playbook),
        *signals_at_all(live),
        *traces_at_all(live),
        *on_paper(live, patient.senders),
    ]
    findings += practised(live, patient.practices, patient.now())
    known = tuple(lines[name].since(patient.practices.get(name)) for name in live.levers if name in lines)
    return Diagnosis(_sorted(findings), known)


AREAS = ("settings", "journal", "systems", "levers", "canary", "wire", "signals", "traces", "changes", "providers",
         "channels", "pagers", "people", "alerts", "failures", "practice")  # fmt: skip
"""The order in which areas are told."""


def _sorted(findings: Sequence[Found]) -> tuple[Found, ...]:
    """Order findings by area, and those about one subject together, as they were found."""
    first: dict[tuple[str, str], int] = {}
    for place, one in enumerate(findings):
        first.setdefault((one.area, one.subject), place)
    return tuple(sorted(findings, key=lambda one: (AREAS.index(one.area), first[one.area, one.subject])))


def _line(one: LeverLine) -> dict[str, Any]:
    return {
        "lever": one.lever, "system": one.system, "address": one.address, "staging": one.staging,
        "current": one.current, "target": one.target,
        "practised_at": iso(one.practised_at) if one.practised_at else None,
        "stored_s": one.stored_s, "observed_s": one.observed_s,
    }  # fmt: skip
