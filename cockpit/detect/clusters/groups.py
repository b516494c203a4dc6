"""Failing traces in groups by what failed, each with a name a person can route on and what its members share.

Grouping goes by the words of what came out, never by the facts: so what a group shares is news, and no circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cockpit.detect.clusters.cases import Case
from cockpit.detect.clusters.leader import Words, group_by_template, likeness, weights_of
from cockpit.detect.clusters.rates import Shared, corrected, differences
from cockpit.detect.clusters.topics import group_by_topic
from cockpit.detect.clusters.words import masked, plain, words_of
from cockpit.domain.events import iso
from cockpit.domain.text import clean

TEMPLATE, TOPIC, REST = "template", "topic", "rest"
"""How a group holds together: by one wording, by a topic only, or not at all."""
EXAMPLES, NAMING_WORDS, MOST_SHARED = 3, 4, 8
SOFT = 0.5
"""When more than this share fits no template, topics are looked for among them."""
NOT_COMPARED = ("session", "user")
"""Facts that say who was hit: nearly all of their values are seen once, and each would make the others less sure."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One group of failing traces.

    Attributes:
        name: words, verdict and the surest fact they share; safe to be drawn in one line.
        how: `template`, `topic` (softer), or `rest`: those that are like nothing else.
        verdict: the commonest; `verdicts` counts all of them.
        members: ids, in order of time; `examples` those most like the group.
        shared: what they share against the passing ones (or the other failing ones, where none passed).
    """

    name: str
    how: str
    words: tuple[str, ...]
    verdict: str
    verdicts: tuple[tuple[str, int], ...]
    size: int
    share: float
    first_seen: datetime
    last_seen: datetime
    examples: tuple[str, ...]
    members: tuple[str, ...]
    shared: tuple[Shared, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, without the ids of all members."""
        return {
            "name": self.name,
            "how": self.how,
            "words": list(self.words),
            "verdict": self.verdict,
            "verdicts": dict(self.verdicts),
            "size": self.size,
            "share": round(self.share, 4),
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "examples": list(self.examples),
            "shared": [one.to_json() for one in self.shared],
        }


@dataclass(frozen=True, slots=True)
class Clusters:
    """All groups, the largest first and the rest last.

    Attributes:
        against: what the shared facts are held against: `passing`, `other failing`, or empty for nothing.
        comparisons: how many were made, and corrected for.
    """

    clusters: tuple[Cluster, ...]
    failing: int
    passing: int
    against: str
    comparisons: int


def cluster(failing: Sequence[Case], passing: Sequence[Case] = ()) -> Clusters:
    """Group failing cases by what failed; the order in which they are given does not matter."""
    cases = sorted(failing, key=lambda one: (one.at, one.id))
    sets = [words_of(one) for one in cases]
    weights = weights_of(sets)
    groups, topics = _grouped(sets, weights)
    members = [
        [place for place, one in enumerate(groups) if one == number] for number in range(max(groups, default=-1) + 1)
    ]
    rest = [place for place, one in enumerate(groups) if one < 0]
    sharing = _all_shared(cases, [*members, rest], passing)
    comparisons = sum(len(found) for found in sharing)
    found: list[Cluster] = []
    for number, places in enumerate([*members, *([rest] if rest else [])]):
        how = REST if number == len(members) else TOPIC if number >= topics else TEMPLATE
        shared = [one for one in corrected(sharing[number], comparisons) if one.lift > 1][:MOST_SHARED]
        found.append(
            _described([cases[one] for one in places], [sets[one] for one in places], how, weights, shared, cases)
        )
    against = "passing" if passing else "other failing" if len(found) > 1 else ""
    return Clusters(tuple(_distinct(found)), len(cases), len(passing), against, comparisons)


def _grouped(sets: Sequence[Words], weights: dict[str, float]) -> tuple[list[int], int]:
    """Return the group of every text, and the number from which on groups are topics."""
    groups = group_by_template(sets, weights)
    topics = max(groups, default=-1) + 1
    left = [place for place, one in enumerate(groups) if one < 0]
    if len(left) > SOFT * len(sets):
        for place, topic in zip(left, group_by_topic([sets[one] for one in left], weights), strict=True):
            groups[place] = topics + topic if topic >= 0 else -1
    return groups, topics


def _all_shared(
    cases: Sequence[Case], groups: Sequence[Sequence[int]], passing: Sequence[Case]
) -> list[list[Shared]]:
    facts = [_compared(one) for one in cases]
    others = [_compared(one) for one in passing]
    found = []
    for places in groups:
        mine = set(places)
        against = others or [facts[one] for one in range(len(cases)) if one not in mine]
        found.append(differences([facts[one] for one in places], against) if against else [])
    return found


def _compared(case: Case) -> list[tuple[str, str]]:
    return [one for one in case.facts if one[0] not in NOT_COMPARED]


def _described(
    cases: Sequence[Case], sets: Sequence[Words], how: str, weights: dict[str, float], shared: Sequence[Shared],
    everything: Sequence[Case],
) -> Cluster:  # fmt: skip
    held = Counter(word for words in sets for word in words if word in weights)
    core = frozenset(word for word, n in held.items() if n >= 0.5 * len(sets)) or frozenset(held)
    near = sorted(
        range(len(cases)), key=lambda one: (-round(likeness(sets[one] & held.keys(), core, weights), 9), one)
    )
    words = () if how == REST else _telling(held, len(cases), weights, cases[near[0]].text)
    verdicts = Counter(one.verdict for one in cases if one.verdict)
    ranked = tuple(sorted(verdicts.items(), key=lambda one: (-one[1], one[0])))
    verdict = ranked[0][0] if ranked else ""
    return Cluster(
        _name(how, words, verdict, shared),
        how,
        words,
        verdict,
        ranked,
        len(cases),
        len(cases) / len(everything),
        cases[0].at,
        cases[-1].at,
        tuple(cases[one].id for one in near[:EXAMPLES]),
        tuple(one.id for one in cases),
        tuple(shared),
    )


def _telling(held: Counter[str], size: int, weights: dict[str, float], example: str) -> tuple[str, ...]:
    """Return the words that most of a group holds and few others do, in the order in which an example says them."""
    ranked = sorted(plain(held), key=lambda word: (-weights[word] * (held[word] / size) ** 2, word))[:NAMING_WORDS]
    said = list(masked(example))
    return tuple(sorted(ranked, key=lambda word: (said.index(word) if word in said else len(said), word)))


def _name(how: str, words: Sequence[str], verdict: str, shared: Sequence[Shared]) -> str:
    what = "like nothing else" if how == REST else " ".join(words) or "no words in common"
    sure = next((f"{one.fact} {one.value}" for one in shared if one.sure), "")
    parts = (("" if how == REST else verdict), what, sure)
    return " · ".join(clean(one, multiline=False, limit=60) for one in parts if one)


def _distinct(found: Sequence[Cluster]) -> list[Cluster]:
    """Number names that would be the same."""
    seen: Counter[str] = Counter()
    done = []
    for one in found:
        seen[one.name] += 1
        done.append(replace(one, name=f"{one.name} ({seen[one.name]})") if seen[one.name] > 1 else one)
    return done
