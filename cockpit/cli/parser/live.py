"""The part of the command line that is about real systems."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from cockpit.cli.parser.pagers import add_pagers

Later = Callable[[str, str], Callable[[argparse.Namespace], int]]

INIT_ANSWERS = (
    ("service", "NAME", "what your application is called"),
    ("approver", "WHO", "who may decide to switch the AI off"),
    ("fallback", "WHAT", "what users get then"),
    ("people", "NAMES", "who can be handed a role, with commas"),
    ("gateway", "ADAPTER", "what stands in front of your models: litellm, litellm_hook, portkey …"),
    ("url", "URL", "where the gateway is"),
    ("flags", "ADAPTER", "where the kill switch is: unleash, flagd, launchdarkly …"),
    ("prompts", "ADAPTER", "where prompts are kept: langfuse, mlflow, phoenix …"),
    ("providers", "NAMES", "whose status pages are watched, with commas: openai, anthropic …"),
    ("probe", "URL", "what is asked to see which configuration is in force"),
)
"""Options of `cockpit init` that answer a question."""


def add_live(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    """Add init, doctor, open, attach, lever, range, changes, channels, pagers and adapters."""
    _set_up(commands, common, later)
    _incidents(commands, common, later)
    _levers(commands, common, later)
    _range(commands, common, later)
    changes = commands.add_parser("changes", help="what changed on your systems, newest first", parents=[common])
    changes.add_argument("--since", metavar="T", help="2h, 30m, 3d ago, or a date and time; a day if left out")
    changes.add_argument("--json", action="store_true")
    changes.set_defaults(run=later("systems", "show_changes"))
    _channels(commands, common, later)
    add_pagers(commands, common, later)
    adapters = commands.add_parser("adapters", help="what the cockpit can speak to", parents=[common])
    adapters.add_argument("--json", action="store_true")
    adapters.set_defaults(run=later("systems", "show_adapters"))


def _set_up(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    init = commands.add_parser("init", help="write a cockpit.toml from a few answers", parents=[common])
    for option, metavar, about in INIT_ANSWERS:
        init.add_argument(f"--{option}", metavar=metavar, help=about)
    init.add_argument("--answer", action="append", metavar="KEY=VALUE", help="answers any other question")
    init.add_argument("--yes", action="store_true", help="take what is proposed for all that is not said")
    init.add_argument("--force", action="store_true", help="write over the cockpit.toml that is there")
    init.add_argument("--print", action="store_true", help="print it, write nothing")
    init.set_defaults(run=later("init", "write_settings"))
    doctor = commands.add_parser("doctor", help="is everything ready for an incident?", parents=[common])
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=later("doctor", "examine"))


def _channels(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    channels = commands.add_parser("channels", help="where updates go", parents=[common])
    verbs = channels.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="every channel and whom it reaches; sends nothing", parents=[common])
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=later("channels", "show"))
    tested = verbs.add_parser("test", help="send a marked test message on one channel", parents=[common])
    tested.add_argument("name", metavar="NAME", help="as `cockpit channels list` says it")
    tested.add_argument("--yes", action="store_true", help="people will read it")
    tested.add_argument("--json", action="store_true")
    tested.set_defaults(run=later("channels", "test"))
    sent = verbs.add_parser("sent", help="where an incident's updates, pages and tickets went", parents=[common])
    sent.add_argument("incident", help="its id, as `cockpit status` says it")
    sent.add_argument("--json", action="store_true")
    sent.set_defaults(run=later("deliveries", "show"))
    again = verbs.add_parser("retry", help="try again what has not arrived", parents=[common])
    again.add_argument("incident", help="its id, as `cockpit status` says it")
    again.add_argument("update", type=int, metavar="LINE", help="what was sent, as `cockpit channels sent` says it")
    again.add_argument("channel", help="where it did not arrive, as it says too")
    again.add_argument("--wait", type=float, default=15.0, metavar="S", help="how long it is waited for; 15 s")
    again.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    again.add_argument("--json", action="store_true")
    again.set_defaults(run=later("deliveries", "retry"))


def _incidents(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    opened = commands.add_parser("open", help="open a real incident on your own systems", parents=[common])
    opened.add_argument("title", metavar="TITLE", help="what is wrong, in a few words")
    opened.add_argument("--service", metavar="S", help="which application; by default that of cockpit.toml")
    opened.add_argument("--profile", metavar="P", help="severity rules, targets and cadence")
    opened.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    opened.add_argument("--json", action="store_true", help="print its id, open no screen")
    opened.set_defaults(run=later("live", "open_new"))
    joined = commands.add_parser("attach", help="join a real incident", parents=[common])
    joined.add_argument("incident")
    joined.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    joined.set_defaults(run=later("live", "attach"))


def _range(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    played = commands.add_parser("range", help="a drill on your own staging systems", parents=[common])
    played.add_argument("scenario", metavar="NAME|FILE", nargs="?", help="a scenario by name, or a file of your own")
    played.add_argument("--gateway", metavar="NAME", required=True, help="the system the traffic goes through")
    played.add_argument("--seed", type=int, metavar="N", help="which night it is; the same seed is the same night")
    played.add_argument("--speed", type=float, metavar="X", help="0.5 to 60 times as fast as life")
    played.add_argument("--profile", metavar="P", help="severity rules, targets and cadence")
    played.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    played.add_argument("--headless", action="store_true", help="without a screen, by a script")
    played.add_argument("--script", metavar="FILE", help="a response script; nobody responds if left out")
    played.add_argument("--json", action="store_true", help="print the score as JSON")
    played.add_argument("--put-back", action="store_true", help="put back what a killed drill left; play nothing")
    played.set_defaults(run=later("range", "play"))


def _levers(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    lever = commands.add_parser("lever", help="the levers of your systems, without a screen", parents=[common])
    verbs = lever.add_subparsers(title="verbs", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="every wired lever and its value now", parents=[common])
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=later("lever", "show_list"))
    planned = verbs.add_parser("plan", help="what a pull would do", parents=[common])
    planned.add_argument("lever")
    planned.add_argument("--target", metavar="T", help="by default that of cockpit.toml")
    planned.add_argument("--json", action="store_true")
    planned.set_defaults(run=later("lever", "show_plan"))
    for verb, about in (("pull", "change a real system"), ("undo", "put back exactly what was there"),
                        ("approve", "approve what somebody else proposed")):  # fmt: skip
        change = verbs.add_parser(verb, help=about, parents=[common])
        change.add_argument("lever")
        if verb == "pull":
            change.add_argument("--target", metavar="T", help="by default that of cockpit.toml")
        change.add_argument("--incident", metavar="ID", help="by default the latest open one")
        change.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
        change.add_argument("--yes", action="store_true", help="really do it")
        change.add_argument("--wait", type=float, default=0.0, metavar="S", help="wait so long for its proof")
        change.add_argument("--json", action="store_true")
        change.set_defaults(run=later("lever", verb))
    proven = verbs.add_parser("prove", help="whether answers carry what is stored", parents=[common])
    proven.add_argument("lever")
    proven.add_argument("--wait", type=float, default=30.0, metavar="S", help="at most so long; 30 s if left out")
    proven.add_argument("--json", action="store_true")
    proven.set_defaults(run=later("lever", "prove"))
    debt = verbs.add_parser("debt", help="levers that are still in force", parents=[common])
    debt.add_argument("--json", action="store_true")
    debt.set_defaults(run=later("lever", "debt"))
