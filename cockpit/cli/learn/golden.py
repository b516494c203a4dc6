"""`cockpit golden run|check|lint`: the golden set in CI, and what it could have done about an incident."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal, paths_of
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.domain.cases import Case
    from cockpit.golden.review import Review
    from cockpit.golden.running import Result
    from cockpit.session.session import Session


def run(given: Namespace) -> int:
    """Ask every case of the set; 1 when one fails."""
    from cockpit.cli.learn.endpoints import asker_of
    from cockpit.golden.files import chosen
    from cockpit.golden.running import run_set

    if given.runs is not None and not 1 <= given.runs <= 1_000:
        raise BadInput(f"--runs {given.runs} is not from 1 to 1000")
    cases = [kept.case for kept in chosen(Path(given.folder), given.case)]
    if not cases:
        raise BadInput(f"there is no case in {given.folder}", hint="A run without a case would pass for nothing.")
    results = run_set(asker_of(given), cases, runs=given.runs)
    failed = [one for one in results if not one.ok]
    if given.json:
        print_json({"cases": len(results), "failed": len(failed), "results": [one.as_json() for one in results]})
    else:
        _tell(results)
    return 1 if failed else 0


def _tell(results: list[Result]) -> None:
    table(
        ("case", "", "passed", "of", "what is wrong"),
        [
            (one.case.id, "ok" if one.ok else "FAILS", one.rate.passed, one.rate.of, _shortened("; ".join(one.wrong)))
            for one in results
        ],
    )
    failed = sum(not one.ok for one in results)
    say(f"{_counted(len(results))}, {failed} failed." if failed else f"{_counted(len(results))}, all pass.")


def _shortened(text: str, most: int = 100) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _counted(cases: int) -> str:
    return f"{cases} case{'' if cases == 1 else 's'}"


def check(given: Namespace) -> int:
    """Say which of the three answers holds for an incident, and what it asks for."""
    from cockpit.cli.traces.known import known_of
    from cockpit.golden.desk import cases_of, learning_session
    from cockpit.golden.files import FOLDER, read_set
    from cockpit.golden.review import review, there_before

    folder = Path(given.golden)
    if not folder.is_dir() and given.golden != FOLDER:
        raise BadInput(f"there is no golden set at {folder}", hint="Without --golden ./golden is asked.")
    golden = [kept.case for kept in read_set(folder)] if folder.is_dir() else []
    with (
        open_journal(given, read_only=True) as journal,
        learning_session(journal, given.incident, paths_of(given).data, lambda: known_of(given)) as session,
    ):
        kept = cases_of(session.state)
        bad = kept or _pinned(session)
        named = session.state.triage.incident_class or next((one.incident_class for one in bad), "")
        if not named or not bad:
            missing = "a class" if bad else "a case or a pinned trace"
            add = f"Pin what went wrong (x on the screen), or: cockpit fixture add {given.incident} --trace ID"
            raise BadInput(
                f"{given.incident} has not got {missing} yet, so nothing can be compared",
                hint="Name it: i on the screen." if bad else add,
            )
        before = there_before(golden, session.state, session.clock.now())
        found = review(given.incident, named, bad, before, session.playbook.profile, kept=bool(kept))
    if given.json:
        print_json({"incident": given.incident, **found.as_json()})
        return 0
    say(f"{given.incident}: {found.answer} ({found.incident_class}{f' on {found.route}' if found.route else ''})")
    for line in _told(found, given.incident, given.golden):
        say(f"  {line}")
    return 0


def _told(found: Review, incident: str, folder: str) -> Iterator[str]:
    """Write what was there before, what that asks for, and what to do now."""
    from cockpit.golden.review import next_steps

    if found.had:
        caught = f"caught by {', '.join(found.caught_by)}" if found.caught_by else "none of them catches it"
        yield f"There before, of this class and route: {', '.join(found.had)}; {caught}."
    else:
        yield "Nothing of this class and route was there before."
    if found.elsewhere:
        yield f"Of this class on other routes: {', '.join(found.elsewhere)}."
    yield found.asks
    if found.own_proven:
        yield f"Made of this incident, and proven: {', '.join(found.own_proven)}."
    yield from (f"→ {step}" for step in next_steps(found, incident, folder))


def _pinned(session: Session) -> list[Case]:
    """Return the pinned traces as cases that nobody keeps."""
    from cockpit.session.case_making import Around, Wanted, make_case
    from cockpit.session.learn import stand_in_key

    context = session.context("cockpit")
    around = Around(
        session.incident, stand_in_key(context), "cockpit", context.now, session.state.triage.incident_class
    )
    details = [session.world.trace(pin.trace, context.now) for pin in session.state.pins]
    return [make_case(session.world, one, Wanted(neighbours=0), around) for one in details if one is not None]


def lint(given: Namespace) -> int:
    """Read every case of the set."""
    from cockpit.golden.files import read_set

    kept = read_set(Path(given.folder))
    unproven = [one.case.id for one in kept if one.case.proof is None or one.case.proof.verdict != "proven"]
    if given.json:
        print_json({"cases": [one.case.id for one in kept], "not_proven": unproven})
        return 0
    say(f"{_counted(len(kept))}, all readable." + (f" Not proven: {', '.join(unproven)}." if unproven else ""))
    return 0
