"""Carries out what panes and modals ask for, and says in one line what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.session.snapshot import Controller, Done, Snapshot
    from cockpit.tui.messages import Wish


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the person: `tone` is good, waiting, refused or bad."""

    text: str
    tone: str = "good"


Say = Callable[[Notice], None]
T = TypeVar("T")

AFTERWARDS = {
    "acknowledge": "Acknowledged: everybody sees that you are on it",
    "freeze_evidence": "Evidence is frozen: configuration, signals and the worst traces as they are now",
    "pull_lever": "Pulled, not proven: what counts is what the next answers on the wire carry",
    "undo_lever": "Undo asked for: watch the harm signal",
    "open_canary": "Canary asked for: it closes by itself when it harms",
    "pause": "Paused: nothing happens until you press z",
    "resume": "The drill goes on",
    "all_clear": "All-clear given",
    "approve_lever": "Approved and pulled, not proven: what counts is what the next answers on the wire carry",
    "end_drill": "The drill is over",
    "add_fixture": "The answer is an eval case now",
    "prove_fixture": "It was tried: the verdict stands beside the case",
    "waive_fixture": "Signed: it stays visible",
    "close_incident": "The incident is closed",
}
"""What is said after some actions, where the title alone would say too little."""

ASKS_FIRST = frozenset({"pull_lever", "approve_lever", "undo_lever", "open_canary", "widen_canary", "abort_canary"})
"""Actions that are planned on a real system before anything is sent: that may take as long as its deadline."""

PATIENCE_S = 1.0
"""How long nothing is said about that, and how often something is said from then on."""

WITH_ARGUMENTS = {
    "set_severity": "Severity called: {severity}",
    "set_class": "Class named: {class}",
    "set_layer": "Layer named: {layer}",
    "answer": "Answered: {answer}",
    "post_update": "Update posted for {audience}: {state}",
    "snooze_update": "Nobody is reminded of the update for {minutes:g} minutes; it stays due",
    "retry_update": "Update {update} is sent to {channel} again",
    "take_role": "You hold {role} now",
    "hand_over_role": "{role} offered to {to}: you hold it until they say yes",
    "take_over_role": "You hold {role} now; the log says why",
    "accept_role": "You hold {role} now",
    "decline_role": "You said no to {role}: whoever offered it holds it still",
    "release_role": "{role} given up",
    "pin_trace": "Trace {trace} is on the timeline",
    "note": "Noted in the timeline",
    "name_alert": "The alert is named: {name}",
    "set_speed": "The drill runs at ×{speed:g}",
    "withdraw_lever": "{lever}: the proposal is withdrawn",
    "keep_lever": "{lever} is kept for good: no debt any more",
}
"""The same, with what was given."""


KEPT = "Kept on this machine: it is written, with this time, when the journal can be reached again"


class ActionRunner:
    """Does one thing after the other; what is asked for meanwhile waits its turn."""

    def __init__(self, controller: Controller, say: Say, done: Callable[[Done], None]) -> None:
        self._controller, self._say, self._done = controller, say, done
        self._turn = asyncio.Lock()

    async def carry_out(self, wishes: Sequence[Wish]) -> bool:
        """Do the wishes in order and stop at the first that is refused; say whether all were done."""
        async with self._turn:
            for wish in wishes:
                if not await self._one(wish):
                    return False
        return True

    async def _one(self, wish: Wish) -> bool:
        future = self._controller.do(wish.action, wish.arguments)
        if wish.action in ASKS_FIRST:
            await patiently(future, self._say)
        done = await answered(future, self._say)
        if done is None:
            return False
        if done.refused:
            self._say(Notice(f"Not now: {done.refused}", "refused"))
            return False
        self._say(Notice(KEPT if done.kept else _proposed(done) or _outcome(wish, self._controller.snapshot())))
        self._done(done)
        return True


def _proposed(done: Done) -> str:
    """Say that something waits for a second person; an empty text when nothing does."""
    proposed = next((event for event in done.events if event.kind == "lever_proposed"), None)
    if proposed is None:
        return ""
    return f"Proposed, not pulled: {proposed.get('title')} waits for somebody else to approve it (p)"


def _outcome(wish: Wish, snapshot: Snapshot | None) -> str:
    if said := AFTERWARDS.get(wish.action):
        return said
    with suppress(KeyError, ValueError):
        return WITH_ARGUMENTS[wish.action].format_map({**wish.arguments, **_in_words(wish, snapshot)})
    from cockpit.session.actions import ACTIONS

    action = ACTIONS.get(wish.action)
    given = ", ".join(str(value) for value in wish.arguments.values() if value not in ("", None))
    return (
        f"{action.title if action else wish.action}: {given}" if given else (action.title if action else wish.action)
    )


def _in_words(wish: Wish, snapshot: Snapshot | None) -> dict[str, str]:
    """Return roles and levers as people call them."""
    from cockpit.tui.panes.phrases import ROLES
    from cockpit.tui.panes.words import lever_title

    named: dict[str, str] = {}
    if role := wish.arguments.get("role"):
        named["role"] = ROLES.get(str(role), str(role))
    if snapshot and (lever := wish.arguments.get("lever")):
        named["lever"] = lever_title(snapshot, str(lever))
    return named


async def patiently(future: Future[Done], say: Say) -> None:
    """Say every second that the system is still being asked, until there is an answer of any kind."""
    asked, waited = asyncio.wrap_future(future), 0
    while not (await asyncio.wait({asked}, timeout=PATIENCE_S))[0]:
        waited += 1
        say(Notice(f"Asking the system first; nothing is sent yet … {waited * PATIENCE_S:.0f} s", "waiting"))
    asked.cancelled() or asked.exception()  # whoever asked hears of it from the future itself


async def answered(future: Future[T], say: Say) -> T | None:
    """Wait for an answer; a failure is said in one line with its next step, and gives None."""
    try:
        return await asyncio.wrap_future(future)
    except CockpitError as problem:
        say(Notice(in_words(problem), "bad"))
        return None


def in_words(problem: CockpitError) -> str:
    """Write a problem in one line: what is wrong, and what to do next."""
    sentence = f"{problem.title}: {problem.message.rstrip('.')}."
    return f"{sentence} {problem.hint}" if problem.hint else sentence
