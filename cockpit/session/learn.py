"""Station 5: the bad answer becomes a case, the case is proven, an alert stands beside it, the incident is closed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.domain.case_plain import from_plain, proof_plain, to_plain
from cockpit.domain.case_verdict import runs_needed
from cockpit.domain.cases import CASE_ID, PROVEN
from cockpit.domain.events import Kind, NewEvent, canonical
from cockpit.domain.learning import WAIVABLE, Fixture, Waiver
from cockpit.session.action import Action, Context
from cockpit.session.rehearsing import rehearser
from cockpit.session.rules import all_of

if TYPE_CHECKING:
    from cockpit.session.case_making import Around

MOST_SAMPLES = 2_000
SIMULATED_SAMPLES = 200
"""Answers of each configuration where asking costs nothing."""


@dataclass(frozen=True, slots=True)
class AddFixture:
    """A trace (0 for the latest pinned one), the case's id, and what is expected of an answer.

    `expect` holds texts such as `not-contains:PWNED` or `refuse`; without any they follow from what went wrong.
    `hide` are words that are replaced as names are; with `raw` nobody is replaced, and the journal says who said so.
    """

    trace: int = 0
    id: str = ""
    line: str = ""
    good: str = ""
    class_: str = ""
    expect: list[str] = field(default_factory=list)
    neighbours: int = 3
    hide: list[str] = field(default_factory=list)
    raw: bool = False


@dataclass(frozen=True, slots=True)
class ProveFixture:
    """A case (the latest if left out), how often it is asked, and on real systems what asking showed.

    `document` is the whole case as somebody has changed it since it was made.
    """

    case: str = ""
    samples: int = SIMULATED_SAMPLES
    results: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waive:
    """What is left out (fixture or alert), why, and until when (a date) that is looked at again."""

    what: str = "fixture"
    reason: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class NameAlert:
    """What pages next time: its name, its rule in words or in the system's own language, and where it lives."""

    name: str = ""
    rule: str = ""
    where: str = ""
    case: str = ""


def not_closed(context: Context, _: Any) -> str:
    """The incident must not be closed."""
    return "this incident is closed" if context.state.learning.closed_at else ""


def _paged(context: Context, _: Any) -> str:
    return "" if context.state.page_at else "nobody has been paged yet: wait for the page"


def _can_add(context: Context, arguments: AddFixture | None) -> str:
    if arguments is None:
        return ""
    if arguments.id and not CASE_ID.fullmatch(arguments.id):
        return f"a case is called with small letters, digits, dots and dashes, not {arguments.id!r}"
    trace = arguments.trace or _pinned(context)
    if not trace:
        return "no trace is pinned: pin one, or name one"
    if not 0 <= arguments.neighbours <= 20:
        return f"0 to 20 neighbours, not {arguments.neighbours}"
    if context.world.trace(trace, context.now) is None:
        return f"there is no trace {trace} yet"
    return _known_expectations(arguments)


def _known_expectations(arguments: AddFixture) -> str:
    from cockpit.errors import BadInput
    from cockpit.session.case_checks import parse_check

    try:
        for text in arguments.expect:
            parse_check(text)
    except BadInput as problem:
        return f"{problem}. {problem.hint}"
    return ""


def _pinned(context: Context) -> int:
    return context.state.pins[-1].trace if context.state.pins else 0


def _around(context: Context) -> Around:
    from cockpit.session.case_making import Around

    state = context.state
    taken = frozenset(one.id for one in state.learning.fixtures)
    kind = context.playbook.profile.find_class(state.triage.incident_class)
    title = kind.title if kind else ""
    return Around(
        state.incident, stand_in_key(context), context.actor, context.now, state.triage.incident_class, title, taken
    )


def stand_in_key(context: Context) -> str:
    """Return what stand-ins are made with: of a drill what was played, else what only the journal knows."""
    state = context.state
    return f"{state.scenario}:{state.seed}" if state.simulated else state.opening


