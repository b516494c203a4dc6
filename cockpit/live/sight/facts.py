"""What the severity rubric may ask about, as far as traces tell; what they do not tell is no fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cockpit.live.sight.cells import Cells, place_of
from cockpit.live.sight.people import People
from cockpit.live.sight.signals import LEAST, LONGEST, SCORE, Signals
from cockpit.world.eyes import facts_of
from cockpit.world.port import Series

Facts = dict[str, float | bool | str]

AFFECTED_S = 600.0
"""How long a tenant or route counts as affected after a bad answer, in seconds."""
CANARY = "canary"


def facts_from(
    at: datetime, series: Sequence[Series], cells: Cells, people: People, signals: Signals, harmed: int
) -> Facts:
    """Return every fact that traces tell at a moment."""
    facts = facts_of(series)
    if people.leaked:
        facts["leak_seen"] = True
    if people.injected:
        facts["injection_seen"] = True
    if people.recorded:
        facts["users_harmed"] = float(harmed)
    if people.touched_regulated(at.timestamp() - AFFECTED_S):
        facts["regulated"] = True
    tenants, routes = people.affected(at.timestamp() - AFFECTED_S)
    facts |= {
        name: float(count) for name, count in (("affected_tenants", tenants), ("affected_routes", routes)) if count
    }
    return {**facts, **_worse(series, signals), **_canary(at, cells)}


def _worse(series: Sequence[Series], signals: Signals) -> Facts:
    facts: Facts = {}
    known = {one.name: one for one in series if one.latest == one.latest and one.baseline == one.baseline}
    if failing := known.get("failing_pct"):
        facts["degraded_share"] = round(max(0.0, failing.latest - failing.baseline) / 100.0, 4)
    drops = [
        100.0 * (one.baseline - one.latest) / signals.width(name)
        for name, one in known.items() if name.startswith(SCORE)
    ]  # fmt: skip
    if drops:
        facts["quality_drop"] = round(max(0.0, *drops), 2)
    return facts


def _canary(at: datetime, cells: Cells) -> Facts:
    if CANARY not in cells.arms:
        return {}
    last = place_of(at.timestamp())
    lately = cells.between(CANARY, last - LONGEST + 1, last).count
    facts: Facts = {"canary_answers": float(lately["n"])}
    if lately["n"] >= LEAST:
        facts["canary_bad_pct"] = round(100.0 * lately["failing"] / lately["n"], 2)
    return facts
