"""Whether harm has stopped, in words that can't be mistaken: asked for, stored, proven on the wire, contained."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.domain.levers import LeverPull, Stage
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.facts import LOUD, control_words, counted, facts_of, moved, proposal_words, stage_words
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN, person, stamp
from cockpit.tui.text import Part, line, untrusted
from cockpit.world.port import Series

PENDING = (Stage.PULLED, Stage.APPLIED, Stage.UNKNOWN, Stage.NOT_PROVEN)


def standing(snapshot: Snapshot) -> Content:
    """Say in one line whether harm has stopped; the worst that is true of any pull comes first."""
    state = snapshot.state
    if state.canary and state.canary.state == "stuck":
        return line((f" ▲ CANARY STILL OPEN AT {state.canary.percent:g} %: closing was refused ", LOUD))
    if any(pull.stage is Stage.UNKNOWN for pull in state.pulls):
        return line((" ? UNKNOWN WHETHER A PULL ARRIVED: asked again ", LOUD))
    if changed := [pull for pull in state.pulls if moved(snapshot, pull)]:
        title, now = changed[-1].title, moved(snapshot, changed[-1])
        return line((f" ▲ SOMEBODY ELSE MOVED IT: {title} is {now} ", LOUD))
    if state.containment.since is not None:
        return line((f" ✔ CONTAINED since {stamp(state.containment.since)} ", f"bold reverse {GOOD}"))
    pulls = [pull for pull in state.pulls if pull.in_force]
    if not pulls:
        if state.pulls and state.pulls[-1].stage is Stage.REFUSED:
            return line((" ✖ REFUSED: nothing was changed ", LOUD))
        waits = "⚖ a pull waits for a second person" if state.proposals else "○ no lever pulled"
        return line((waits, WARN if state.proposals else DIM))
    pending = [pull for pull in pulls if pull.stage in PENDING]
    if pending:
        return line((f" ◐ PULLED, NOT PROVEN  {counted(snapshot, pending[-1])} ", f"bold reverse {WARN}"))
    if not snapshot.frame.harm:
        return line((" ◑ PROVEN; CONTAINED CAN'T BE MEASURED: no harm signal ", f"bold reverse {WARN}"))
    if all(isnan(series.latest) for series in snapshot.frame.harm):
        return line((" ◑ PROVEN; CONTAINED CAN'T BE MEASURED: the harm signal is silent ", f"bold reverse {WARN}"))
    return line((" ◑ PROVEN, NOT CONTAINED YET ", f"bold reverse {WARN}"))


def pull_rows(snapshot: Snapshot, pull: LeverPull, width: int) -> Iterator[Row]:
    """Tell the story of one pull: who asked, since when it is stored and on the wire, and what the answers say."""
    word, style = ("▲ moved", LOUD) if moved(snapshot, pull) else stage_words(pull)
    key = f"pull:{pull.op}" if pull.in_force else ""
    title = f"undo {pull.title}" if pull.undoes else pull.title
    head = line((f"{word} ", style), (f"{title} ", "bold"), (f"→ {pull.target}", DIM))
    yield from paragraph(head, width, hang=2, key=key)
    for part in facts_of(snapshot, pull):
        yield from paragraph(part, width, indent=2, hang=4)
    if control := control_words(pull.intent):
        yield from paragraph(line(*control), width, indent=2)
    if pull.kept_by:
        yield row((f"  kept for good by {person(pull.kept_by, snapshot.actor)}", DIM))


def proposal_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Show what waits for a second person, and which key is theirs."""
    for proposal in snapshot.state.proposals:
        yield from paragraph(proposal_words(snapshot, proposal), width, hang=2, key=f"proposal:{proposal.lever}")
        waited = mmss(snapshot.now - proposal.at)
        mine = proposal.proposer == snapshot.actor
        key = "withdraw it; somebody else has to approve" if mine else "approve or withdraw it"
        yield from paragraph(line(("p ", KEY), key, (f", waits {waited}", DIM)), width, indent=2, hang=4)


def harm_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Set each harm signal before the first lever beside now, with its line."""
    pulls = [pull for pull in snapshot.state.pulls if not pull.undoes]
    if not pulls:
        return
    for series in snapshot.frame.series:
        if not series.harm:
            continue
        before = _value_at(snapshot, series, pulls[0])
        style, now = (BAD if series.breached else GOOD), f"{series.latest:.1f}"
        if isnan(series.latest):
            style, now = WARN, "not measured now"
        shown = f"{before:.1f} → " if before is not None else ""
        limit = "" if series.threshold is None else f"  line {series.threshold:g}"
        told = line(untrusted(series.label, limit=80), f" {shown}", (now, f"bold {style}"), (limit, DIM))
        yield from paragraph(told, width, indent=2, hang=4)


def _value_at(snapshot: Snapshot, series: Series, pull: LeverPull) -> float | None:
    back = int((snapshot.frame.at - pull.pulled_at).total_seconds() / max(snapshot.frame.bin_s, 1e-9))
    place = len(series.values) - 1 - back
    if not 0 <= place < len(series.values):
        return None
    known = float(series.values[place])
    return None if known != known else known


def hint_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Say which keys lead on from here."""
    refused = snapshot.refusals
    parts: list[Part] = []
    if "undo_lever" not in refused:
        parts += [("u", KEY), " undo  "]
    if "open_canary" not in refused:
        parts += [("o", KEY), f" re-open at {snapshot.playbook.profile.canary_percent:g} %"]
    if parts:
        yield Row(line(*parts))
    canary = snapshot.state.canary
    if canary and canary.open:
        opened = f"◔ canary {canary.percent:g} % open since {stamp(canary.since)}: "
        yield from paragraph(line((opened, WARN), ("o", KEY)), width, hang=2)
    elif canary:
        reason = f": {canary.reason}" if canary.reason else ""
        style = GOOD if canary.state == "passed" else BAD
        yield from paragraph(line((f"canary {canary.percent:g} % {canary.state}{reason}", style)), width, hang=2)