def _add(context: Context, arguments: AddFixture) -> list[NewEvent]:
    from cockpit.session.case_checks import parse_check
    from cockpit.session.case_making import Wanted, make_case

    detail = context.world.trace(arguments.trace or _pinned(context), context.now)
    assert detail is not None
    wanted = Wanted(
        arguments.id, arguments.line, arguments.good, arguments.class_,
        tuple(parse_check(text) for text in arguments.expect), arguments.neighbours, tuple(arguments.hide),
        arguments.raw,
    )  # fmt: skip
    plain = to_plain(make_case(context.world, detail, wanted, _around(context)))
    digest = hashlib.sha256(canonical({"messages": list(detail.messages)}).encode("ascii")).hexdigest()
    told: dict[str, Any] = {"case": plain, "trace": str(detail.row.id), "digest": digest}
    if arguments.hide:
        told["hide"] = list(arguments.hide)
    if arguments.raw:
        told["raw"] = True
    return [context.event(Kind.FIXTURE_ADDED, **told)]


def _meant(context: Context, case: str) -> Fixture | None:
    learning = context.state.learning
    return learning.fixture(case) if case else next(iter(reversed(learning.fixtures)), None)


def _can_prove(context: Context, arguments: ProveFixture | None) -> str:
    learning = context.state.learning
    if not learning.fixtures:
        return "there is no case yet: add one from a trace"
    if arguments is None:
        return ""
    fixture = _meant(context, arguments.case)
    if fixture is None:
        return f"there is no case {arguments.case!r}: {', '.join(one.id for one in learning.fixtures)}"
    if not 1 <= arguments.samples <= MOST_SAMPLES:
        return f"1 to {MOST_SAMPLES} samples, not {arguments.samples}"
    if arguments.document and (wrong := _document_wrong(fixture, arguments.document)):
        return wrong
    if rehearser(context.world) is not None:
        return "in a drill the simulator says what the answers are" if arguments.results else ""
    if not arguments.results:
        return "real answers are needed: cockpit fixture prove CASE --endpoint URL --model M"
    return _results_wrong(arguments.results)


def _document_wrong(fixture: Fixture, document: dict[str, Any]) -> str:
    """Say why a changed document is not this case any more; an empty text where it is."""
    try:
        made, changed = from_plain(fixture.document), from_plain(document)
    except (AttributeError, KeyError, TypeError, ValueError):
        return f"what {fixture.id} was changed to is no case"
    if (changed.id, changed.incident, changed.trace) != (made.id, made.incident, made.trace):
        return f"{fixture.id} keeps its id, its incident and its trace: make another case of another trace"
    if not {one.trace for one in changed.neighbours} <= {one.trace for one in made.neighbours}:
        return f"a neighbour of {fixture.id} may be taken out, and none put in: it has to be a recorded trace"
    return "" if changed.checks else f"{fixture.id} expects nothing any more"


def _results_wrong(results: dict[str, Any]) -> str:
    for name in ("bad", "fixed", "neighbours"):
        one = results.get(name)
        passed, of = (one.get("passed"), one.get("of")) if isinstance(one, dict) else (None, None)
        if not isinstance(passed, int) or not isinstance(of, int) or not 0 <= passed <= of:
            return f"the results of {name} are {{passed: N, of: N}}"
    return ""


def _prove(context: Context, arguments: ProveFixture) -> list[NewEvent]:
    from cockpit.session import proving

    fixture = _meant(context, arguments.case)
    assert fixture is not None
    fixture = replace(fixture, document=arguments.document or fixture.document)
    asked = rehearser(context.world)
    if asked is None:
        proof = proving.told(arguments.results, context.now)
    else:
        how = proving.Replay(context.world, asked, stand_in_key(context), context.now)
        proof = proving.rehearsed(how, fixture, arguments.samples)
    told: dict[str, Any] = {**proof_plain(proof), "case": fixture.id, "samples": proof.fixed.of}
    if arguments.document:
        told["document"] = arguments.document
    if proof.verdict == PROVEN:
        told["runs"], told["least"] = runs_needed(proof.bad, proof.fixed)
    return [context.event(Kind.FIXTURE_PROVEN, **told)]


