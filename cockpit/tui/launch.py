"""Running the app in a real terminal: what it must be able to do, and how a signal ends it soundly."""

from __future__ import annotations

import codecs
import os
import signal
import sys
import threading
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp

GRACE_S = 2.0
"""Seconds a signalled app has to put the terminal back before the process ends anyway (a stalled terminal)."""


def terminal_problem(environ: Mapping[str, str], encoding: str | None, interactive: bool) -> str:
    """Say in one line why the screens can't be shown here, or return an empty text."""
    way_out = "use `cockpit drill NAME --headless --json`, or `cockpit status --json`"
    if not interactive:
        return f"the cockpit needs a terminal, and this is a pipe or a file: {way_out}"
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        return f"this terminal can't draw screens (TERM={environ.get('TERM') or 'unset'}): {way_out}"
    if not _utf8(encoding):
        return f"this terminal does not speak UTF-8 ({encoding or 'unknown'}): set LC_ALL=C.UTF-8, or {way_out}"
    return ""


def no_screen() -> str:
    """Say in one line why this process can't show the screens, or return an empty text."""
    err = sys.__stderr__
    interactive = bool(err and err.isatty() and sys.stdin and sys.stdin.isatty())
    return terminal_problem(os.environ, err.encoding if err else None, interactive)


def _utf8(encoding: str | None) -> bool:
    try:
        return codecs.lookup(encoding or "").name == "utf-8"
    except LookupError:
        return False


def run(app: CockpitApp) -> int:
    """Run the app until the person leaves; return the process's exit status.

    The drill is let go of at the end, whatever ended the app.
    """
    if problem := no_screen():
        sys.stderr.write(f"cockpit: {problem}\n")
        return 2
    before = {number: signal.signal(number, _ender(app)) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        app.run()
    finally:
        app.let_go()
        for number, handler in before.items():
            signal.signal(number, handler)
    return app.return_code or 0


def _ender(app: CockpitApp) -> signal._HANDLER:
    def end(number: int, _: FrameType | None) -> None:
        # On a stalled terminal the event loop never comes round: a thread of its own ends the process then.
        last_resort = threading.Timer(GRACE_S, os._exit, [128 + number])
        last_resort.daemon = True
        last_resort.start()
        app.end_soon(128 + number)

    return end
