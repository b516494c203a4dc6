"""Whether harm has stopped, in words that can't be mistaken: asked for, stored, proven on the wire, contained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content

from cockpit.domain.levers import LeverPull, Stage
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN, person, stamp
from cockpit.tui.text import Part, line, untrusted
from cockpit.world.port import Proof, Series

PENDING = (Stage.PULLED, Stage.APPLIED, Stage.UNKNOWN, Stage.NOT_PROVEN)


def proof_of(snapshot: Snapshot, pull: LeverPull) -> tuple[int, int]:
    """Return (matched, of) answers on the wire for a pull: counted live, or as the journal last said."""
    proofs: Mapping[str, Proof] = snapshot.extra.get("proofs") or {}
    live = proofs.get(pull.op)
    if live is not None and pull.stage is not Stage.PROVEN:
        return live.matched, live.of or snapshot.playbook.profile.proof_last
    return pull.matched, pull.of or snapshot.playbook.profile.proof_last


def standing(snapshot: Snapshot) -> Content:
    """Say in one line whether harm has stopped."""
    state = snapshot.state
    if state.containment.since is not None:
        return line((f" ✔ CONTAINED since {stamp(state.containment.since)} ", f"bold reverse {GOOD}"))
    pulls = [pull for pull in state.pulls if pull.in_force]
    if not pulls:
        return line(("○ no lever pulled", DIM))
    pending = [pull for pull in pulls if pull.stage in PENDING]
    if pending:
        matched, of = proof_of(snapshot, pending[-1])
        words = f" ◐ PULLED, NOT PROVEN  {matched}/{of} answers "
        return line((words, f"bold reverse {WARN}"))
    return line((" ◑ PROVEN, NOT CONTAINED YET ", f"bold reverse {WARN}"))


def stage_words(pull: LeverPull) -> tuple[str, str]:
    """Return a pull's stage for the ladder, and its style."""
    return {
        Stage.PULLED: ("◌ asked", WARN),
        Stage.APPLIED: ("◐ stored", WARN),
        Stage.REFUSED: ("✖ refused", BAD),
        Stage.UNKNOWN: ("? unknown", BAD),
        Stage.PROVEN: ("● proven", GOOD),
        Stage.NOT_PROVEN: ("✖ no proof", BAD),
        Stage.UNDONE: ("↶ undone", DIM),
    }[pull.stage]


def pull_rows(snapshot: Snapshot, pull: LeverPull, width: int) -> Iterator[Row]:
    """Tell the story of one pull: who asked, since when it is stored and on the wire, and what the answers say."""
    word, style = stage_words(pull)
    key = f"pull:{pull.op}" if pull.in_force else ""
    title = f"undo {pull.title}" if pull.undoes else pull.title
    head = line((f"{word} ", style), (f"{title} ", "bold"), (f"→ {pull.target}", DIM))
    yield from paragraph(head, width, hang=2, key=key)
    for part in _facts_of(snapshot, pull):
        yield from paragraph(part, width, indent=2)


def _facts_of(snapshot: Snapshot, pull: LeverPull) -> Iterator[Content]:
    matched, of = proof_of(snapshot, pull)
    stored = f" · stored {stamp(pull.applied_at)}" if pull.applied_at else ""
    yield line((f"{person(pull.actor, snapshot.actor)} asked {stamp(pull.pulled_at)}{stored}", DIM))
    if pull.stage is Stage.PROVEN:
        yield line((f"on the wire {stamp(pull.proven_at)}", GOOD))
        yield line((f"{matched}/{of}", GOOD), " answers carry ", (pull.config_id or "it", DIM))
    elif pull.in_force and pull.stage in PENDING:
        yield line((f"not proven: {matched}/{of}", WARN), " answers carry it")
    if pull.reason:
        yield untrusted(pull.reason, BAD)
    if pull.kept_by:
        yield line((f"kept for good by {person(pull.kept_by, snapshot.actor)}", DIM))


def harm_rows(snapshot: Snapshot, width: int) -> Iterator[Row]:
    """Set each harm signal before the first lever beside now, with its line."""
    pulls = [pull for pull in snapshot.state.pulls if not pull.undoes]
    if not pulls:
        return
    for series in snapshot.frame.series:
        if not series.harm:
            continue
        before = _value_at(snapshot, series, pulls[0])
        style = BAD if series.breached else GOOD
        shown = f"{before:.1f} → " if before is not None else ""
        limit = "" if series.threshold is None else f"  line {series.threshold:g}"
        yield row("  ", untrusted(series.label, limit=max(8, width - 20)), f" {shown}",
                  (f"{series.latest:.1f}", f"bold {style}"), (limit, DIM))  # fmt: skip


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
    if canary and canary.state == "watching":
        opened = f"◔ canary {canary.percent:g} % open since {stamp(canary.since)}: "
        yield from paragraph(line((opened, WARN), ("o", KEY)), width, hang=2)
    elif canary:
        reason = f": {canary.reason}" if canary.reason else ""
        style = GOOD if canary.state == "passed" else BAD
        yield from paragraph(line((f"canary {canary.percent:g} % {canary.state}{reason}", style)), width, hang=2)
