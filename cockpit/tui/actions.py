"""What a key asks for: the registry's actions by key, and the few things that only a screen can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot

OPENING = "the incident is still being opened"


@dataclass(frozen=True, slots=True)
class Command:
    """One key of the cockpit.

    Attributes:
        label: one or two words for the key bar.
        rank: the higher, the sooner the key bar leaves it out where it is tight.
        actions: what it can lead to in the registry; it works while at least one of them may run.
        modal: the modal it opens; without one, the first action that may run is carried out at once.
        arguments: what the modal is told.
        pane: the pane that the cursor goes to.
        hidden: left out of the key bar.
        only: where it makes sense: `simulated` or `exercise` runs, `proposal` while one waits; empty is everywhere.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    rank: int
    help: str
    actions: tuple[str, ...] = ()
    modal: str = ""
    arguments: Mapping[str, str] | None = None
    pane: int = 0
    hidden: bool = False
    only: str = ""


_CANARY = ("open_canary", "widen_canary", "abort_canary")
_LEARN = ("add_fixture", "prove_fixture", "waive_fixture", "name_alert", "close_incident")
_ROLES = ("take_role", "hand_over_role", "accept_role", "decline_role", "release_role", "take_over_role")

COMMANDS: tuple[Command, ...] = (
    Command("acknowledge", ("a",), "Ack", 2,
            "Say that you have seen the page and are on it.", ("acknowledge", "answer_pages")),
    Command("severity", ("s",), "Severity", 3,
            "Call the severity: see which rule fired, confirm or raise.", ("set_severity",), "severity"),
    Command("tree", ("t",), "Triage", 4, "Go to the decision tree and answer what it asks.", pane=2),
    Command("classify", ("i",), "Identify", 9,
            "Name the class, the layer and the change that did it.", ("set_class", "set_layer"), "classify"),
    Command("characterise", ("g",), "Gauge", 10,
            "Since when, what share, what shape, whom: characterise and scope.",
            ("characterise", "set_scope"), "characterise"),
    Command("freeze", ("e",), "Freeze", 6,
            "Freeze the evidence before a lever changes it.", ("freeze_evidence",)),
    Command("levers", ("l",), "Levers", 4, "Go to the levers; enter shows a lever's plan.", pane=5),
    Command("undo", ("u",), "Undo", 7,
            "Take a lever back.", ("undo_lever", "keep_lever"), "undo"),
    Command("approve", ("p",), "Approve", 1,
            "Approve or withdraw a lever that waits for a second person.",
            ("approve_lever", "withdraw_lever"), "approve", only="proposal"),
    Command("canary", ("o",), "Canary", 7,
            "Open the way back for a few users, widen it, or close it.", _CANARY, "canary"),
    Command("filter", ("f",), "Filter", 8, "Go to the traces and filter them.", pane=4),
    Command("groups", ("v",), "Groups", 12,
            "View failing traces together: groups, how far it reaches, what speaks for each layer."),
    Command("changes", ("w",), "Changed", 8, "What changed lately, newest first.", (), "changes"),
    Command("update", ("c",), "Update", 5,
            "Write an update from a template and post it.", ("post_update",), "update"),
    Command("snooze", ("Z",), "Snooze", 12,
            "Put the reminder of the next update off.", ("snooze_update",), "snooze", hidden=True),
    Command("deliveries", ("D",), "Deliveries", 12,
            "Where updates, pages and tickets went: what waits or failed and why; try one again.",
            (), "deliveries", hidden=True),
    Command("roles", ("r",), "Roles", 6,
            "Take, hand over or accept a role; there is exactly one IC.", _ROLES, "roles"),
    Command("page", ("W",), "Page", 12,
            "Wake somebody by a pager, or take the pages that are open.", ("page", "answer_pages"), "page",
            hidden=True),
    Command("tasks", ("T",), "Tasks", 12,
            "Give tasks with a time box, say yes to them, say done.", ("add_task", "ack_task", "done_task"), "tasks",
            hidden=True),
    Command("clocks", ("C",), "Clocks", 12,
            "Start, watch and stop the clocks of law and regulation.", ("start_clock", "stop_clock"), "clocks",
            hidden=True),
    Command("catch_up", ("J",), "Catch up", 12,
            "What somebody who joins has to know: how bad, who, levers, last word, what is due.", (), "catch_up",
            hidden=True),
    Command("similar", ("H",), "History", 12,
            "Which earlier incidents and eval cases this one looks like, and why.", hidden=True),
    Command("note", ("n",), "Note", 11, "Write a line into the timeline.", ("note",), "note"),
    Command("card", ("m",), "Card", 12,
            "The card for 2 a.m.: last good prompt, model, scores, retrieval.", (), "card"),
    Command("all_clear", ("y",), "All-clear", 7,
            "Say that it is over.", ("all_clear",), "all_clear"),
    Command("learn", ("L",), "Learn", 12,
            "Make the bad answer an eval case, prove it, name the new alert, close the incident.", _LEARN, "learn",
            hidden=True),
    Command("postmortem", ("P",), "Postmortem", 12,
            "The postmortem: it is written already; read it, edit it, sign it.", hidden=True),
    Command("debrief", ("b",), "Debrief", 12, "The debrief; while a drill runs, this asks to end it first.",
            only="exercise"),
    Command("kill", ("k",), "KILL", 0,
            "Open the plan of the kill switch; nothing is pulled before its code is typed.",
            ("pull_lever",), "plan", {"lever": "kill_switch"}),
    Command("pause", ("z",), "Pause", 11, "Stop the drill's clock, or let it go on.",
            ("pause", "resume"), only="simulated"),
    Command("faster", ("+", "="), "Faster", 13, "Let the drill run twice as fast.", ("set_speed",), hidden=True),
    Command("slower", ("-",), "Slower", 13, "Let the drill run half as fast.", ("set_speed",), hidden=True),
    *(
        Command(f"pane{number}", (str(number),), name, 13, f"Go to pane {number}, {name.lower()}.",
                pane=number, hidden=True)
        for number, name in enumerate(("Severity", "Decision tree", "Signals", "Traces", "Levers", "Comms log"), 1)
    ),
    Command("next_pane", ("tab",), "Next pane", 13, "Go to the next pane.", hidden=True),
    Command("previous_pane", ("shift+tab",), "Previous pane", 13, "Go to the pane before.", hidden=True),
    Command("help", ("?", "f1"), "Help", 0, "Explain the pane under the cursor and list every key."),
    Command("quit", ("q",), "Quit", 5, "Leave; the incident stays where it is and goes on from there."),
)  # fmt: skip
"""Every key of the cockpit, in the order of the loop; a test holds the keys against the registry's own."""

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

