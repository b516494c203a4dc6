"""The one registry of responder actions: keys, footer, palette, help, commands and scripts all read it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from cockpit.errors import BadInput
from cockpit.session import (
    classify,
    clearing,
    command,
    investigate,
    learn,
    legal,
    mitigate,
    paging,
    reopen,
    running,
    tasks,
    telling,
    together,
)
from cockpit.session.action import Action

ACTIONS: Mapping[str, Action] = {
    action.name: action
    for module in (
        classify, investigate, mitigate, together, reopen, command, telling, paging, clearing, tasks, legal, learn,
        running,
    )
    for action in module.ACTIONS
}  # fmt: skip


def find(name: str) -> Action:
    """Return an action by name.

    Raises:
        BadInput: there is none; the message names the closest.
    """
    if name in ACTIONS:
        return ACTIONS[name]
    close = get_close_matches(name, ACTIONS, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    raise BadInput(f"there is no action {name!r}.{meant}", hint="`cockpit actions` lists them all.")
