"""`cockpit clusters`: failing traces in named groups, how far it reaches, and what speaks for each layer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, say
from cockpit.cli.places import paths_of
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.detect.clusters.cases import Case
    from cockpit.detect.clusters.groups import Cluster, Clusters
    from cockpit.detect.clusters.rates import Rate, Shared
    from cockpit.detect.clusters.scope import Layer, Scope
    from cockpit.domain.calls import CallTrace
    from cockpit.intake.files import Reading

NEWEST, MOST = 50_000, 1_000_000
"""Traces that are looked at by default, and at most."""
PORTION = 2_000
SHOWN, FACTS_SHOWN = 20, 3


def show(given: Namespace) -> int:
    """Print the groups of an incident's traces, of files, or of the archive; 2 when no file could be read."""
    from cockpit.detect.clusters.groups import cluster
    from cockpit.detect.clusters.scope import layers_of, scope_of
    from cockpit.intake.files import Reading

    if given.incident and given.files:
        raise BadInput("an incident and files can't be looked at together", hint="Leave out one of them.")
    if not 1 <= given.newest <= MOST:
        raise BadInput(f"--newest {given.newest} is not from 1 to {MOST}.")
    reading = Reading()
    cases = list(_cases(given, reading))
    found = cluster([one for one in cases if one.failed], [one for one in cases if not one.failed])
    scope, layers = scope_of(cases), layers_of(cases)
    if given.json:
        print_json(_as_json(cases, found, scope, layers, reading))
    else:
        _print(cases, found, scope, layers)
        for problem in reading.problems[:SHOWN]:
            complain(f"cockpit: {problem.place}: {problem.reason}")
    return 2 if given.files and not cases else 0


def _cases(given: Namespace, reading: Reading) -> Iterator[Case]:
    if given.incident:
        yield from _of_incident(given)
        return
    from cockpit.cli.traces.detect import thresholds, traces_of
    from cockpit.cli.traces.known import known_of
    from cockpit.detect.answer.signs import signs_of
    from cockpit.detect.clusters.cases import case_of, verdict_of

    lines, below, known = thresholds(given), _below(given.below), known_of(given)
    source = traces_of(given.files, given.map, reading) if given.files else _archived(given)
    for trace in islice(source, given.newest):
        yield case_of(trace, verdict_of(trace, signs_of(trace, known, lines), below))


def _of_incident(given: Namespace) -> Iterator[Case]:
    """Yield the newest rows of an incident's own traces; one that has none yet has no cases."""
    from cockpit.cli.places import open_journal
    from cockpit.detect.clusters.cases import case_of_row
    from cockpit.domain.traces import TraceFilter
    from cockpit.journal.traces.store import TraceStore

    path: Path = paths_of(given).traces(given.incident)
    with open_journal(given, read_only=True) as journal:
        journal.events(given.incident)  # says so where there is no such incident
    if not path.exists():
        return
    store, before, left = TraceStore.open(path, read_only=True), None, given.newest
    try:
        while left and (rows := store.page(TraceFilter(), before=before, limit=min(left, PORTION))):
            yield from map(case_of_row, rows)
            before, left = rows[-1].id, left - len(rows)
    finally:
        store.close()


def _archived(given: Namespace) -> Iterator[CallTrace]:
    """Yield the newest traces of the archive, with the verdict that was given them since."""
    from dataclasses import replace

    from cockpit.cli.traces.archive import open_archive
    from cockpit.domain.traces import judged

    with open_archive(given, read_only=True) as archive:
        for one in archive.walk(after=max(0, archive.last_row() - given.newest)):
            labels = {**one.trace.labels, "verdict": one.row.verdict} if judged(one.row.verdict) else one.trace.labels
            yield replace(one.trace, labels=labels)


def _below(told: list[str]) -> dict[str, float]:
    """Read `RUBRIC=NUMBER`."""
    found = {}
    for one in told:
        name, sign, number = one.partition("=")
        try:
            found[name] = float(number if name and sign else "-")
        except ValueError:
            raise BadInput(
                f"--below {one!r} is no rubric with a line", hint="For example --below grounding=0.5"
            ) from None
    return found


def _as_json(
    cases: list[Case], found: Clusters, scope: Scope, layers: tuple[Layer, ...], reading: Reading
) -> dict[str, Any]:
    return {
        "traces": len(cases),
        "failing": found.failing,
        "unjudged": sum(not one.verdict for one in cases),
        "against": found.against or None,
        "comparisons": found.comparisons,
        "clusters": [one.to_json() for one in found.clusters],
        "scope": scope.to_json(),
        "layers": [one.to_json() for one in layers],
        "unreadable": {
            "count": reading.unreadable,
            "problems": [{"place": one.place, "reason": one.reason} for one in reading.problems],
        },
    }


def _print(cases: list[Case], found: Clusters, scope: Scope, layers: tuple[Layer, ...]) -> None:
    if not cases:
        say("There are no traces to look at.")
        return
    unjudged = sum(not one.verdict for one in cases)
    say(f"{_told(scope.failing)} traces fail. {unjudged} have no verdict and count as sound.")
    if not found.failing:
        return
    if scope.since:
        say(
            f"Since {scope.since:%Y-%m-%d %H:%M:%S}: before {_told(scope.before)}, from then on {_told(scope.after)}."
        )
    elif scope.first_failing:
        say(f"First seen {scope.first_failing:%Y-%m-%d %H:%M:%S}; no clear rise in these traces.")
    _print_hit(scope)
    say()
    for one in found.clusters[:SHOWN]:
        _print_cluster(one, found.against)
    if len(found.clusters) > SHOWN:
        say(f"… and {len(found.clusters) - SHOWN} more; --json has all.")
    say("What speaks for each layer (where to look first, not what caused it):")
    for layer in layers:
        facts = [one for one in layer.facts if one.sure and one.lift > 1][:FACTS_SHOWN]
        say(f"  {layer.name:<10} {'; '.join(_fact(one, 'passing') for one in facts) or 'nothing that is sure'}")


def _print_hit(scope: Scope) -> None:
    counts = (("tenants", scope.tenants_hit), ("sessions", scope.sessions), ("users", scope.users))
    say("Hit: " + ", ".join(f"{name} {'not recorded' if n is None else n}" for name, n in counts) + ".")
    for one in scope.tenants[:FACTS_SHOWN]:
        say(f"  {one.tenant}: {_told(one.rate)}")


def _print_cluster(one: Cluster, against: str) -> None:
    soft = " (by topic: softer)" if one.how == "topic" else ""
    say(f"{one.size:>6}  {one.share:.0%}  {one.name}{soft}")
    seen = f"{one.first_seen:%Y-%m-%d %H:%M:%S} to {one.last_seen:%Y-%m-%d %H:%M:%S}"
    say(f"        {seen}, e.g. {', '.join(one.examples)}")
    for shared in [fact for fact in one.shared if fact.sure][:FACTS_SHOWN]:
        say(f"        {_fact(shared, against)}")


def _fact(one: Shared, against: str) -> str:
    low, high = one.interval
    lift = f"{low:.1f} to {high:.1f} times" if one.against.part else f"at least {low:.1f} times"
    return (
        f"{one.fact} {one.value}: {one.among.part} of {one.among.whole}, {against} {one.against.part} of "
        f"{one.against.whole}; {lift} as common"
    )


def _told(rate: Rate) -> str:
    low, high = rate.interval
    return f"{rate.part} of {rate.whole} ({rate.share:.1%}, {low:.1%} to {high:.1%})"
