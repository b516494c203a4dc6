"""`cockpit`, `cockpit drill` and `cockpit resume`: the way to the screen, and playing without one."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.cli.desk import Desk
    from cockpit.tui.ports import Opener


def home(given: Namespace) -> int:
    """Open the home screen."""
    from cockpit.cli.desk import Desk

    return _show(given, None, Desk(given))


def drill(given: Namespace) -> int:
    """Play a scenario on the screen, or without one."""
    if given.headless:
        from cockpit.cli.unattended import play

        return play(given)
    if given.script or given.policy or given.json:
        hint = "cockpit drill NAME --headless --policy reference --json"
        raise BadInput("--script, --policy and --json need --headless", hint=hint)
    from cockpit.cli.desk import Desk

    desk = Desk(given)
    return _show(given, desk.open_named, desk)


def resume(given: Namespace) -> int:
    """Go on with a drill on the screen."""
    from cockpit.cli.desk import Desk

    desk = Desk(given)
    return _show(given, lambda: desk.resume(given.incident or desk.latest()), desk)


def _show(given: Namespace, opener: Opener | None, desk: Desk) -> int:
    from cockpit.cli.learn.papers import DeskPapers
    from cockpit.cli.learn.similar import DeskMemory
    from cockpit.cli.places import screen_settings
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.launch import run

    return run(
        CockpitApp(
            opener, settings=screen_settings(given), home=desk, papers=DeskPapers(given), memory=DeskMemory(given)
        )
    )
