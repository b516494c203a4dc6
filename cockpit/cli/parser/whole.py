"""The command line, declared in one place; what a command does is imported only when it is run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from cockpit import __version__
from cockpit.cli.parser.declared import Parser
from cockpit.cli.parser.learn import add_learn
from cockpit.cli.parser.live import add_live
from cockpit.cli.parser.traces import add_traces
from cockpit.cli.parser.trainer import add_trainer


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    common = Parser(add_help=False)
    common.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="where everything is kept")
    parser = Parser(
        prog="cockpit",
        description="Run an LLM incident, or a fire drill, from the terminal. Without a command: the home screen.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"cockpit {__version__}")
    parser.set_defaults(run=_later("play", "home"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _drill(commands, common)
    _scenario(commands, common)
    add_live(commands, common, _later)
    add_traces(commands, common, _later)
    _incidents(commands, common)
    add_trainer(commands, common, _later)
    add_learn(commands, common, _later)
    _log(commands, common)
    _profile(commands, common)
    actions = commands.add_parser("actions", help="every action a responder has", parents=[common])
    actions.add_argument("--json", action="store_true", help="as JSON, with the schema of the arguments")
    actions.set_defaults(run=_later("registry", "show"))
    return parser


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Import what a command does only when it is run."""

    def run(given: argparse.Namespace) -> int:
        carried: Any = getattr(import_module(f"cockpit.cli.{module}"), name)
        return int(carried(given))

    return run


def _drill(commands: Any, common: argparse.ArgumentParser) -> None:
    drill = commands.add_parser("drill", help="play a scenario, or go on with it", parents=[common])
    drill.add_argument("scenario", metavar="NAME|FILE", help="a scenario by name, or a file of your own")
    drill.add_argument("--seed", type=int, metavar="N", help="which night it is; the same seed is the same night")
    drill.add_argument("--speed", type=float, metavar="X", help="0.5 to 60 times as fast as life")
    drill.add_argument("--profile", metavar="P", help="severity rules, targets and cadence: default, s0, s2, s3, s4")
    drill.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    drill.add_argument("--new", action="store_true", help="begin anew even if this drill was left half-way")
    drill.add_argument("--headless", action="store_true", help="without a screen, as fast as the machine can")
    how = drill.add_mutually_exclusive_group()
    how.add_argument("--script", metavar="FILE", help="a response script")
    how.add_argument("--policy", choices=("nothing", "reference"), help="do nothing, or the scenario's best play")
    drill.add_argument("--json", action="store_true", help="print the score as JSON")
    drill.set_defaults(run=_later("play", "drill"))
    resume = commands.add_parser("resume", help="go on with a drill", parents=[common])
    resume.add_argument("incident", nargs="?", help="its id; the latest unfinished one if left out")
    resume.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    resume.set_defaults(run=_later("play", "resume"))


def _scenario(commands: Any, common: argparse.ArgumentParser) -> None:
    scenario = commands.add_parser("scenario", help="list, show, check scenarios", parents=[common])
    verbs = scenario.add_subparsers(title="verbs", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="the scenarios that are there", parents=[common])
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_later("scenarios", "show_list"))
    shown = verbs.add_parser("show", help="what a scenario is about (its truth stays hidden)", parents=[common])
    shown.add_argument("scenario", metavar="NAME|FILE")
    shown.add_argument("--truth", action="store_true", help="for trainers: the truth and the best play too")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=_later("scenarios", "show_one"))
    lint = verbs.add_parser("lint", help="check files; every problem with its line", parents=[common])
    lint.add_argument("files", nargs="+", metavar="FILE", help="scenarios as files, or by name")
    lint.set_defaults(run=_later("scenarios", "lint_files"))
    schema = verbs.add_parser("schema", help="the JSON schema of a scenario", parents=[common])
    schema.set_defaults(run=_later("scenarios", "show_schema"))


def _incidents(commands: Any, common: argparse.ArgumentParser) -> None:
    status = commands.add_parser("status", help="how an incident stands", parents=[common])
    status.add_argument("incident", nargs="?", help="its id; all of them if left out")
    status.add_argument("--catch-up", action="store_true", help="what somebody who joins has to know, as Markdown")
    status.add_argument("--at", metavar="WHEN", default="", help="with --catch-up: as it stood then, such as 02:30")
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=_later("status", "show"))
    clocks = commands.add_parser("clocks", help="clocks of law and regulation, started by people", parents=[common])
    clocks.add_argument("incident")
    which = clocks.add_mutually_exclusive_group()
    which.add_argument("--start", metavar="CLOCK", default="", help="its anchor was reached; with --aware and --at")
    which.add_argument("--stop", metavar="CLOCK", default="", help="with --reason, and --duty for one of its duties")
    clocks.add_argument("--aware", metavar="WHO", default="", help="who became aware, or decided")
    clocks.add_argument(
        "--at", metavar="WHEN", default="", help="when: 15m ago, 02:14, a date and time; now if left out"
    )
    clocks.add_argument("--reason", metavar="TEXT", default="", help="notified, or why it does not apply")
    clocks.add_argument("--duty", metavar="WHAT", default="", help="which of its duties; all if left out")
    clocks.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    clocks.add_argument("--json", action="store_true")
    clocks.set_defaults(run=_later("clocks", "show"))
    score = commands.add_parser("score", help="score a drill from its journal alone", parents=[common])
    score.add_argument("incident")
    score.add_argument("--json", action="store_true")
    score.set_defaults(run=_later("score", "show"))
    debrief = commands.add_parser("debrief", help="what happened, what it cost, what if", parents=[common])
    debrief.add_argument("incident")
    debrief.add_argument("-o", "--output", metavar="FILE", help="write Markdown to a file")
    debrief.set_defaults(run=_later("score", "debrief"))


def _profile(commands: Any, common: argparse.ArgumentParser) -> None:
    profile = commands.add_parser(
        "profile", help="severity rules and playbooks, shipped and your own", parents=[common]
    )
    verbs = profile.add_subparsers(title="verbs", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="the profiles there are", parents=[common])
    listed.set_defaults(run=_later("profiles", "show_list"))
    diff = verbs.add_parser("diff", help="where two differ; 1 when they do", parents=[common])
    diff.add_argument("one", metavar="NAME|FILE", help="a profile by name, or a file")
    diff.add_argument("other", metavar="NAME|FILE", help="the one it is held against")
    diff.set_defaults(run=_later("profiles", "diff"))
    lint = verbs.add_parser(
        "lint", help="read every file of your own folder; problems with file and line", parents=[common]
    )
    lint.add_argument("folder", nargs="?", metavar="DIR", help="the one in cockpit.toml if left out")
    lint.set_defaults(run=_later("profiles", "lint"))
    for verb in (listed, diff, lint):
        verb.add_argument("--json", action="store_true")


def _log(commands: Any, common: argparse.ArgumentParser) -> None:
    log = commands.add_parser("log", help="the journal", parents=[common])
    verbs = log.add_subparsers(title="verbs", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="every line", parents=[common])
    show.add_argument("incident")
    show.add_argument("--json", action="store_true", help="as a JSON list")
    show.set_defaults(run=_later("journal", "show"))
    verify = verbs.add_parser("verify", help="check the chain; 1 if it is broken", parents=[common])
    verify.add_argument("incident")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_later("journal", "verify"))
