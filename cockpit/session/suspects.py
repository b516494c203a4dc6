"""Which changes can have caused an incident: what responders moved themselves is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPull
from cockpit.world.port import Change

LEVER = "lever"
SEEN_WITHIN = timedelta(minutes=2)
"""A system's own log tells a pull at most so long after it was stored."""
SKEW = timedelta(seconds=10)
"""By so much a system's clock may be behind ours."""


def suspects(changes: Iterable[Change], state: IncidentState) -> list[Change]:
    """Return the changes that can have done it."""
    return [one for one in changes if one.kind != LEVER and not any(_pulled(one, pull) for pull in state.pulls)]


def failing_prompt(state: IncidentState, lever: str, current: str) -> str:
    """Return the prompt that answered as it failed: the one before the first pull, or else the one in force."""
    return next((pull.before for pull in state.pulls if pull.lever == lever and pull.before), current)


def _pulled(change: Change, pull: LeverPull) -> bool:
    """Tell whether a change is the pull, or its undo, as its system's log or a look at it tells it.

    One pull may move several values of a system (a flag and the share that it gives), so system and time decide.
    """
    named = {str(pull.intent.get(part, "")) for part in ("system", "adapter")} - {""}
    if re.split("[ :]", change.ref, maxsplit=1)[0] not in named:
        return False
    spans = [(pull.pulled_at, pull.applied_at or pull.pulled_at)]
    if pull.undone_at:
        spans.append((pull.undone_at, pull.undone_at))
    return any(began - SKEW <= change.at <= ended + SEEN_WITHIN for began, ended in spans)
