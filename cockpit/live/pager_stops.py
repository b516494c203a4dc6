"""Pagers as cockpit.toml wires them: what the journal asks of each, and how one thing of it is done."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.deliveries import Delivery, Stage
from cockpit.domain.events import Kind
from cockpit.domain.pages import PAGER_KINDS, PageSeen, PageWord, errand_of, parts_of, sent_by
from cockpit.errors import BadInput, Refused, Unsure, WorldError
from cockpit.live.outlets import LATE_S, Job, Matter
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import ACKNOWLEDGE, NOTE, PAGE, RESOLVE, Pager, PageRef, Summons, Word
from cockpit.world.fleet import Fleet
from cockpit.world.intime import in_time

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

ERRANDS = frozenset({PAGE, ACKNOWLEDGE, NOTE, RESOLVE})
"""What a pager is asked for."""

_SHORTENED = re.compile(r"[0-9a-f]{32}|")
"""A group's key that was too long to be kept, or is missing: what its pager calls it can't be told."""


@dataclass(frozen=True, slots=True)
class PagerStop:
    """One table `[pagers.NAME]`; without a pager, `problem` says why there is none."""

    name: str
    pager: Pager | None
    target: str = ""
    sources: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset({"team"})
    deadline_s: float = 5.0
    problem: str = ""
    hint: str = ""
    _made: dict[tuple[str, int, str], tuple[tuple[Job, PageSeen], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def usable(self) -> bool:
        """Whether there is a pager."""
        return self.pager is not None

    @property
    def wait_s(self) -> float:
        """How long after its beginning a try is over, in seconds."""
        return self.deadline_s + LATE_S

    @property
    def stale(self) -> str:
        """What is said of something that is an hour old."""
        return "it could not be asked for within an hour: do it there by hand, or ask again"

    @property
    def expires(self) -> bool:
        """Always: nobody is woken for what was an hour ago."""
        return True

    def owns(self, channel: str) -> bool:
        """Whether a delivery was an errand to this pager."""
        pager, what, _ = parts_of(channel)
        return what in ERRANDS and pager == self.name

    def jobs(self, matter: Matter) -> Iterator[Job]:
        """Yield what its pages are to be told; a page that was never sent is told nothing more."""
        for word in matter.state.page_words:
            for job, page in self._of(matter.first.hash, word):
                if word.what == PAGE or not page.sent or self._was_sent(matter, page):
                    yield job

    def repeats(self, channel: str) -> bool:
        """Whether the pager says that such a repeat does no harm."""
        return self.pager is not None and parts_of(channel)[1] in self.pager.repeats

    def line(self, kind: Kind, line: int, channel: str, told: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
        """Return a line about an errand to this pager."""
        _, what, page = parts_of(channel)
        return PAGER_KINDS[kind], {"line": line, "pager": self.name, "what": what, "page": page, **told}

    def work(self, matter: Matter, delivery: Delivery) -> Callable[[], Receipt]:
        """Return what does one errand."""
        _, what, name = parts_of(delivery.channel)
        word = next(one for one in matter.state.page_words if one.line == delivery.update and self._concerns(one))
        page = next(one for one in word.pages if one.name == name)
        if what == PAGE:
            summons = self._summons(matter, word)
            return lambda: self.do(lambda pager, deadline: pager.page(summons, deadline), f"paging by {self.name}")
        ref, said = self._ref(matter, page), _word(matter, word)
        call = _CALLS[what]
        return lambda: self.do(
            lambda pager, deadline: call(pager, ref, said, deadline), f"asking {self.name} to {what}"
        )

    def do(self, call: Callable[[Pager, Deadline], Receipt], doing: str) -> Receipt:
        """Ask the pager for one thing, in time.

        Raises:
            WorldError: which of them says what is certain.
        """
        pager = self.pager
        if pager is None:
            raise Refused(self.problem, hint=self.hint)
        deadline = Deadline(self.deadline_s)
        found = in_time(lambda: call(pager, deadline), self.wait_s, doing)
        if not isinstance(found, Receipt):
            raise Unsure(f"the adapter of {self.name} gave no receipt")
        return found

    def _of(self, incident: str, word: PageWord) -> tuple[tuple[Job, PageSeen], ...]:
        """Return what one word asks for; made once, since it is asked for at every beat."""
        place = (incident, word.line, word.origin)
        if place not in self._made:
            pages = self._known(word.pages) if self._concerns(word) else ()
            self._made[place] = tuple(
                (Job(word.line, errand_of(self.name, word.what, page.name), word.at, page.name), page)
                for page in pages
            )
        return self._made[place]

    def _concerns(self, word: PageWord) -> bool:
        """Whether a word is for this pager, which can do what it asks for."""
        mine = word.origin == sent_by(self.name) or word.origin in self.sources | self.groups
        can = self.pager is None or word.what == PAGE or word.what in self.pager.does
        return mine and can and (word.what != NOTE or word.audience in self.audiences)

    def _known(self, pages: Sequence[PageSeen]) -> Iterator[PageSeen]:
        """Yield the pages that the pager knows: of a group that it knows as one, the first of its alerts."""
        seen: set[str] = set()
        for page in pages:
            if page.origin not in self.groups:
                yield page
            elif page.group not in seen and not _SHORTENED.fullmatch(page.group):
                seen.add(page.group)
                yield page

    def _was_sent(self, matter: Matter, page: PageSeen) -> bool:
        """Whether a page of ours arrived, or may still."""
        delivery = matter.deliveries.get(page.line, errand_of(self.name, PAGE, page.name))
        return delivery is None or delivery.stage not in (Stage.REFUSED, Stage.UNKNOWN)

    def _summons(self, matter: Matter, word: PageWord) -> Summons:
        state = matter.state
        return Summons(
            matter.key(word.line, self.name), matter.first.incident, state.title, state.service, state.severity,
            word.text, word.by, word.at, self.target,
        )  # fmt: skip

    def _ref(self, matter: Matter, page: PageSeen) -> PageRef:
        if page.origin in self.groups:
            return PageRef(key=hashlib.sha256(page.group.encode()).hexdigest(), sent=False)
        if not page.sent:
            return PageRef(page.key, page.group, sent=False)
        return PageRef(key=matter.key(page.line, self.name), target=self.target)


_CALLS: Mapping[str, Callable[[Pager, PageRef, Word, Deadline], Receipt]] = {
    ACKNOWLEDGE: lambda pager, ref, said, deadline: pager.acknowledge(ref, said, deadline),
    NOTE: lambda pager, ref, said, deadline: pager.note(ref, said, deadline),
    RESOLVE: lambda pager, ref, said, deadline: pager.resolve(ref, said, deadline),
}


def pager_stops(live: LiveOptions, fleet: Fleet) -> list[PagerStop]:
    """Return every pager that is wired, usable or not; a source belongs to the first that names it."""
    found: list[PagerStop] = []
    taken: set[str] = set()
    for name, one in live.pagers.items():
        sources, groups = (frozenset(named) - taken for named in (one.sources, one.groups))
        taken |= sources | groups
        wired = PagerStop(name, None, one.target, sources - groups, groups, frozenset(one.audiences))
        found.append(_connected(wired, one.system, fleet))
    return found


def _connected(wired: PagerStop, system: str, fleet: Fleet) -> PagerStop:
    try:
        member = fleet.member(system)
        pager = member.system
        if not isinstance(pager, Pager):
            raise BadInput(f"{system} wakes nobody", hint="`cockpit adapters` lists which can: those with pager.")
        pager.target(wired.target)
    except (WorldError, BadInput) as problem:
        return replace(wired, problem=problem.message, hint=problem.hint)
    return replace(wired, pager=pager, deadline_s=member.deadline_s)


def _word(matter: Matter, word: PageWord) -> Word:
    """Return what is said, with a mark that is the same for every repeat."""
    first = matter.first
    return Word(f"{first.incident}-{word.line}-{first.hash[:8]}", word.by, word.text, word.at)
