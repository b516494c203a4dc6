"""What is said about updates in several places: when one is due, how they kept time, and what has not arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.domain.cadence import put_off
from cockpit.domain.clock import mmss
from cockpit.domain.deliveries import Stage, unsettled
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, person, stamp
from cockpit.tui.text import Part, line

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot

FAIR = 0.9
"""A share of the time in which updates came in time that is told without a warning."""


def due_words(snapshot: Snapshot) -> Content:
    """Say when the next update is due, and whether the reminder was put off."""
    if snapshot.next_due is None:
        return line(("no update is due", DIM))
    left = (snapshot.next_due - snapshot.now).total_seconds()
    due: Part = (f"next update due in {mmss(left)}", DIM) if left >= 0 else (f"OVERDUE by {mmss(-left)}", BAD)
    snooze = put_off(snapshot.state, snapshot.now)
    if snooze is None:
        return line(due)
    who = person(snooze.actor, snapshot.actor)
    return line(due, (f" · reminder off until {stamp(snooze.until, seconds=False)} by {who}", WARN))


def due_title(snapshot: Snapshot) -> str:
    """Say in a border when the next update is due and which key writes one."""
    if snapshot.next_due is None:
        return "c update · n note"
    left = (snapshot.next_due - snapshot.now).total_seconds()
    if left >= 0:
        return f"next update in {mmss(left)} · c update"
    snooze = put_off(snapshot.state, snapshot.now)
    if snooze is not None:
        return f"update late {mmss(-left)}, snoozed until {stamp(snooze.until, seconds=False)} · c update"
    return f"UPDATE OVERDUE by {mmss(-left)} · c update · Z snooze"


def cadence_words(snapshot: Snapshot) -> Content:
    """Say how updates have kept time, both ways."""
    seen, asked = snapshot.rhythm, snapshot.playbook.profile.cadence
    if seen is None:
        return line(("no cadence is asked for", DIM))
    words = f"in time {seen.in_time:.0%} of the time"
    if seen.gaps:
        words += f", {seen.gaps} gap{'s' if seen.gaps > 1 else ''} too long by {mmss(seen.late_s)}"
    if seen.too_soon:
        words += f", {len(seen.too_soon)} update{'s' if len(seen.too_soon) > 1 else ''} too soon"
    promised = f"  (first within {asked.first_s / 60:g} min, then every {asked.every_s / 60:g})"
    return line((words, GOOD if seen.in_time >= FAIR and not seen.too_soon else WARN), (promised, DIM))


def short_cadence(snapshot: Snapshot) -> str:
    """Say the same in a few cells, and nothing while all is well."""
    seen = snapshot.rhythm
    if seen is None or (seen.in_time >= 1.0 and not seen.too_soon):
        return ""
    soon = f", {len(seen.too_soon)} too soon" if seen.too_soon else ""
    return f"in time {seen.in_time:.0%}{soon}"


def short_deliveries(snapshot: Snapshot) -> str:
    """Say in a few cells how much has failed and how much waits; empty while everything has arrived."""
    missing = unsettled({**snapshot.state.deliveries, **snapshot.state.errands})
    failed = sum(one.stage in (Stage.REFUSED, Stage.UNKNOWN) for one in missing)
    waiting = sum(one.stage is Stage.WAITING for one in missing)
    told = [f"✖ {failed}" if failed else "", f"◔ {waiting}" if waiting else ""]
    return " ".join(one for one in told if one)
