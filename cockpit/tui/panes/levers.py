"""Pane 5: the ladder of levers, what has been pulled, and whether it is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.levers import LeverPull, LeverSpec, LeverView, Stage
from cockpit.domain.triage import advised_levers
from cockpit.session.snapshot import Snapshot
from cockpit.tui.messages import ModalRequested, PlanRequested
from cockpit.tui.panes.facts import LOUD, moved, stage_words
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.proof import harm_rows, hint_rows, proposal_rows, pull_rows, standing
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.words import DIM, GOOD, WARN
from cockpit.tui.text import fit, line, untrusted

WIDEST_TITLE = 19
READY = "ready"
ROOMY = 34
"""From so many cells on there is room for all that a lever has to say."""


class LeversPane(RowPane):
    """The ladder, cheapest and safest first; enter plans a pull, nothing here pulls."""

    NUMBER = 5
    TITLE = "Levers"
    HELP = """# Levers
What can stop the harm, cheapest and safest first (1–7), then the rest. **Enter** opens a lever's *plan*: current →
target, who is hit, how long it takes. Nothing is pulled until you type the four letters shown there.

Three facts are kept apart: **asked** (you pulled it), **stored** (the system read it back), **proven** (the answers
on the wire carry it). Until then the top line says *PULLED, NOT PROVEN*. *UNKNOWN* means that nobody can tell whether
it arrived: it is asked again with the same key until that is certain, and its control is left alone meanwhile.
**CONTAINED** is measured: harm stayed under its line for a whole window. **⚖** waits for a second person (**p**).
Every pull stays on the debt list until it is undone (**u**) or made permanent.
★ marks what your answers and the class advise.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Plan", show=False)]

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Standing, ladder, the lever under the cursor, pulls, harm and hints."""
        pairs = _specs(snapshot)
        waiting = list(proposal_rows(snapshot, width))
        story = [*_pulls(snapshot, width), *harm_rows(snapshot, width), *hint_rows(snapshot, width)]
        return [
            *paragraph(standing(snapshot), width),
            *waiting,
            *_ladder(snapshot, [pair for pair in pairs if pair[0].rung < 8], width),
            *([Row(Content("")), *story, Row(Content(""))] if story else []),
            *_ladder(snapshot, [pair for pair in pairs if pair[0].rung >= 8], width),
            *self._under_cursor(snapshot, width),
        ]

    def heading_of(self, snapshot: Snapshot) -> tuple[str, str]:
        """Name the service above; keys and debt below."""
        debt = len(snapshot.state.debt)
        owed = f" · debt {debt}" if debt else ""
        return snapshot.state.service, f"enter plan · u undo{owed}"

    def first_cursor(self, keys: Sequence[str]) -> str:
        """Begin on the advised lever."""
        advised = advised_levers(self.snapshot.playbook, self.snapshot.state) if self.snapshot else ()
        return next((f"lever:{name}" for name in advised if f"lever:{name}" in keys), keys[0])

    def called(self) -> None:
        """Put the cursor on the lever that the next step names."""
        key = f"lever:{self.snapshot.advice.lever}" if self.snapshot else ""
        if key in self.selectable():
            self.select(key)
            self.reveal(self.cursor)

    def select(self, key: str) -> None:
        """Move, and describe the lever that the cursor is on now."""
        super().select(key)
        self.rebuild()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open the plan of a lever, or the undo of a pull."""
        event.stop()
        kind, _, name = event.key.partition(":")
        if kind == "lever":
            self.post_message(PlanRequested(name))
        elif kind == "proposal":
            self.post_message(ModalRequested("approve", {"lever": name}))
        else:
            pull = self.snapshot.state.pull(name) if self.snapshot else None
            self.post_message(ModalRequested("undo", {"lever": pull.lever} if pull else {}))

    def _under_cursor(self, snapshot: Snapshot, width: int) -> Iterator[Row]:
        name = self.cursor.removeprefix("lever:")
        spec = snapshot.playbook.lever(name)
        view = next((one for one in snapshot.levers if one.name == name), None)
        yield Row(Content(""))
        if spec:
            yield from paragraph(untrusted(spec.what, DIM), width, indent=1)
        if view and view.ready:
            yield from paragraph(line(("not ready: ", WARN), view.ready), width, indent=1)


def _specs(snapshot: Snapshot) -> list[tuple[LeverSpec, LeverView]]:
    """Pair the levers of the world with the playbook's words for them, in the order of the ladder."""
    pairs = [
        (
            snapshot.playbook.lever(view.name)
            or LeverSpec(view.name, 8, view.name.replace("_", " ").capitalize(), ""),
            view,
        )
        for view in snapshot.levers
    ]
    return sorted(pairs, key=lambda pair: pair[0].rung)


def _ladder(snapshot: Snapshot, pairs: Sequence[tuple[LeverSpec, LeverView]], width: int) -> Iterator[Row]:
    advised = advised_levers(snapshot.playbook, snapshot.state)
    titles = min(WIDEST_TITLE, max(8, width // 2))
    for spec, view in pairs:
        rung = str(spec.rung) if spec.rung < 8 else "·"
        star = line(("★", WARN)) if spec.name in advised[:3] else Content(" ")
        pull = _last(snapshot, spec.name)
        status, style = ("⚖ waits", WARN) if snapshot.state.proposal(spec.name) else _status(view, pull)
        if pull and moved(snapshot, pull):
            status, style = "▲ moved", LOUD
        if status == READY and width < ROOMY:
            status = ""  # its target says more
        room = width - titles - len(status) - 5
        head = line((rung, "bold"), star, (fit(spec.title, titles), "bold" if not view.ready else DIM), " ")
        yield Row(head + _values(view, pull, room) + line(" ", (status, style)), f"lever:{spec.name}")


def _values(view: LeverView, pull: LeverPull | None, room: int) -> Content:
    """Draw current → target in exactly `room` cells."""
    if room < 4:
        return Content(" " * max(0, room))
    target = next((choice for choice in view.choices if choice != view.current), "")
    if pull and pull.in_force:
        return line((fit(_held(view, pull), room), GOOD if pull.stored else DIM))
    if not target:
        return line((fit(view.current, room), DIM))
    arrow = f"{view.current} → "
    if len(arrow) + 4 > room:
        return line((fit(f"→ {target}", room), ""))
    return line((arrow, DIM), fit(target, room - len(arrow)))


def _held(view: LeverView, pull: LeverPull) -> str:
    """Return the value in force; a real system's, as it was read back until it has been looked at again."""
    if "value" not in pull.intent or not pull.stored or pull.applied_at is None:
        return view.current
    return view.current if view.looked_at and view.looked_at > pull.applied_at else pull.target


def _last(snapshot: Snapshot, lever: str) -> LeverPull | None:
    found = [pull for pull in snapshot.state.pulls if pull.lever == lever]
    if not found:
        return None
    last = found[-1]
    if last.undoes and last.applied_at is not None:
        return replace(last, stage=Stage.UNDONE)
    return last


def _status(view: LeverView, pull: LeverPull | None) -> tuple[str, str]:
    if pull is not None:
        return stage_words(pull)
    if view.ready:
        return "not ready", WARN
    if view.practised_s is not None:
        return f"{view.practised_s:.3g} s", DIM
    return READY, DIM


def _pulls(snapshot: Snapshot, width: int) -> Iterator[Row]:
    for pull in reversed(snapshot.state.pulls):
        if pull.in_force or pull is snapshot.state.pulls[-1]:
            yield from pull_rows(snapshot, pull, width)