_FOR_ACTION = {
    **{action: command.id for command in COMMANDS for action in command.actions},
    "pull_lever": "levers", "declare": "severity", "answer": "tree", "set_hypothesis": "tree",
    "pin_trace": "filter", "end_drill": "debrief", "debrief": "debrief", "set_speed": "faster",
    "retry_update": "deliveries", "kill_switch": "kill", "changes": "changes", "card": "card",
}  # fmt: skip


def command_for(action: str) -> Command | None:
    """Find the key that leads to an action, or None when there is none (waiting, for instance)."""
    return BY_ID.get(_FOR_ACTION.get(action, action))


def refusal(command: Command, snapshot: Snapshot | None) -> str:
    """Say why a key does nothing now, or return an empty text."""
    if not (command.actions or command.modal):
        return ""
    if snapshot is None:
        return OPENING
    reasons = [snapshot.refusals.get(action, "") for action in command.actions]
    return reasons[0] if reasons and all(reasons) else ""


def runnable(command: Command, snapshot: Snapshot) -> str:
    """Return the first action of a command that may run now; an empty text when none may."""
    return next((action for action in command.actions if action not in snapshot.refusals), "")


class Keys:
    """Which keys ask for which command, after a person's own choice.

    `remapped` maps command ids or action names to comma-separated keys.
    """

    def __init__(self, remapped: Mapping[str, str] | None = None) -> None:
        self._own: dict[str, tuple[str, ...]] = {}
        for name, keys in (remapped or {}).items():
            command = BY_ID.get(name) or command_for(name)
            if command:
                self._own[command.id] = tuple(key.strip() for key in keys.split(",") if key.strip())

    def of(self, command: Command) -> tuple[str, ...]:
        """Return the keys of a command."""
        return self._own.get(command.id, command.keys)

    def label(self, command: Command) -> str:
        """Return the key to show, or a dash when a person has taken all keys away."""
        keys = self.of(command)
        return NAMES.get(keys[0], keys[0]) if keys else "–"

    def keymap(self) -> dict[str, str]:
        """Return what differs from the defaults, as Textual's keymap wants it."""
        return {name: ",".join(keys) for name, keys in self._own.items()}


NAMES = {"plus": "+", "minus": "-", "question_mark": "?", "equals_sign": "="}
"""How keys with long names are written."""


def fits(command: Command, snapshot: Snapshot | None) -> bool:
    """Whether a command makes sense in this kind of incident, whether or not it may run now."""
    if not command.only:
        return True
    if snapshot is None:
        return command.only != "proposal"
    state = snapshot.state
    return {
        "simulated": state.simulated,
        "exercise": not state.live,
        "proposal": bool(state.proposals),
    }[command.only]


def shown(snapshot: Snapshot | None = None, commands: Iterable[Command] = COMMANDS) -> tuple[Command, ...]:
    """Return the commands that the key bar shows."""
    return tuple(command for command in commands if not command.hidden and fits(command, snapshot))
