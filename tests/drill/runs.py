"""Drills played for the score's tests, once each and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, Source
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, begin
from cockpit.drill.score.case import Case, Opening, read_opening
from cockpit.drill.score.run import make_truth
from cockpit.drill.script import NOTHING, Script, make_step
from cockpit.journal.log import Journal
from cockpit.playbooks.loader import load_profile
from tests.domain.lines import PAGE, Lines

Steps = tuple[tuple[str, str, tuple[tuple[str, object], ...]], ...]

ACME: Steps = (
    ("00:20", "acknowledge", ()),
    ("00:40", "take_role", (("role", "ic"),)),
    ("02:00", "set_severity", (("severity", "SEV1"),)),
    ("02:20", "answer", (("question", "at_risk"), ("answer", "yes"))),
    ("03:00", "freeze_evidence", ()),
    ("04:00", "pull_lever", (("lever", "kill_switch"),)),
    (
        "05:00",
        "post_update",
        (
            ("audience", "team"),
            ("state", "monitoring"),
            (
                "text",
                "Mitigation applied, monitoring. Some users saw others' orders. Kill switch on. Next update 02:48.",
            ),
        ),
    ),
    ("10:00", "set_class", (("class", "pii_leak"),)),
    ("12:00", "set_layer", (("layer", "retrieval"),)),
)
"""The founding document's own night, as far as containment."""


@cache
def played(scenario: str, steps: Steps | None, seed: int = 7, profile: str = "default") -> tuple[Event, ...]:
    """Play a scenario: by steps, by its reference policy (None), or not at all (no steps)."""
    script: Script | None = NOTHING if steps == () else None
    if steps:
        script = Script("ada", tuple(make_step(at, do, dict(given)) for at, do, given in steps))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "journal.db", clock=WallClock())
        try:
            incident = begin(journal, Setup(scenario=scenario, seed=seed, profile=profile, responder="ada"))
            play(journal, incident, script)
            return tuple(journal.events(incident))
        finally:
            journal.close()


@cache
def laid_out(scenario: str, steps: Steps | None, seed: int = 7, profile: str = "default") -> Case:
    """Return a played run with its truth."""
    events = played(scenario, steps, seed, profile)
    opening = read_opening(events)
    return Case(events, opening, make_truth(opening))


Extra = tuple[float, Kind, Mapping[str, Any]]


def retold(
    case: Case,
    *,
    drop: Callable[[Event], bool] = lambda event: False,
    change: Mapping[Kind, Mapping[str, Any]] | None = None,
    move: Mapping[Kind, float] | None = None,
    add: Iterable[Extra] = (),
    profile: str = "",
) -> Case:
    """Return a run whose journal tells something else: lines dropped, changed, moved (s after the page) or added."""
    told: list[tuple[datetime, Kind, str, Mapping[str, Any], Source]] = [
        (
            PAGE + timedelta(seconds=(move or {})[event.kind]) if event.kind in (move or {}) else event.at,
            event.kind, event.actor, {**event.payload, **(change or {}).get(event.kind, {})}, event.source,
        )
        for event in case.events
        if not drop(event)
    ]  # fmt: skip
    told += [(PAGE + timedelta(seconds=at), kind, "ada", payload, Source.PERSON) for at, kind, payload in add]
    lines = Lines(case.events[0].incident)
    for at, kind, actor, payload, source in sorted(told, key=lambda line: line[0]):
        lines.write(at, kind, actor, payload, source)
    chosen = load_profile(profile) if profile else case.profile
    return Case(lines.events, Opening(case.scenario, chosen, case.seed), case.truth)
