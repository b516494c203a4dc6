"""Three facts of a pull, never mixed: asked for, stored, seen on the wire; nothing is green too soon."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from cockpit.domain.levers import LeverPlan, LeverPull, Proposal, Stage, control_of
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, person, stamp
from cockpit.tui.text import Part, line
from cockpit.world.port import Proof

LOUD = f"bold reverse {BAD}"


def proof_of(snapshot: Snapshot, pull: LeverPull) -> tuple[int, int]:
    """Return (matched, of) answers on the wire for a pull: counted live, or as the journal last said."""
    proofs: Mapping[str, Proof] = snapshot.extra.get("proofs") or {}
    live = proofs.get(pull.op)
    if live is not None and pull.stage is not Stage.PROVEN:
        return live.matched, live.of
    return pull.matched, pull.of


def counted(snapshot: Snapshot, pull: LeverPull) -> str:
    """Write how many answers carry a pull, or that none has come yet."""
    matched, of = proof_of(snapshot, pull)
    return f"{matched}/{of} answers" if of else "no answer seen yet"


def stage_words(pull: LeverPull) -> tuple[str, str]:
    """Return a pull's stage for the ladder, and its style."""
    return {
        Stage.PULLED: ("◌ asked", WARN),
        Stage.APPLIED: ("◐ stored", WARN),
        Stage.REFUSED: ("✖ refused", BAD),
        Stage.UNKNOWN: ("? UNKNOWN", LOUD),
        Stage.PROVEN: ("● proven", GOOD),
        Stage.NOT_PROVEN: ("✖ no proof", BAD),
        Stage.UNDONE: ("↶ undone", DIM),
    }[pull.stage]


def asked(snapshot: Snapshot, pull: LeverPull) -> Content:
    """The first fact: who asked, when, and whether they were two."""
    who, when = person(pull.actor, snapshot.actor), stamp(pull.pulled_at)
    if pull.alone:
        return line("✔ ", (f"{who} asked {when}", ""), (f" ALONE: {pull.alone}", f"bold {BAD}"))
    if pull.proposer:
        proposer = person(pull.proposer, snapshot.actor)
        return line("✔ ", f"{proposer} asked, {who} approved {when}")
    return line("✔ ", f"{who} asked {when}")


def stored(pull: LeverPull) -> Content:
    """The second fact: whether the system was read back and holds it."""
    if pull.applied_at:
        return line(("✔ ", GOOD), f"stored {stamp(pull.applied_at)}")
    if pull.stage is Stage.UNKNOWN:
        return line((" ? UNKNOWN ", LOUD), (" whether it is stored: asked again with the same key", BAD))
    if pull.stage is Stage.REFUSED:
        return line(("✖ refused: nothing was changed", BAD))
    return line(("◌ not stored yet", WARN))


def seen(snapshot: Snapshot, pull: LeverPull) -> Content:
    """The third fact: what the answers on the wire carry."""
    if pull.stage is Stage.PROVEN:
        words = f"{counted(snapshot, pull)} carry {pull.config_id or 'it'}"
        return line(("✔ ", GOOD), (f"on the wire {stamp(pull.proven_at)}", GOOD), f", {words}")
    if pull.stage is Stage.UNDONE:
        return line(("↶ taken back", DIM), (f" {stamp(pull.undone_at)}", DIM))
    if pull.stage is Stage.UNKNOWN:
        return line(("◌ on the wire: looked for once it is known to be stored", DIM))
    if not pull.stored:
        return line(("◌ not on the wire yet", DIM))
    failed = pull.stage is Stage.NOT_PROVEN
    carried = f"{counted(snapshot, pull)} carry it" if proof_of(snapshot, pull)[1] else counted(snapshot, pull)
    return line(("✖ not proven: " if failed else "◌ not proven: ", BAD if failed else WARN), carried)


def moved(snapshot: Snapshot, pull: LeverPull) -> str:
    """Return the value that somebody else has put where a pull had set its own; empty as long as that stands."""
    view = next((one for one in snapshot.levers if one.name == pull.lever), None)
    canary = snapshot.state.canary
    if view is None or view.looked_at is None or not pull.in_force or pull.kept_by or "value" not in pull.intent:
        return ""
    if canary and pull.op in canary.reopens:
        return ""  # its own way back, by way of the canary
    fresh = pull.applied_at is not None and view.looked_at > pull.applied_at
    return view.current if fresh and view.value != pull.intent["value"] else ""


def facts_of(snapshot: Snapshot, pull: LeverPull) -> list[Content]:
    """The three facts in their order, and why where something is in the way; an undo's proof is its pull's end."""
    lines = [asked(snapshot, pull), stored(pull)]
    if pull.stage is not Stage.REFUSED and not pull.undoes:
        lines.append(seen(snapshot, pull))
    if now := moved(snapshot, pull):
        lines.append(line((f"▲ it is {now} now: somebody changed it since (w)", f"bold {BAD}")))
    if pull.reason:
        lines.append(line((pull.reason, BAD)))
    return lines


def control_words(intent: Mapping[str, object]) -> list[Part]:
    """Name the real system and address that an intent changes, and whether it is staging; empty in a simulator."""
    control = control_of(intent)
    if control is None:
        return []
    place: Part = (" staging ", "bold reverse") if intent.get("staging") else (" PRODUCTION ", LOUD)
    return [place, "  ", (control[0], "bold"), " · ", (control[1], "")]


def version_words(version: str) -> str:
    """Name a version, unless it is a mere digest of the value."""
    return f"version {version}" if version and not version.startswith("#") else ""


def proposal_words(snapshot: Snapshot, proposal: Proposal) -> Content:
    """Say who proposes what."""
    undo = "undo " if proposal.undoes else ""
    who = person(proposal.proposer, snapshot.actor)
    verb = "propose" if who == "you" else "proposes"
    change = (f"{undo}{proposal.title}", "bold")
    return line(("⚖ ", WARN), f"{who} {verb} ", change, f"  {proposal.before} → ", (proposal.target, f"bold {WARN}"))


def plan_version(plan: LeverPlan) -> Part:
    """Name the version of the current value and who set it, where known."""
    words = ", ".join(part for part in (version_words(plan.version), _set_by(plan)) if part)
    return (f"   ({words})", DIM) if words else ""


def _set_by(plan: LeverPlan) -> str:
    by = str(plan.intent.get("by") or "")
    return f"set by {by}" if by and by not in plan.side_effects else ""
