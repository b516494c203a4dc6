"""H6: what had to come before what, from the scenario and from the profile."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.drill.score import formulas
from cockpit.drill.score.case import SAME, Case
from cockpit.drill.score.model import PartScore
from cockpit.drill.score.scale import called_at, true_levels

_ALWAYS = (
    ("acknowledge", "pull_lever"),
    ("pull_lever", "contained"),
    ("contained", "verified"),
    ("verified", "all_clear"),
)
"""The order of the loop itself, for telling which pairs contradict each other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`before` has to come before `after`; a hard pair that is broken takes the whole part."""

    before: str
    after: str
    hard: bool = False


def order(case: Case) -> PartScore:
    """Score the share of pairs that were kept; a missing event breaks its pair, a broken hard pair leaves 0."""
    pairs = pairs_of(case)
    met = [_met(case, pair) for pair in pairs]
    broken = [pair for pair, kept in zip(pairs, met, strict=True) if not kept]
    value = 0.0 if any(pair.hard for pair in broken) else formulas.order(met)
    said = ", ".join(f"{pair.before} before {pair.after}{' (hard)' if pair.hard else ''}" for pair in broken)
    why = f"{sum(met)} of {len(met)} kept" + (f"; broken: {said}" if said else "")
    return PartScore(value, why, _seqs(case, pairs))


def pairs_of(case: Case) -> tuple[Pair, ...]:
    """Return the profile's pairs and those of the scenario that don't contradict them."""
    rules = case.profile.order_for(_severity(case))
    wanted = [Pair(SAME.get(one, one), SAME.get(other, other)) for one, other in rules]
    links = [(pair.before, pair.after) for pair in wanted]
    for one in case.scenario.order:
        pair = Pair(SAME.get(one.before, one.before), SAME.get(one.after, one.after), one.hard)
        same = next(
            (place for place, had in enumerate(wanted) if (had.before, had.after) == (pair.before, pair.after)), None
        )
        if same is not None:
            wanted[same] = Pair(pair.before, pair.after, pair.hard or wanted[same].hard)
        elif not _leads(pair.after, pair.before, [*links, *_ALWAYS]):
            wanted.append(pair)
    return tuple(wanted)


def _severity(case: Case) -> str:
    """Return the severity whose order rules hold: the true one, whatever it was called."""
    called = called_at(case, case.contained or case.end)
    true = [case.profile.scale[level] for level in true_levels(case)]
    return called if called in true else true[0]


def _leads(start: str, goal: str, links: list[tuple[str, str]]) -> bool:
    seen, todo = set[str](), [start]
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo += [after for before, after in links if before == name]
    return False


def _met(case: Case, pair: Pair) -> bool:
    before, after = case.first(pair.before), case.first(pair.after)
    if before is None or after is None:
        return False
    if 0 in (before.seq, after.seq):
        return before.at <= after.at
    return before.seq < after.seq


def _seqs(case: Case, pairs: tuple[Pair, ...]) -> tuple[int, ...]:
    moments = [case.first(name) for pair in pairs for name in (pair.before, pair.after)]
    return tuple(sorted({moment.seq for moment in moments if moment and moment.seq}))
