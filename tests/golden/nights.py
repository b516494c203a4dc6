"""Drills whose worst trace is made a case, played once each and kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.events import Event
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, attach, begin
from cockpit.drill.script import Script, make_step
from cockpit.journal.log import Journal
from cockpit.session.session import Session
from tests.drill.runs import ACME, Steps

SEED = 7
INCIDENT = "INC-0001"
DONE = (
    ("audience", "team"),
    ("state", "resolved"),
    ("text", "Resolved. Nobody saw more. It is back. No more updates."),
)
OVER: Steps = (*ACME, ("28:00", "open_canary", (("percent", 5),)), ("49:00", "widen_canary", (("percent", 100),)),
               ("51:30", "post_update", DONE), ("52:00", "all_clear", ()))  # fmt: skip


@cache
def _played(scenario: str, steps: Steps | None) -> tempfile.TemporaryDirectory[str]:
    """Play a drill once and keep its journal; without steps, by the scenario's own best response."""
    script = Script("ada", tuple(make_step(at, do, dict(given)) for at, do, given in steps)) if steps else None
    folder = tempfile.TemporaryDirectory()
    journal = Journal.open(Path(folder.name) / "journal.db", clock=WallClock())
    play(journal, begin(journal, Setup(scenario=scenario, seed=SEED, responder="ada")), script)
    journal.close()
    return folder


def copied(folder: Path, scenario: str = "injection-leak", steps: Steps | None = OVER) -> Path:
    """Copy a played drill's journal into a folder."""
    shutil.copytree(_played(scenario, steps).name, folder, dirs_exist_ok=True)
    return folder


@contextmanager
def night(scenario: str = "injection-leak", steps: Steps | None = OVER) -> Iterator[Session]:
    """Hand out a session on a played drill, as somebody has who learns from it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(copied(Path(folder), scenario, steps) / "journal.db", clock=WallClock())
        try:
            yield session_on(journal, INCIDENT)
        finally:
            journal.close()


def session_on(journal: Journal, incident: str) -> Session:
    """Return a session on a drill, at the moment its journal stands at."""
    return attach(journal, incident, ManualClock(journal.events(incident)[0].at)).session


def failing_traces(session: Session, verdict: str = "leak") -> list[int]:
    """Return the traces that were told to be bad, oldest first."""
    page = session.state.page_at
    assert page is not None
    rows = session.world.traces(page - timedelta(minutes=10), page + timedelta(minutes=3))
    return [row.id for row in rows if row.verdict == verdict]


@cache
def learnt(scenario: str = "injection-leak") -> tuple[Event, ...]:
    """Play a drill, make its first bad trace a case, prove it, name an alert, close."""
    verdict = {"injection-leak": "leak", "silent-model-update": "wrong", "cost-runaway": "loop"}[scenario]
    with night(scenario, OVER if scenario == "injection-leak" else None) as session:
        trace = failing_traces(session, verdict)[0]
        done(session, ("add_fixture", {"trace": trace}), ("prove_fixture", {}))
        done(session, ("name_alert", {"name": "leaks", "rule": "any answer names another tenant"}))
        done(session, ("close_incident", {}))
        return tuple(session.log)


def done(session: Session, *acts: tuple[str, Mapping[str, object]]) -> list[str]:
    """Do things one after another and return why each was refused."""
    return [session.do(name, given, actor="ada").refused for name, given in acts]


def kinds(events: Iterable[Event]) -> list[str]:
    """Return what happened, in order."""
    return [str(event.kind) for event in events]
