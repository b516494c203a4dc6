"""`cockpit trainer compare`: teams that played the same nights, side by side."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal
from cockpit.domain.clock import mmss
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.detect.shadow.stats import Difference
    from cockpit.domain.events import Event
    from cockpit.drill.trainer.compare import Comparison, TeamRun

DECISIONS = ("severity", "diagnosis", "levers", "order", "comms")
"""Parts whose sentence tells what was decided."""


def show(given: Namespace) -> int:
    """Print runs of the same night side by side, and what the nights that two teams share say together."""
    from cockpit.drill.trainer.compare import compare

    runs = [run for said in given.runs or [""] for run in _runs(given, said)]
    if len(runs) < 2:
        raise BadInput("there is nothing to compare: name two runs or more", hint="Such as blue=drills/blue INC-0004")
    found = compare(runs)
    if given.json:
        print_json(found.as_json())
    else:
        _tell(found)
    return 0


def _runs(given: Namespace, said: str) -> Iterator[TeamRun]:
    """Read what one word of the command line names."""
    team, equals, run = said.rpartition("=")
    folder, incident = _place(run if equals else said)
    where = Namespace(**{**vars(given), **({"data": str(folder)} if folder else {})})
    with open_journal(where, read_only=True) as journal:
        wanted = [incident] if incident else [line.id for line in journal.incidents() if line.mode != "live"]
        for one in wanted:
            if run_of := _scored(journal.events(one), team, must=bool(incident)):
                yield run_of


def _place(run: str) -> tuple[Path | None, str]:
    """Tell a folder from an incident, and both from an incident in a folder."""
    if run and Path(run).is_dir():
        return Path(run), ""
    folder, slash, incident = run.rpartition("/")
    return (Path(folder), incident) if slash else (None, run)


def _scored(events: Sequence[Event], team: str, *, must: bool) -> TeamRun | None:
    """Score one run; of a whole folder, drills that still run are left out."""
    from cockpit.domain.incident import fold
    from cockpit.drill.score import score_run
    from cockpit.drill.trainer.compare import TeamRun

    if not must and not fold(events).ended:
        return None
    return TeamRun(team or str(events[0].get("responder") or "players"), score_run(events))


def _tell(found: Comparison) -> None:
    for runs in found.nights.values():
        first = runs[0].score
        say(f"{first.scenario}, seed {first.seed}, profile {first.profile}")
        table(("", *(f"{one.team} ({one.score.incident})" for one in runs)), _rows(runs))
        say()
        for one in runs:
            say(f"{one.team}:")
            for name in DECISIONS:
                say(f"  {name:<10} {one.score.parts[name].why}")
            for gate in one.score.gates:
                say(f"  capped     {gate.why}")
        say()
        if len(runs) == 1:
            say("Nobody else has played this night: nothing to hold it against.\n")
    _tell_differences(found)


def _rows(runs: Sequence[TeamRun]) -> Iterator[tuple[str, ...]]:
    from cockpit.drill.trainer.compare import STATIONS, TIMES, rated, stations

    scores = [one.score for one in runs]
    yield "total", *(f"{score.total:.0f} of 100" for score in scores)
    for name in STATIONS:
        yield name, *(rated(stations(score)[name]) for score in scores)
    for name in TIMES:
        yield name, *("-" if (at := score.times[name]) is None else mmss(at) for score in scores)
    yield "harm", *(f"{score.harm.yours.j:.0f} {score.harm.unit}" for score in scores)


def _tell_differences(found: Comparison) -> None:
    """Say what the nights that both have played show together, and nothing surer than that."""
    from cockpit.detect.shadow.stats import FEWEST

    if len(found.teams) != 2:
        return
    one, other = found.teams
    if found.pairs < FEWEST:
        nights = "one night" if found.pairs == 1 else f"{found.pairs} nights"
        say(f"{one} and {other} share {nights}; from {FEWEST} on it can be told whether one is better.")
        return
    say(f"{other} against {one}, over {found.pairs} nights that both have played:")
    table(("", "on average", "95 %", ""), [_difference(each) for each in found.differences])


def _difference(one: Difference) -> tuple[str, str, str, str]:
    low, high = one.interval or (0.0, 0.0)
    return (
        one.rubric,
        f"{one.difference:+.2f}",
        f"{low:+.2f} to {high:+.2f}",
        "sure" if one.sure else "may be chance",
    )
