"""The one next sensible step, from the page to the debrief: always something, and always why.

Each rule looks at the incident and either says what to do or passes. The first that speaks counts, so their order is
the order of the loop: classify, stop the harm, command and tell, understand, re-open, close.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cockpit.domain.guidance import after, ask, stop
from cockpit.domain.guidance import live as real
from cockpit.domain.guidance.view import Advice, View, advised
from cockpit.domain.incident import IncidentState
from cockpit.domain.playbook import Fact, Playbook
from cockpit.domain.stations import StationView, stations
from cockpit.domain.triage import facts_on_record, open_question

__all__ = ["Advice", "StationView", "next_step", "stations"]


def next_step(
    playbook: Playbook,
    state: IncidentState,
    facts: Mapping[str, Fact],
    now: datetime,
    *,
    actor: str = "",
    measured: bool = True,
) -> Advice:
    """Return the next sensible step for one person.

    Args:
        facts: the measured ones; what people answered is added here.
        actor: whom the advice is for.
        measured: whether any signal tells when harm has stopped.
    """
    known = {**facts, **facts_on_record(playbook, state)}
    question = open_question(playbook, state.triage.answers)
    view = View(playbook, state, known, now, question, advised(playbook, state), actor, measured)
    return next(advice for rule in _RULES if (advice := rule(view)))


_RULES: tuple[Callable[[View], Advice | None], ...] = (
    after.over,
    stop.before_page,
    stop.acknowledge,
    ask.classify,
    stop.raise_to_floor,
    real.second_person,
    real.reopened_too_far,
    stop.ask_first,
    stop.stop_harm,
    after.answer_offer,
    after.offered_in_vain,
    after.take_command,
    after.declare,
    after.tell,
    real.settle,
    stop.prove,
    real.judge,
    stop.next_rung,
    after.canary,
    after.understand,
    after.reopen,
    after.all_clear,
    after.close,
)
