"""What an incident or a case of the golden set looks like: the few plain values by which two of them are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cockpit.domain.case_plain import from_plain as case_from
from cockpit.domain.cases import Case
from cockpit.domain.events import Event, Kind, iso
from cockpit.domain.incident import IncidentState, fold

INCIDENT, CASE = "incident", "case"
TRAITS = ("class", "layer", "change", "kind of change", "component", "route", "prompt", "tenant", "signal")
"""What is compared by name; words are compared beside them."""

MOST_WORDS = 120
_TEXT = 4_000
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    _WORD.findall(
        """
    aber about after again alert alerts also another answer answered answers assistant auch been before being
    between both bring came chat chats check contain contains could customer customers diese dieser dieses
    does doing done each eine einen einer else email error errors even every find first fresh from haben hatte
    have hello here hers highest http https ihre ihrem ihren incident into just kein keine know last least
    less like line lines list look made make many mein meine message mine minute minutes more most much must
    need never next nicht noch none oder ones only other others over page paged part people please rate
    regards request requests response responses said same says seconds seem seems sein seine sent service
    session shall share should show showed shown shows sich since sind some somebody someone still such
    support take than thank thanks that their theirs them then there these they this those three through time
    told trace traces under unser unter until user users value very wants warum wenn were what when where
    which while will wird with within without would wrote your yours über
"""
    )
)
"""Words that say nothing about what went wrong."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One incident, or one case.

    Attributes:
        kind: `incident` or `case`; `mode` is drill, live or range, and empty of a case.
        traits: values by the names of `TRAITS`; what nobody has said is absent.
        page, answers: words of the page, and of answers that were wrong.
        cases: ids of what it left in the golden set; `postmortem` is empty, `written` or `signed`.
    """

    id: str
    kind: str
    title: str
    at: str = ""
    mode: str = ""
    scenario: str = ""
    severity: str = ""
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    postmortem: str = ""
    merged: bool = False

    @property
    def live(self) -> bool:
        """Whether it is no exercise."""
        return self.kind == CASE or self.mode == "live"


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the telling words of texts, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _WORD.findall(text[:_TEXT].lower()):
            if word not in _COMMON:
                found.setdefault(word)
    return tuple(found)[:MOST_WORDS]


def portrait_of(events: Sequence[Event], answers: Iterable[str] = ()) -> Portrait:
    """Draw the portrait of an incident.

    Args:
        answers: answers that went wrong, where somebody has them at hand; those of its cases are known anyway.
    """
    state = fold(events)
    cases = [case_from(one.document) for one in state.learning.fixtures]
    pages = [told for one in events if one.kind is Kind.PAGED and isinstance(told := one.get("page"), Mapping)]
    written = state.learning.written
    return Portrait(
        state.incident,
        INCIDENT,
        state.title,
        iso(state.started_at) if state.started_at else "",
        state.mode,
        state.scenario,
        state.severity,
        _traits(_named(state, events, cases, pages)),
        words_of(_told(state, events)),
        words_of([*answers, *(one.bad_output for one in cases)]),
        tuple(one.id for one in cases),
        "signed" if written.done_at else "written" if written.versions else "",
        bool(state.merged_into),
    )


def portrait_of_case(case: Case) -> Portrait:
    """Draw the portrait of a case, for which no journal is at hand."""
    named = [
        ("class", case.incident_class),
        ("route", case.route),
        ("prompt", str(case.parameters.get("prompt", ""))),
    ]
    return Portrait(
        case.id, CASE, case.line, case.added_at, traits=_traits(named), page=words_of([case.line]),
        answers=words_of([case.bad_output]), cases=(case.id,),
    )  # fmt: skip


def to_plain(portrait: Portrait) -> dict[str, Any]:
    """Return a portrait as plain values."""
    return asdict(portrait)


def from_plain(table: Mapping[str, Any]) -> Portrait:
    """Read what `to_plain` gave, also after it went through JSON.

    Raises:
        TypeError, ValueError, AttributeError: it is none.
    """
    given = dict(table)
    traits = {str(name): tuple(map(str, values)) for name, values in given.pop("traits").items()}
    lists = {name: tuple(map(str, given.pop(name))) for name in ("page", "answers", "cases")}
    return Portrait(**{**given, "traits": traits, **lists})


Named = Iterator[tuple[str, str]]


def _named(
    state: IncidentState, events: Sequence[Event], cases: Sequence[Case], pages: Sequence[Mapping[str, Any]]
) -> Named:
    triage = state.triage
    yield from (("class", triage.incident_class), ("layer", triage.layer), ("component", triage.component))
    yield from _changes(triage.change)
    yield from _scope(triage.scope)
    for page in pages:
        about, change = page.get("about"), page.get("change")
        yield from _scope(about if isinstance(about, Mapping) else {})
        if not triage.change and isinstance(change, Mapping):
            yield from _changes(str(change.get("ref", "")))
    for event in events:
        if event.kind in (Kind.SIGNAL_FIRED, Kind.PAGED):
            yield "signal", str(event.get("signal") or "")
    for case in cases:
        yield from (("route", case.route), ("prompt", str(case.parameters.get("prompt", ""))))


def _changes(ref: str) -> Named:
    yield "change", ref
    if ":" in ref:
        yield "kind of change", ref.partition(":")[0]


def _scope(table: Mapping[str, Any]) -> Named:
    for name, keys in (("route", ("routes", "route")), ("prompt", ("prompt",)), ("tenant", ("tenants", "tenant"))):
        for key in keys:
            value = table.get(key)
            for one in value if isinstance(value, list | tuple) else (value,):
                yield name, str(one or "")


def _traits(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name, value in named:
        if value.strip():
            found.setdefault(name, {}).setdefault(value.strip()[:200])
    return {name: tuple(found[name]) for name in TRAITS if name in found}


def _told(state: IncidentState, events: Sequence[Event]) -> Iterator[str]:
    """Give what the page said and what came with it, until somebody had named the class."""
    yield state.title
    for event in events:
        if event.kind is Kind.CLASS_SET:
            return
        if event.kind in (Kind.PAGED, Kind.ALERT_RECEIVED, Kind.INJECT_DELIVERED):
            yield " ".join(str(event.get(name) or "") for name in ("title", "text"))
