"""What the dialog of updates says: what is wrong with one, where it goes, and whether it comes at the right time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content

from cockpit.domain.cadence import soon_after
from cockpit.domain.clock import mmss
from cockpit.domain.comms import next_after
from cockpit.domain.filling import fill
from cockpit.domain.parts import AUDIENCES
from cockpit.session.lint_update import cause_proven, lint_update, who_wrote_in
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.told import due_words
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, stamp
from cockpit.tui.text import Part, line

MOST_FLAWS = 3


def filled(snapshot: Snapshot, audience: str, status: str) -> str:
    """Return the template for an audience and a state, filled; empty where there is none."""
    playbook = snapshot.playbook
    template = playbook.template(audience, status)
    if template is None:
        return ""
    due = next_after(snapshot.now, playbook.profile.cadence) if snapshot.next_due else None
    return fill(template, snapshot.state, snapshot.facts, snapshot.now, due, playbook.levers)


def flaws_line(text: str, snapshot: Snapshot) -> Content:
    """Say what is missing from a text, and where it says what it should not."""
    flaws = lint_update(text, proven_cause=cause_proven(snapshot.state), names=withheld_names(snapshot))
    if not flaws:
        return line(("✔ says status, impact, action and when they hear next", GOOD))
    missing = ", ".join(flaw.kind.removeprefix("missing ") for flaw in flaws if not flaw.end)
    parts: list[Part] = [("○ missing: ", f"bold {WARN}"), missing] if missing else []
    for number, flaw in enumerate([flaw for flaw in flaws if flaw.end][:MOST_FLAWS]):
        gap = "\n" if number or missing else ""
        parts += [f"{gap}", (f"▲ {flaw.place(text)} {flaw.kind}: ", f"bold {WARN}"), f"“{flaw.words}”  "]
        parts.append((flaw.advice, DIM))
    return line(*parts)


def withheld_names(snapshot: Snapshot) -> Collection[str]:
    """Return the names of users who wrote in, which go out only on somebody's word."""
    return who_wrote_in(snapshot.state, snapshot.people)


def masked_words(hidden: int, raw: bool) -> Part:
    """Say whether personal data or secrets are masked."""
    if raw:
        said = "PERSONAL DATA AND SECRETS GO OUT AS THEY ARE, and the journal says that you said so"
        return (f"\n{said} · ctrl+o masks them", BAD)
    many = f"\n{hidden} piece{'s' if hidden > 1 else ''} of personal data or secrets masked · ctrl+o sends as it is"
    return (many, WARN) if hidden else ""


def where_words(snapshot: Snapshot, wired: Sequence[str], taken: Sequence[str], audience: str) -> Part:
    """Say where an update goes."""
    if not snapshot.state.live:
        return ("a drill: it stays in its journal", DIM)
    if not wired:
        return (f"no channel is wired for {audience}: it stays in the journal", WARN)
    if not taken:
        return ("no channel: it stays in the journal", WARN)
    left = [one for one in wired if one not in taken]
    return f"by {', '.join(taken)}{' · not by ' + ', '.join(left) if left else ''}"


def timing_line(snapshot: Snapshot, audience: str, status: str) -> Content:
    """Say when it is due, and whether it comes too soon for these people."""
    cadence = snapshot.playbook.profile.cadence
    ago = soon_after(snapshot.state, cadence, audience, status, snapshot.now)
    due = due_words(snapshot)
    if ago is None or snapshot.rhythm is None:
        return due
    soon = f"\n▲ {audience} heard “{status}” {mmss(ago)} ago: with nothing new this counts as too soon"
    return due + line((soon, WARN))


def audience_choices(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return every audience, with when it was last told."""
    told = {one.audience: one for one in snapshot.state.updates}
    return [
        (name, f"{name}  (told {stamp(told[name].at, seconds=False)})" if name in told else name)
        for name in AUDIENCES
    ]
