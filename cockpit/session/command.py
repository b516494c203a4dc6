"""Station 4: roles: taken, handed over with a yes, given up."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.parts import ROLES
from cockpit.session.action import Action, Context
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.rules import all_of, known, open_still, paged


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
class Decline:
    """A role that is offered to you, and why you can't take it, where that helps."""

    role: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A role whose holder is gone, and how you know that they can't hand it over."""

    role: str
    reason: str


def _role_known(context: Context, arguments: Role | HandOver | Decline | TakeOver | None) -> str:
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
    return _one_hat(context, command.roles_of(context.actor))


def _take(context: Context, arguments: Role) -> list[NewEvent]:
    return [context.event(Kind.ROLE_TAKEN, role=arguments.role)]


def _may_take_over(context: Context, arguments: TakeOver | None) -> str:
    """A role is handed over while its holder can; a simulated colleague always can."""
    if context.state.simulated:
        return "nobody goes missing in a drill: ask for the role instead"
    command = context.state.command
    others = {role: who for role, who in command.holders.items() if who != context.actor}
    if arguments is None:
        return "" if others else "nobody else holds a role"
    if arguments.role not in others:
        return f"nobody else holds {arguments.role}"
    if len(arguments.reason.strip()) < REASON_LENGTH:
        return f"say in {REASON_LENGTH} characters or more why {others[arguments.role]} can't hand it over"
    held = command.roles_of(context.actor)
    return _one_hat(context, held)


def _one_hat(context: Context, held: tuple[str, ...]) -> str:
    if held and not context.playbook.profile.many_hats:
        return f"this profile gives one person one role, and you hold {held[0]}"
    return ""


def _take_over(context: Context, arguments: TakeOver) -> list[NewEvent]:
    """One line ends one command and begins the other, so that there is never none and never two."""
    giver = context.state.command.holders[arguments.role]
    told = {"role": arguments.role, "giver": giver, "reason": arguments.reason.strip()}
    return [context.event(Kind.ROLE_TAKEN, **told)]


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


def _offered(context: Context, arguments: Role | Decline | None) -> str:
    offers = context.state.command.offers
    if arguments is None:
        mine = any(offer.to == context.actor for offer in offers.values())
        return "" if mine else "nobody is handing you a role"
    offer = offers.get(arguments.role)
    return "" if offer and offer.to == context.actor else f"nobody is handing you {arguments.role}"


def _accept(context: Context, arguments: Role) -> list[NewEvent]:
    giver = context.state.command.offers[arguments.role].giver
    return [context.event(Kind.ROLE_ACCEPTED, role=arguments.role, giver=giver)]


def _decline(context: Context, arguments: Decline) -> list[NewEvent]:
    giver = context.state.command.offers[arguments.role].giver
    told = {"role": arguments.role, "giver": giver, "reason": arguments.reason.strip() or None}
    return [context.event(Kind.ROLE_DECLINED, **told)]


def _not_ic(context: Context, arguments: Role | None) -> str:
    if arguments and arguments.role == "ic" and not context.state.all_clear_at:
        return "an incident always has one commander: hand the role over instead"
    return ""


def _release(context: Context, arguments: Role) -> list[NewEvent]:
    return [context.event(Kind.ROLE_RELEASED, role=arguments.role)]


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
        "decline_role", "Decline a role", "Say no to a role that is offered to you; whoever offered it keeps it.",
        "for a role offered to you", 4, all_of(open_still, _role_known, _offered), _decline, Decline,
        needs=("role",),
    ),
    Action(
        "take_over_role", "Take over a role",
        "Take a role from somebody who is gone, with the reason; one moment ends theirs and begins yours.",
        "outside drills, for a role that somebody else holds", 4,
        all_of(open_still, _role_known, _may_take_over), _take_over, TakeOver, needs=("role", "reason"),
    ),
    Action(
        "release_role", "Release a role", "Give up a role; the commander's is handed over until the all-clear.",
        "for a role that you hold; the commander's after the all-clear", 4,
        all_of(open_still, _role_known, _holds, _not_ic), _release, Role, needs=("role",),
    ),
)  # fmt: skip
