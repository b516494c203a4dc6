"""Name the class, the layer and the change that did it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from cockpit.session.snapshot import Controller, Snapshot
from cockpit.session.suspects import suspects
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, lever_title, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.text import Plain, line, untrusted

LAYERS = {
    "model": "same prompt and chunks, other behaviour",
    "prompt": "failures follow a prompt version",
    "retrieval": "chunks are wrong, stale, empty, or somebody else's",
    "tool": "tool calls fail, repeat, or do the wrong thing",
    "infra": "limits, time-outs, the provider, the gateway",
}
UNKNOWN_CHANGE = "-"
SECTIONS = ("class", "layer", "change")


class ClassifyModal(AskModal):
    """Three choices in one list; enter marks one and goes on, the last line records them."""

    HEADING = "What is it, where did it break, what did it?"
    HINT: ClassVar[str] = "↑↓ move · enter mark and go on · ctrl+s record · esc leave"
    BINDINGS: ClassVar = [("ctrl+s", "record", "Record")]
    DEFAULT_CSS = """
    ClassifyModal #advice { height: 4; }
    """
    AUTO_FOCUS = "Rows"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        triage = snapshot.state.triage
        self.marked = {"class": triage.incident_class, "layer": triage.layer, "change": triage.change}

    def body(self) -> ComposeResult:
        """The list, and advice on what the cursor stands on."""
        yield Rows(id="choices", spare=7)
        yield Plain("", id="advice")

    def redraw(self) -> None:
        """Draw the three sections with their marks."""
        self.query_one("#choices", Rows).set_rows(list(self._rows()))
        self.query_one("#advice", Plain).update(self._advice())

    def _rows(self) -> Iterator[Row]:
        yield row(("Class", "bold"), ("  what kind of failure is it?", DIM))
        for kind in self.snapshot.playbook.profile.classes:
            yield from self._choice("class", kind.id, kind.title, kind.sign)
        yield row(("Layer", "bold"), ("  where did it break?", DIM))
        for layer in self.snapshot.playbook.layers:
            yield from self._choice("layer", layer, layer, LAYERS.get(layer, ""))
        yield row(("Changed thing", "bold"), ("  which change did it?", DIM))
        for change in suspects(self.snapshot.changes, self.snapshot.state):
            when = (
                f"{stamp(change.at, seconds=False)} by {change.by}" if change.by else stamp(change.at, seconds=False)
            )
            yield from self._choice("change", change.ref, change.what, when)
        yield from self._choice("change", UNKNOWN_CHANGE, "not known yet", "can be named later")
        yield row(("Record: ", f"bold {GOOD}"), self._summary(), key="record")

    def _choice(self, section: str, value: str, title: str, aside: str) -> Iterator[Row]:
        here = self.marked[section] == value or (
            section == "change" and value == UNKNOWN_CHANGE and not self.marked[section]
        )
        mark = ("● ", GOOD) if here else ("○ ", DIM)
        text = line("  ", mark, (title, "bold" if here else ""), (f"  {aside}", DIM))
        yield Row(text.truncate(self.room, ellipsis=True), f"{section}\x1f{value}")

    def _summary(self) -> Content:
        kind = self.snapshot.playbook.profile.find_class(self.marked["class"])
        parts = [kind.title if kind else "", self.marked["layer"], self.marked["change"]]
        known = " · ".join(part for part in parts if part and part != UNKNOWN_CHANGE)
        return untrusted(known) if known else line(("mark at least a class or a layer", WARN))

    def _advice(self) -> Content:
        section, _, value = self.query_one("#choices", Rows).cursor.partition("\x1f")
        if section == "class":
            kind = self.snapshot.playbook.profile.find_class(value)
            if kind is None:
                return Content("")
            levers = ", ".join(lever_title(self.snapshot, lever) for lever in kind.levers[:3])
            tail = line(("   levers: ", DIM), levers) if levers else Content("")
            return line(("sign ", DIM), kind.sign, ("\ndo   ", DIM), kind.advice, tail)
        if section == "change":
            change = next((one for one in self.snapshot.changes if one.ref == value), None)
            return line((f"{change.before} → {change.after}  ", "bold"), change.note) if change else Content("")
        return line((LAYERS.get(value, ""), DIM))

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Advise on what the cursor came to."""
        self.query_one("#advice", Plain).update(self._advice())

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Mark it and go to the next section, or record."""
        section, _, value = event.key.partition("\x1f")
        if section == "record":
            self.action_record()
            return
        self.marked[section] = value
        rows = self.query_one("#choices", Rows)
        self.redraw()
        following = (*SECTIONS, "record")[SECTIONS.index(section) + 1]
        keys = [key for key in rows.selectable() if key.partition("\x1f")[0] == following]
        marked = f"{following}\x1f{self.marked.get(following, '')}"
        # Nobody should name a culprit by pressing enter once too often.
        rows.select(marked if marked in keys else keys[-1] if following == "change" else keys[0])

    def action_record(self) -> None:
        """Ask for what is new: the class, and the layer with the change."""
        triage = self.snapshot.state.triage
        wishes = []
        if self.marked["class"] and self.marked["class"] != triage.incident_class:
            wishes.append(Wish("set_class", {"class": self.marked["class"]}))
        change = "" if self.marked["change"] == UNKNOWN_CHANGE else self.marked["change"]
        if self.marked["layer"] and (self.marked["layer"], change) != (triage.layer, triage.change):
            wishes.append(Wish("set_layer", self._layer_arguments(change)))
        if not wishes:
            missing = change and not self.marked["layer"]
            words = "a change is recorded together with a layer: mark one" if missing else "nothing new is marked"
            self.query_one("#advice", Plain).update(line((words, BAD)))
            return
        self.dismiss(tuple(wishes))

    def _layer_arguments(self, ref: str) -> dict[str, str]:
        arguments = {"layer": self.marked["layer"]}
        change = next((one for one in self.snapshot.changes if one.ref == ref), None)
        if change:
            arguments |= {"component": ref.replace(":", " "), "change": ref}
        return arguments
