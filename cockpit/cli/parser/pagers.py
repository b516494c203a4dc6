"""The part of the command line that is about waking people."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Later = Callable[[str, str], Callable[[argparse.Namespace], int]]


def add_pagers(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    """Add page and pagers."""
    page = commands.add_parser("page", help="wake somebody for a real incident", parents=[common])
    page.add_argument("incident")
    page.add_argument("--to", metavar="NAME", required=True, help="a pager of cockpit.toml")
    page.add_argument("--note", metavar="TEXT", default="", help="why they are needed")
    page.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    page.add_argument(
        "--wait", type=float, default=20.0, metavar="S", help="for the pager's answer; 20 s if left out"
    )
    page.add_argument("--yes", action="store_true", help="really wake them")
    page.add_argument("--json", action="store_true")
    page.set_defaults(run=later("pagers", "page"))
    pagers = commands.add_parser("pagers", help="who can be woken", parents=[common])
    verbs = pagers.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="every pager and what it can do; wakes nobody", parents=[common])
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=later("pagers", "show"))
    called = verbs.add_parser("on-call", help="who would be woken now", parents=[common])
    called.add_argument("name", metavar="NAME", nargs="?", help="one pager; all of them if left out")
    called.add_argument("--json", action="store_true")
    called.set_defaults(run=later("pagers", "on_call"))
    tested = verbs.add_parser("test", help="wake somebody by a marked test page", parents=[common])
    tested.add_argument("name", metavar="NAME", help="a pager of cockpit.toml")
    tested.add_argument("--over", action="store_true", help="resolve the last test page instead")
    tested.add_argument("--yes", action="store_true", help="people will be woken")
    tested.add_argument("--json", action="store_true")
    tested.set_defaults(run=later("pagers", "test"))
