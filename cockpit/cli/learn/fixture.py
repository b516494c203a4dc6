"""`cockpit fixture add|prove|waive|alert` and `cockpit close`: an incident becomes a proven eval case."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import print_json, print_json_list, say
from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.case_plain import to_plain
from cockpit.domain.cases import PROVEN, Case, CaseProof
from cockpit.domain.clock import WallClock
from cockpit.domain.traces import UNJUDGED, failing, judged
from cockpit.errors import BadInput, UnknownIncident

if TYPE_CHECKING:
    from cockpit.session.session import Session

ENDPOINT_SAMPLES = 5
"""How often each configuration of a real endpoint is asked where nobody says."""


def add(given: Namespace) -> int:
    """Make a trace a case: journalled, and written into the golden set."""
    from cockpit.archive.store import NAME
    from cockpit.golden import desk
    from cockpit.golden.files import write_case
    from cockpit.golden.keeping import keep_raw

    with _session(given, given.incident) as session:
        _is_free(given)
        trace = desk.trace_number(session, paths_of(given).data / NAME, given.trace)
        asked: dict[str, object] = {
            "trace": trace, "id": given.id, "line": given.line, "good": given.good, "class": given.incident_class,
            "expect": given.expect, "neighbours": given.neighbours, "hide": given.hide,
            "raw": given.raw,
        }  # fmt: skip
        desk.carried_out(session, "add_fixture", asked, settings_of(given).responder)
        case = desk.case_of(session.state.learning.fixtures[-1])
        evidence = keep_raw(session, case, paths_of(given).data)
        verdict = _verdict(session)
    file = write_case(Path(given.golden), case)
    if given.json:
        print_json({"case": case.id, "file": str(file), "evidence": str(evidence), "document": to_plain(case)})
        return 0
    say(f"{case.id} is written to {file}: look through it once for names that no list knows.")
    for check in case.checks:
        say(f"  {check.words}")
    if judged(verdict) and not failing(verdict):
        say(f"  its answer was judged {verdict}: is it the one that went wrong? --trace ID names another")
    say(f"  cockpit fixture prove {case.id}")
    return 0


def _verdict(session: Session) -> str:
    """Return how the answer was judged that the latest case was made of."""
    detail = session.world.trace(int(session.state.learning.fixtures[-1].trace), session.clock.now())
    return detail.row.verdict if detail else UNJUDGED


def _is_free(given: Namespace) -> None:
    """Raises BadInput where the case's file is another incident's."""
    from cockpit.golden.files import file_of, read_case

    file = file_of(Path(given.golden), given.id)
    if given.id and file.exists() and (there := read_case(file)).incident != given.incident:
        whose = there.incident or "another set"
        raise BadInput(f"{file} is a case of {whose} already", hint="Choose another --id, or another --golden.")


def prove(given: Namespace) -> int:
    """Prove one case, or every case of an incident; 1 when one is not proven."""
    if given.samples is not None and not 1 <= given.samples <= 2_000:
        raise BadInput(f"--samples {given.samples} is not from 1 to 2000")
    incident, named = _what_is_meant(given)
    cases = _by_files(given) if incident is None else _by_journal(given, incident, named)
    told = [_as_json(case) for case in cases]
    if given.json:
        print_json_list(told)
    else:
        for case in cases:
            assert case.proof is not None
            say(f"{case.id}: {case.proof.verdict}")
            say(f"  {case.proof.why}")
    return 0 if all(case.proof and case.proof.verdict == PROVEN for case in cases) else 1


def _what_is_meant(given: Namespace) -> tuple[str | None, str]:
    """Return the incident a proof belongs to, None where no journal knows it, and the case's id or an empty text."""
    from cockpit.golden.files import find_case

    try:
        with open_journal(given, read_only=True) as journal:
            known = {line.id for line in journal.incidents()}
    except UnknownIncident:
        known = set()
    if given.case in known:
        return given.case, ""
    case = find_case(Path(given.golden), given.case).case
    return (case.incident if case.incident in known else None), case.id


