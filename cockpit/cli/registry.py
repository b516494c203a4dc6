"""`cockpit actions`: what a responder can do."""

from __future__ import annotations

from argparse import Namespace

from cockpit.cli.output import print_json, table
from cockpit.session.action import schema
from cockpit.session.actions import ACTIONS


def show(given: Namespace) -> int:
    """Print every action with its arguments, keys, and when it may run."""
    if given.json:
        print_json(
            [
                {
                    "name": action.name,
                    "title": action.title,
                    "help": action.help,
                    "station": action.station,
                    "keys": list(action.keys),
                    "when": action.when,
                    "arguments": schema(action),
                }
                for action in ACTIONS.values()
            ]
        )
        return 0
    rows = [
        (action.name, " ".join(action.keys), ", ".join(schema(action)["properties"]), action.when)
        for action in ACTIONS.values()
    ]
    table(("action", "key", "arguments", "when it may run"), rows)
    return 0
