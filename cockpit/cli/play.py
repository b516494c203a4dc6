"""`cockpit`, `cockpit drill` and `cockpit resume`: the way to the screen, and playing without one."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.cli.desk import Desk
    from cockpit.tui.ports import Opener

HEADLESS = "Without a screen: cockpit drill NAME --headless --policy reference --json"


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
        raise BadInput("--script, --policy and --json need --headless", hint=HEADLESS)
    from cockpit.cli.desk import Desk

    desk = Desk(given)
    return _show(given, desk.open_named, desk)


def resume(given: Namespace) -> int:
    """Go on with a drill on the screen."""
    from cockpit.cli.desk import Desk

    desk = Desk(given)
    return _show(given, lambda: desk.resume(given.incident or desk.latest()), desk)


def _show(given: Namespace, opener: Opener | None, desk: Desk) -> int:
    _check_terminal()
    from cockpit.cli.places import screen_settings
    from cockpit.tui.app import CockpitApp

    app = CockpitApp(opener, settings=screen_settings(given), home=desk)
    app.run()
    return app.return_code or 0


def _check_terminal() -> None:
    """Refuse terminals that would show rubbish."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("this is no terminal", hint=HEADLESS)
    if os.environ.get("TERM", "dumb") == "dumb":
        raise BadInput("this terminal (TERM=dumb or unset) can't be drawn on", hint=HEADLESS)
    encoding = (sys.__stderr__.encoding if sys.__stderr__ else "") or ""
    if encoding.lower().replace("-", "") not in ("utf8", "utf8mb4"):
        raise BadInput(f"this terminal speaks {encoding or 'no encoding'}, not UTF-8", hint="Set LANG=C.UTF-8.")
