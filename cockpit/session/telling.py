"""Station 4: updates, the reminder of the next one, and another try where one did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cockpit.domain.cadence import put_off
from cockpit.domain.comms import missing_parts, next_due
from cockpit.domain.deliveries import RETRIED, Delivery, unsettled
from cockpit.domain.events import Kind, NewEvent, iso
from cockpit.domain.parts import AUDIENCES, UPDATE_STATES
from cockpit.session.action import Action, Context
from cockpit.session.lint_update import cause_proven, mask, said_wrong, who_wrote_in
from cockpit.session.rules import all_of, open_still, paged

OTHER_WORDS = {
    "internal": "team", "stakeholders": "team", "engineering": "team",
    "leadership": "executives", "execs": "executives",
    "customer": "customers", "public": "customers", "external": "customers", "status_page": "customers",
    "status": "customers", "users": "customers", "mitigated": "monitoring", "mitigation": "monitoring",
}  # fmt: skip
"""What other houses call the same audiences and states."""

LONGEST_SNOOZE_MIN = 60.0
"""Nobody puts a reminder off for longer at once."""


@dataclass(frozen=True, slots=True)
class PostUpdate:
    """Who is told, the state (investigating, identified, monitoring, resolved), the words.

    With raw, personal data and secrets go out as they are; channels names those it goes out on, all of the audience's
    if left out.
    """

    audience: str
    state: str
    text: str
    raw: bool = False
    channels: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Snoozing:
    """For how many minutes nobody is reminded, and why."""

    minutes: float = 10.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """The line in the journal that asked for it, and the channel it did not arrive on, or the errand's name."""

    update: int
    channel: str


def _may_post(context: Context, arguments: PostUpdate | None) -> str:
    if arguments is None:
        return ""
    if _word(arguments.audience) not in AUDIENCES:
        return f"there is no audience {arguments.audience!r}: choose {', '.join(AUDIENCES)}"
    if _word(arguments.state) not in UPDATE_STATES:
        return f"an update is {', '.join(UPDATE_STATES)}, not {arguments.state!r}"
    return "" if arguments.text.strip() else "an empty update tells nobody anything"


def _post(context: Context, arguments: PostUpdate) -> list[NewEvent]:
    """Personal data and secrets are replaced before anything is written, unless the person says that they go out."""
    names = who_wrote_in(context.state, context.world.people)
    masked, hidden = mask(arguments.text, names)
    flaws = said_wrong(arguments.text, proven_cause=cause_proven(context.state), names=names)
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
            channels=None if arguments.channels is None else sorted(set(arguments.channels)),
        )
    ]


def _word(given: str) -> str:
    """Return the house's own word for an audience or a state."""
    return OTHER_WORDS.get(given.lower(), given.lower())


def _may_snooze(context: Context, arguments: Snoozing | None) -> str:
    if next_due(context.state, context.playbook.profile.cadence) is None:
        return "no update is due, so nobody is reminded of one"
    if arguments is None or 0 < arguments.minutes <= LONGEST_SNOOZE_MIN:
        return ""
    return f"a reminder is put off by more than 0 and at most {LONGEST_SNOOZE_MIN:g} minutes at once"


def _snooze(context: Context, arguments: Snoozing) -> list[NewEvent]:
    """Put off from when the reminder would come: when the update is due, or an earlier snooze ends."""
    before, due = put_off(context.state, context.now), next_due(context.state, context.playbook.profile.cadence)
    begins = max(one for one in (context.now, due, before.until if before else None) if one)
    furthest = max(one for one in (context.now, due) if one) + timedelta(minutes=LONGEST_SNOOZE_MIN)
    until = min(begins + timedelta(minutes=arguments.minutes), furthest)
    told = {"until": iso(until), "minutes": arguments.minutes, "reason": arguments.reason.strip()}
    return [context.event(Kind.UPDATE_SNOOZED, **told)]


def _may_retry(context: Context, arguments: Retry | None) -> str:
    found = {**context.state.deliveries, **context.state.errands}
    if arguments is None:
        return "" if any(_can_retry(one) for one in unsettled(found)) else "every update that was sent has arrived"
    one = found.get((arguments.update, arguments.channel))
    if one is None:
        return f"update {arguments.update} was never sent to {arguments.channel!r}"
    return "" if _can_retry(one) else f"update {one.update} is {one.stage} on {one.channel}"


def _can_retry(one: Delivery) -> bool:
    return one.stage in RETRIED


def _retry(context: Context, arguments: Retry) -> list[NewEvent]:
    return [context.event(Kind.UPDATE_RETRIED, update=arguments.update, channel=arguments.channel)]


ACTIONS = (
    Action(
        "post_update", "Post an update", "Tell an audience where things stand, and when they hear next.",
        "after the page", 4,
        all_of(open_still, _may_post), _post, PostUpdate, ("c",),
        ("audience", "state", "text"),
    ),
    Action(
        "snooze_update", "Put the reminder off",
        "Be reminded of the next update later; the cadence is measured all the same.",
        "while an update is due", 4, all_of(paged, _may_snooze), _snooze, Snoozing, ("Z",), ("minutes",),
    ),
    Action(
        "retry_update", "Send an update again",
        "Ask for another try at once where an update, page or ticket did not arrive, or nobody can tell.",
        "for what has not arrived", 4, _may_retry, _retry, Retry, ("D",), ("update", "channel"),
    ),
)  # fmt: skip
