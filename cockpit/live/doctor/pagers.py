"""What the doctor looks at of pagers: that each can wake somebody, and whom; nobody is woken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.doctor.findings import Found, Scribe
from cockpit.live.pager_stops import PagerStop, pager_stops
from cockpit.world.contract_pager import EVERYTHING, PAGE
from cockpit.world.fleet import Fleet

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

AREA = "pagers"


def pager_findings(live: LiveOptions, fleet: Fleet) -> list[Found]:
    """Say how every pager stands; its system is examined as all systems are."""
    return [found for stop in pager_stops(live, fleet) for found in _of(stop, live)]


def _of(stop: PagerStop, live: LiveOptions) -> list[Found]:
    scribe = Scribe(AREA, stop.name)
    if stop.pager is None:
        return [scribe.wrong("usable", stop.problem, stop.hint or "Correct its table in cockpit.toml.")]
    found = [scribe.fine("wired", f"wakes {stop.pager.target(stop.target)}")]
    if PAGE not in stop.pager.does:
        found = [scribe.wrong("pages", "its keys do not let it send pages", "Name the key for that: see its page.")]
    elif missing := sorted(EVERYTHING - stop.pager.does):
        found.append(scribe.note("does", f"its keys do not let it {', '.join(missing)}"))
    if lost := sorted({*live.pagers[stop.name].sources, *live.pagers[stop.name].groups} - stop.sources - stop.groups):
        step = "Name each source in one pager."
        found.append(scribe.warning("sources", f"{', '.join(lost)} belongs to another pager already", step))
    return found
