"""What the doctor looks at of channels: that each can tell people, and that every audience has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.parts import AUDIENCES
from cockpit.live.doctor.findings import Found, Scribe
from cockpit.live.outlets import Outlet, outlets
from cockpit.world.fleet import Fleet

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

AREA = "channels"


def channel_findings(live: LiveOptions, fleet: Fleet) -> list[Found]:
    """Say how every channel stands; nothing is sent. Its system is examined as all systems are."""
    found = [_one(outlet) for outlet in outlets(live, fleet)]
    told = {audience for one in live.channels.values() for audience in one.audiences}
    missing = [audience for audience in AUDIENCES if audience not in told]
    if live.channels and missing:
        detail = f"updates for {', '.join(missing)} go nowhere by themselves"
        found.append(Scribe(AREA, "").note("audiences", detail, "Add them to a channel, or tell them by hand."))
    return found


def _one(outlet: Outlet) -> Found:
    scribe = Scribe(AREA, outlet.name)
    if outlet.channel is None:
        return scribe.wrong("usable", outlet.problem, outlet.hint or "Correct its table in cockpit.toml.")
    repeat = "sent again when unsure" if outlet.once else "an unsure one is shown as unknown, not sent again"
    return scribe.fine("wired", f"for {', '.join(sorted(outlet.audiences))}; {repeat}")