def _by_journal(given: Namespace, incident: str, named: str) -> list[Case]:
    """Prove in an incident's journal, and write what became of it into the golden set."""
    from cockpit.golden import desk
    from cockpit.golden.files import changed_by_hand, write_case

    with _session(given, incident) as session:
        fixtures = [one for one in session.state.learning.fixtures if named in ("", one.id)]
        if not fixtures:
            raise BadInput(
                f"{incident} has no case {named}".rstrip(), hint=f"cockpit fixture add {incident} --trace ID"
            )
        actor, folder = settings_of(given).responder, Path(given.golden)
        for one in fixtures:
            made = desk.case_of(one)
            changed = changed_by_hand(folder, made)
            asked = _asked(given, changed or made, simulated=session.state.simulated)
            if changed:
                asked["document"] = to_plain(replace(changed, proof=None))
            desk.carried_out(session, "prove_fixture", {"case": one.id, **asked}, actor)
        proven = [case for case in desk.cases_of(session.state) if named in ("", case.id)]
    for case in proven:
        write_case(folder, case)
    return proven


def _asked(given: Namespace, case: Case, *, simulated: bool) -> dict[str, object]:
    """Return what the action is told: in a drill how often, else what asking the endpoints showed."""
    if simulated:
        if given.endpoint:
            raise BadInput("a drill's cases are proven on the simulator", hint="Leave --endpoint out.")
        return {"samples": given.samples} if given.samples else {}
    return {"results": _results(given, case)}


def _results(given: Namespace, case: Case) -> dict[str, Any]:
    from cockpit.cli.learn.endpoints import sides_of
    from cockpit.golden.proof import ask_both

    return ask_both(case, sides_of(given, case), given.samples or ENDPOINT_SAMPLES)


def _by_files(given: Namespace) -> list[Case]:
    """Prove a case that came from elsewhere, or whose incident is kept elsewhere: only its file learns of it."""
    from cockpit.golden.files import ENDING, find_case, write_case
    from cockpit.session.proving import told

    kept = find_case(Path(given.golden), given.case)
    proof = told(_results(given, kept.case), WallClock().now())
    proven = replace(kept.case, proof=proof, **_how_often(proof))
    write_case(Path(given.golden) if not given.case.endswith(ENDING) else kept.file.parent, proven)
    return [proven]


def _how_often(proof: CaseProof) -> dict[str, Any]:
    from cockpit.domain.case_verdict import runs_needed

    if proof.verdict != PROVEN:
        return {}
    runs, least = runs_needed(proof.bad, proof.fixed)
    return {"runs": runs, "least": least}


def _as_json(case: Case) -> dict[str, Any]:
    proof = case.proof
    assert proof is not None
    rates = {
        name: {"passed": rate.passed, "of": rate.of, "interval": [round(edge, 4) for edge in rate.interval]}
        for name, rate in (("bad", proof.bad), ("fixed", proof.fixed), ("neighbours", proof.neighbours))
    }
    return {
        "case": case.id, "verdict": proof.verdict, "why": proof.why, "how": proof.how, **rates,
        "bad_config": proof.bad_config, "fixed_config": proof.fixed_config, "runs": case.runs, "least": case.least,
    }  # fmt: skip


def waive(given: Namespace) -> int:
    """Sign that something is left out."""
    asked: dict[str, object] = {"what": given.what, "reason": given.reason, "until": given.until}
    return _do(given, "waive_fixture", asked, f"{given.incident}: the {given.what} is waived; it stays visible")


def alert(given: Namespace) -> int:
    """Name the new alert."""
    asked: dict[str, object] = {"name": given.name, "rule": given.rule, "where": given.where, "case": given.case}
    return _do(given, "name_alert", asked, f"{given.incident}: {given.name} pages next time")


def close(given: Namespace) -> int:
    """Close the incident."""
    return _do(given, "close_incident", {}, f"{given.incident} is closed")


def _do(given: Namespace, action: str, asked: dict[str, object], words: str) -> int:
    from cockpit.golden import desk

    with _session(given, given.incident) as session:
        event = desk.carried_out(session, action, asked, settings_of(given).responder)
    if given.json:
        print_json({"incident": given.incident, "seq": event.seq, "kind": str(event.kind), **event.payload})
    else:
        say(words)
    return 0


@contextmanager
def _session(given: Namespace, incident: str) -> Iterator[Session]:
    from cockpit.cli.traces.known import known_of
    from cockpit.golden.desk import learning_session

    with (
        open_journal(given) as journal,
        learning_session(journal, incident, paths_of(given).data, lambda: known_of(given)) as session,
    ):
        yield session
