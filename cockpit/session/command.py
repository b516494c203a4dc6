"""Station 4: roles, updates and the all-clear."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.comms import missing_parts
from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.parts import ROLES
from cockpit.session.action import Action, Context
from cockpit.session.lint_update import cause_proven, mask, said_wrong
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.rules import all_of, before_all_clear, known, open_still, paged

AUDIENCES = ("team", "executives", "customers", "legal")
STATES = ("investigating", "monitoring", "resolved")

OTHER_WORDS = {
    "internal": "team", "stakeholders": "team", "engineering": "team",
    "leadership": "executives", "execs": "executives",
    "customer": "customers", "public": "customers", "external": "customers", "status_page": "customers",
    "status": "customers", "users": "customers", "identified": "investigating", "mitigated": "monitoring",
    "monitoring": "monitoring", "mitigation": "monitoring",
}  # fmt: skip
"""What other houses call the same audiences and states."""


@dataclass(frozen=True, slots=True)
class Role:
    """ic, operations or communications."""

    role: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """A role you hold, and who should have it."""

    role: str
    to: str


@dataclass(frozen=True, slots=True)
class PostUpdate:
    """Who is told, the state (investigating, monitoring, resolved), the words; raw sends personal data too."""

    audience: str
    state: str
    text: str
    raw: bool = False


@dataclass(frozen=True, slots=True)
class AllClear:
    """How you know that harm has stopped, where nothing has measured it."""

    judged: str = ""


def _role_known(context: Context, arguments: Role | HandOver | None) -> str:
    return known("role", lambda _: ROLES, lambda given: str(given.role))(context, arguments)


def _may_take(context: Context, arguments: Role | None) -> str:
    if arguments is None:
        return ""
    command = context.state.command
    holder = command.holders.get(arguments.role)
    if holder == context.actor:
        return f"you hold {arguments.role} already"
    if holder:
        return f"{holder} holds {arguments.role}: there is exactly one, and it is handed over, not taken"
    held = command.roles_of(context.actor)
    if held and not context.playbook.profile.many_hats:
        return f"this profile gives one person one role, and you hold {held[0]}"
    return ""


def _take(context: Context, arguments: Role) -> list[NewEvent]:
    return [context.event(Kind.ROLE_TAKEN, role=arguments.role)]


def _holds(context: Context, arguments: Role | HandOver | None) -> str:
    if arguments is None:
        return "" if context.state.command.roles_of(context.actor) else "you hold no role"
    if context.state.command.holders.get(arguments.role) != context.actor:
        return f"you do not hold {arguments.role}"
    return ""


def _receiver(context: Context, arguments: HandOver | None) -> str:
    if arguments is None:
        return ""
    if not arguments.to.strip() or arguments.to == context.actor:
        return "hand it over to somebody else"
    return ""


def _offer(context: Context, arguments: HandOver) -> list[NewEvent]:
    return [context.event(Kind.ROLE_OFFERED, role=arguments.role, to=arguments.to)]


def _offered(context: Context, arguments: Role | None) -> str:
    offers = context.state.command.offers
    if arguments is None:
        mine = any(offer.to == context.actor for offer in offers.values())
        return "" if mine else "nobody is handing you a role"
    offer = offers.get(arguments.role)
    return "" if offer and offer.to == context.actor else f"nobody is handing you {arguments.role}"


def _accept(context: Context, arguments: Role) -> list[NewEvent]:
    return [
        context.event(
            Kind.ROLE_ACCEPTED, role=arguments.role, giver=context.state.command.offers[arguments.role].giver
        )
    ]


def _not_ic(context: Context, arguments: Role | None) -> str:
    if arguments and arguments.role == "ic":
        return "an incident always has one commander: hand the role over instead"
    return ""


def _release(context: Context, arguments: Role) -> list[NewEvent]:
    return [context.event(Kind.ROLE_RELEASED, role=arguments.role)]


def _may_post(context: Context, arguments: PostUpdate | None) -> str:
    if arguments is None:
        return ""
    if _word(arguments.audience) not in AUDIENCES:
        return f"there is no audience {arguments.audience!r}: choose {', '.join(AUDIENCES)}"
    if _word(arguments.state) not in STATES:
        return f"an update is {', '.join(STATES)}, not {arguments.state!r}"
    return "" if arguments.text.strip() else "an empty update tells nobody anything"


def _post(context: Context, arguments: PostUpdate) -> list[NewEvent]:
    """Personal data is replaced before anything is written, unless the person says that it is to go out."""
    masked, hidden = mask(arguments.text)
    flaws = said_wrong(arguments.text, proven_cause=cause_proven(context.state))
    return [
        context.event(
            Kind.UPDATE_POSTED,
            audience=_word(arguments.audience),
            state=_word(arguments.state),
            text=arguments.text if arguments.raw else masked,
            missing=list(missing_parts(arguments.text)),
            flaws=sorted({flaw.kind for flaw in flaws}) or None,
            masked=None if arguments.raw else hidden or None,
            raw=(arguments.raw and hidden > 0) or None,
        )
    ]


def _word(given: str) -> str:
    """Return the house's own word for an audience or a state."""
    return OTHER_WORDS.get(given.lower(), given.lower())


