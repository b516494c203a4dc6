"""What is left to do after incidents, as rows of the home screen: the late first, waivers as long as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.tui.panes.rows import Row, row
from cockpit.tui.panes.words import BAD, DIM, WARN
from cockpit.tui.text import Part, line, untrusted

if TYPE_CHECKING:
    from cockpit.postmortem.left import Duty, Left

SOON = timedelta(days=3)
"""An action item is shown this long before its day is over; a postmortem is shown until it is signed."""
MOST = 10
POSTMORTEM = "postmortem"
FOREVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row: what it opens, how urgent it is, and its words."""

    key: str
    incident: str
    item: str
    urgency: tuple[int, timedelta]
    row: Content
    brief: str


def reminders(found: Sequence[Left]) -> list[Reminder]:
    """Return what is late, what is due soon, and every waiver; of drills only what is late by their own clock."""
    made = [one for left in found for one in _of(left)]
    return sorted(made, key=lambda one: one.urgency)


def reminder_rows(found: Sequence[Reminder], width: int) -> Iterator[Row]:
    """Draw them under their heading; nothing where there are none."""
    if not found:
        return
    yield row(("After incidents: enter opens the postmortem", "bold $text-warning"))
    for one in found[:MOST]:
        yield Row(one.row.truncate(width, ellipsis=True), one.key)
    if len(found) > MOST:
        yield row((f"  … and {len(found) - MOST} more: cockpit actions-due", DIM))


def standing_of(left: Left | None) -> str:
    """Say what became of an incident that is over, an empty text where nothing is known."""
    if left is None:
        return ""
    waived = f", {' and '.join(one.what for one in left.waivers)} waived" if left.waivers else ""
    signed = "postmortem signed" if left.signed else "postmortem not signed"
    return f"closed, {signed}{waived}" if left.closed_at else f"not closed yet, {signed}{waived}"


def _of(left: Left) -> Iterator[Reminder]:
    for duty in left.duties:
        if _shown(left, duty):
            yield _duty(left, duty)
    if left.live:
        for number, one in enumerate(left.waivers):
            until = f" until {one.until}" if one.until else ""
            words: Part = (f"waived{until}".ljust(17), WARN)
            told = f"{one.what} by {one.actor}: {one.reason}"
            yield Reminder(
                f"left:{left.incident}:waiver:{number}", left.incident, "", (1, FOREVER),
                _row(left, words, told), f"{left.title}\nThe {told}",
            )  # fmt: skip


def _shown(left: Left, duty: Duty) -> bool:
    if duty.late or not left.live or duty.due is None:
        return duty.late
    return duty.item == POSTMORTEM or duty.due - left.now <= SOON


def _duty(left: Left, duty: Duty) -> Reminder:
    spare = (duty.due or left.now) - left.now
    words: Part = (f"OVERDUE {_about(-spare)}".ljust(17), f"bold {BAD}")
    if not duty.late:
        words = (f"due in {_about(spare)}".ljust(17), WARN)
    owner = f" ({duty.owner})" if duty.owner else ""
    told = duty.what if duty.item == POSTMORTEM else f"{duty.item}: {duty.what}{owner}"
    due = f"{duty.due:%d %b %Y %H:%M} UTC" if duty.due else "no date"
    return Reminder(
        f"left:{left.incident}:{duty.item}", left.incident, duty.item, (0 if duty.late else 2, spare),
        _row(left, words, told), f"{left.title}\n{told}. Due until {due}.",
    )  # fmt: skip


def _row(left: Left, words: Part, told: str) -> Content:
    return line("  ", (left.incident.ljust(10), "bold"), words, " ", untrusted(told, multiline=False, limit=200))


def _about(span: timedelta) -> str:
    from cockpit.tui.postmortem.words import about

    return about(span)