def _can_waive(context: Context, arguments: Waive | None) -> str:
    if arguments is None:
        return ""
    if arguments.what not in WAIVABLE:
        return f"{' or '.join(WAIVABLE)} can be waived, not {arguments.what!r}"
    if len(arguments.reason.strip()) < 10:
        return "a waiver says why, in a sentence that somebody can read in a year"
    return _until_wrong(arguments.until, context.now.date()) if arguments.until else ""


def _until_wrong(until: str, today: date) -> str:
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return f"until is a date like 2026-07-31, not {until!r}"
    return f"{day} is over already: name a day from {today} on" if day < today else ""


def _waive(context: Context, arguments: Waive) -> list[NewEvent]:
    return [context.event(Kind.FIXTURE_WAIVED, **asdict(arguments))]


def _can_name(context: Context, arguments: NameAlert | None) -> str:
    if arguments is None:
        return ""
    if not arguments.name.strip() or not arguments.rule.strip():
        return "an alert has a name and a rule: what is measured, and from where on it pages"
    if not re.search(r"\d|[<>=]|\bany\b|\bone\b|\bevery\b", arguments.rule):
        return "the rule of an alert says from where on it pages: a number, or any"
    if arguments.case and context.state.learning.fixture(arguments.case) is None:
        return f"there is no case {arguments.case!r}"
    return ""


def _name(context: Context, arguments: NameAlert) -> list[NewEvent]:
    return [context.event(Kind.ALERT_ADDED, **asdict(arguments))]


def _can_close(context: Context, _: Any) -> str:
    state = context.state
    if state.merged_into:
        return f"it goes on in {state.merged_into}, which is the one to close"
    if not state.all_clear_at and not state.ended:
        return "it is not over: the all-clear comes first"
    missing = {"fixture": "a proven case", "alert": "a new alert beside it"}
    wanted = [missing[what] for what in state.learning.missing]
    return (
        f"{' and '.join(wanted)} {'is' if len(wanted) == 1 else 'are'} missing, or a signed waiver" if wanted else ""
    )


def _close(context: Context, _: Any) -> list[NewEvent]:
    learning = context.state.learning
    return [
        context.event(
            Kind.INCIDENT_CLOSED,
            cases=[one.id for one in learning.proven],
            alerts=[one.name for one in learning.alerts],
            waivers=[_signed(one) for one in learning.waivers],
        )
    ]


def _signed(waiver: Waiver) -> dict[str, str]:
    until = {"until": waiver.until} if waiver.until else {}
    return {"what": waiver.what, "by": waiver.actor, "reason": waiver.reason, **until}


ACTIONS = (
    Action(
        "add_fixture", "Make it a case", "Make an eval case of a trace: input, bad answer, what has to hold instead.",
        "after the page, until the incident is closed", 5, all_of(not_closed, _paged, _can_add), _add, AddFixture,
        needs=("trace",),
    ),
    Action(
        "prove_fixture", "Prove a case", "See it fail on the bad configuration and pass on the fixed one.",
        "when there is a case", 5, all_of(not_closed, _can_prove), _prove, ProveFixture,
    ),
    Action(
        "waive_fixture", "Waive", "Sign that the case or the alert is left out, and why; it stays visible.",
        "after the page, until the incident is closed", 5, all_of(not_closed, _paged, _can_waive), _waive, Waive,
        needs=("what", "reason"),
    ),
    Action(
        "name_alert", "Name the new alert", "Say what pages somebody when it happens again.",
        "after the page, until the incident is closed", 5, all_of(not_closed, _paged, _can_name), _name, NameAlert,
        needs=("name", "rule"),
    ),
    Action(
        "close_incident", "Close the incident", "Close it: proven case and new alert, or a signed waiver.",
        "after the all-clear, with a proven case and a new alert, or waivers", 5,
        all_of(not_closed, _can_close), _close,
    ),
)  # fmt: skip