def open_points(context: Context) -> list[str]:
    """List what is still open at an all-clear: lever debt, roles offered, no final update."""
    state = context.state
    points = [f"{pull.title} is still in force" for pull in state.debt]
    if not any(update.state == "resolved" for update in state.updates):
        points.append("no update says that it is resolved")
    return points


def _may_clear(context: Context, arguments: AllClear | None) -> str:
    state = context.state
    if not state.contained and (reason := _not_contained(context, arguments)):
        return reason
    if state.canary and state.canary.open:
        return f"the canary is open at {state.canary.percent:g} %: widen it to 100, or close it"
    return ""


def _not_contained(context: Context, arguments: AllClear | None) -> str:
    """In a drill harm can always be measured; outside, a person may have to answer for it."""
    if context.state.simulated:
        if not context.state.pulls:
            return "nothing has been done about it: pull a lever first"
        return "harm has not been measured to have stopped"
    bad = next((series for series in context.frame().harm if series.breached), None)
    if bad:
        return f"harm goes on: {bad.label} {bad.latest:.3g} {bad.unit}, line {bad.threshold:.3g}"
    if arguments and len(arguments.judged.strip()) < REASON_LENGTH:
        return f"nothing has measured that harm stopped: say in {REASON_LENGTH} characters or more how you know"
    return ""


def _all_clear(context: Context, arguments: AllClear) -> list[NewEvent]:
    judged = "" if context.state.contained else arguments.judged.strip()
    points = [*open_points(context), *(["harm was judged to have stopped, not measured"] if judged else [])]
    return [context.event(Kind.ALL_CLEAR_GIVEN, open_points=points, judged=judged)]


ACTIONS = (
    Action(
        "take_role", "Take a role", "Take a role that nobody holds. There is exactly one incident commander.",
        "after the page, for a role that nobody holds", 4, all_of(paged, _role_known, _may_take), _take, Role,
        ("r",), ("role",),
    ),
    Action(
        "hand_over_role", "Hand over a role", "Offer a role; you hold it until the other says yes.",
        "for a role that you hold", 4, all_of(open_still, _role_known, _holds, _receiver), _offer, HandOver,
        needs=("role", "to"),
    ),
    Action(
        "accept_role", "Accept a role", "Say yes to a role that is offered to you.", "for a role offered to you", 4,
        all_of(open_still, _role_known, _offered), _accept, Role, needs=("role",),
    ),
    Action(
        "release_role", "Release a role", "Give up a role; the commander's can only be handed over.",
        "for a role that you hold, but not the commander's", 4, all_of(open_still, _role_known, _holds, _not_ic),
        _release, Role, needs=("role",),
    ),
    Action(
        "post_update", "Post an update", "Tell an audience where things stand, and when they hear next.",
        "after the page", 4,
        all_of(open_still, _may_post), _post, PostUpdate, ("c",),
        ("audience", "state", "text"),
    ),
    Action(
        "all_clear", "All-clear", "Say that it is over: contained, proven, and re-opened.",
        "when harm is contained, or judged to be where nothing measures it, and no canary is open", 4,
        all_of(before_all_clear, paged, _may_clear),
        _all_clear, AllClear, ("y",),
    ),
)  # fmt: skip
