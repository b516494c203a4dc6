"""The part of the command line that is about learning: cases, the golden set, the close."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.parser.live import Later

TARGETS = ("pytest", "promptfoo", "inspect", "jsonl", "phoenix", "mlflow", "langfuse")
"""Where cases go, and where they come back from."""


def add_learn(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    """Add fixture, golden and close."""
    fixture = commands.add_parser(
        "fixture", help="make a bad answer an eval case, prove it, export it", parents=[common]
    )
    verbs = fixture.add_subparsers(title="verbs", metavar="VERB", required=True)
    _add(verbs, common, later)
    _prove(verbs, common, later)
    _exchange(verbs, common, later)
    _sign(verbs, common, later)
    golden = commands.add_parser("golden", help="the golden set: run it, ask it about an incident", parents=[common])
    _golden(golden.add_subparsers(title="verbs", metavar="VERB", required=True), common, later)
    close = commands.add_parser("close", help="close an incident that has its case and its alert", parents=[common])
    close.add_argument("incident")
    _who(close)
    close.set_defaults(run=later("learn.fixture", "close"))
    _postmortem(commands, common, later)
    alike = commands.add_parser(
        "similar", help="which earlier incidents and cases it looks like, and why", parents=[common]
    )
    alike.add_argument("incident")
    _folder(alike)
    alike.add_argument("--json", action="store_true")
    alike.set_defaults(run=later("learn.similar", "show"))


def _who(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
    verb.add_argument("--json", action="store_true")


def _folder(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--golden", metavar="DIR", default="golden", help="the golden set; ./golden if left out")


def _endpoint(verb: argparse.ArgumentParser, *, required: bool) -> None:
    verb.add_argument("--endpoint", metavar="URL", required=required, help="an OpenAI-compatible one, such as …/v1")
    verb.add_argument("--model", metavar="M", required=required)
    verb.add_argument("--key", metavar="REF", default="", help="where its key is: env:NAME, file:PATH, keyring:…")
    verb.add_argument("--header", action="append", default=[], metavar="NAME=VALUE", help="sent with every question")
    verb.add_argument("--allow-http", action="store_true", help="http beyond this machine")
    verb.add_argument("--timeout", type=float, default=60.0, metavar="S", help="for one answer; 60 s if left out")


def _add(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    add = verbs.add_parser("add", help="make a trace an eval case", parents=[common])
    add.add_argument("incident")
    add.add_argument("--trace", metavar="ID", default="", help="the latest pinned one if left out")
    add.add_argument("--id", default="", help="what the case is called, such as inj-2026-06-tenant-leak")
    add.add_argument("--line", default="", metavar="TEXT", help="what it is about, in one line")
    add.add_argument("--good", default="", metavar="TEXT", help="what a good answer would be, in words")
    add.add_argument("--class", dest="incident_class", default="", metavar="CLASS", help="by default the incident's")
    add.add_argument("--expect", action="append", default=[], metavar="CHECK",
                     help="not-contains:TEXT, refuse, no-personal-data …; derived if left out")  # fmt: skip
    add.add_argument("--neighbours", type=int, default=3, metavar="K", help="benign questions that must still work")
    add.add_argument("--hide", action="append", default=[], metavar="WORD", help="replace this too, as names are")
    add.add_argument("--raw", action="store_true", help="replace nobody; the journal says that you said so")
    _folder(add)
    _who(add)
    add.set_defaults(run=later("learn.fixture", "add"))


def _prove(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    prove = verbs.add_parser(
        "prove", help="see it fail on the bad and pass on the fixed configuration", parents=[common]
    )
    prove.add_argument("case", metavar="CASE|INCIDENT", help="a case of the golden set, or that of an incident")
    _endpoint(prove, required=False)
    prove.add_argument("--bad-endpoint", metavar="URL", help="where the bad configuration answers, if elsewhere")
    prove.add_argument("--bad-model", metavar="M", help="the bad configuration's model, if another")
    prove.add_argument(
        "--bad-header", action="append", default=[], metavar="NAME=VALUE", help="asks for it by a header"
    )
    prove.add_argument("--samples", type=int, metavar="N", help="of each; 200 in a drill, 5 on an endpoint")
    _folder(prove)
    _who(prove)
    prove.set_defaults(run=later("learn.fixture", "prove"))


def _exchange(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    export = verbs.add_parser("export", help="cases for another runner or dataset", parents=[common])
    export.add_argument("cases", nargs="*", metavar="CASE", help="all of the golden set if left out")
    export.add_argument("--to", required=True, choices=TARGETS, help="whose format or dataset")
    export.add_argument("-o", "--output", required=True, metavar="PATH|URL", help="a file or folder, or a server")
    brought = verbs.add_parser("import", help="cases back from another runner's files or datasets", parents=[common])
    brought.add_argument("source", metavar="PATH|URL", help="a file or folder, or a server")
    brought.add_argument("--from", dest="to", required=True, choices=TARGETS, help="whose format or dataset")
    for verb, name in ((export, "export"), (brought, "bring")):
        verb.add_argument("--dataset", metavar="NAME", default="golden", help="what the dataset is called there")
        verb.add_argument("--key", metavar="REF", default="", help="where its token is: env:NAME, file:PATH")
        verb.add_argument("--allow-http", action="store_true", help="http beyond this machine")
        _folder(verb)
        verb.add_argument("--json", action="store_true")
        verb.set_defaults(run=later("learn.exchange", name))


def _sign(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    waive = verbs.add_parser("waive", help="sign that the case or the alert is left out", parents=[common])
    waive.add_argument("incident")
    waive.add_argument("--what", choices=("fixture", "alert"), default="fixture", help="the case if left out")
    waive.add_argument("--reason", required=True, metavar="TEXT", help="why; it stays visible with your name")
    waive.add_argument("--until", default="", metavar="DATE", help="when it is looked at again")
    _who(waive)
    waive.set_defaults(run=later("learn.fixture", "waive"))
    alert = verbs.add_parser("alert", help="name the new alert beside the case", parents=[common])
    alert.add_argument("incident")
    alert.add_argument("--name", required=True, help="what the alert is called where it pages")
    alert.add_argument("--rule", required=True, metavar="TEXT", help="what is measured, and from where on it pages")
    alert.add_argument("--where", default="", metavar="SYSTEM", help="where it is set up")
    alert.add_argument("--case", default="", metavar="ID", help="the case it stands beside")
    _who(alert)
    alert.set_defaults(run=later("learn.fixture", "alert"))


def _golden(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    run = verbs.add_parser("run", help="ask every case; 1 when one fails", parents=[common])
    run.add_argument("folder", nargs="?", default="golden", metavar="DIR")
    _endpoint(run, required=True)
    run.add_argument("--case", action="append", default=[], metavar="ID", help="only this one")
    run.add_argument("--runs", type=int, metavar="N", help="how often each is asked; by default as it says")
    run.add_argument("--json", action="store_true")
    run.set_defaults(run=later("learn.golden", "run"))
    check = verbs.add_parser("check", help="was the class in the set, and did it catch it?", parents=[common])
    check.add_argument("incident")
    _folder(check)
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=later("learn.golden", "check"))
    lint = verbs.add_parser("lint", help="read every case; what is wrong, with its line", parents=[common])
    lint.add_argument("folder", nargs="?", default="golden", metavar="DIR")
    lint.add_argument("--json", action="store_true")
    lint.set_defaults(run=later("learn.golden", "lint"))


def _postmortem(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    written = commands.add_parser(
        "postmortem", help="what happened, written from the journal; `lint FILE|INCIDENT` reads one", parents=[common]
    )
    written.add_argument("what", nargs="+", metavar="INCIDENT|lint FILE|lint INCIDENT", help="whose; or what to lint")
    written.add_argument("--format", choices=("md", "html"), default="md", help="Markdown if left out")
    written.add_argument("-o", "--output", metavar="FILE", help="write it to a file")
    written.add_argument("--edit", action="store_true", help="open it in $EDITOR first; what you write is kept")
    written.add_argument("--done", action="store_true", help="sign it: from then on it is not due any more")
    written.add_argument("--raw", action="store_true", help="leave personal data in; the journal says who said so")
    _folder(written)
    _who(written)
    written.set_defaults(run=later("learn.postmortem", "show"))
    action = commands.add_parser("action", help="action items after an incident", parents=[common])
    verbs = action.add_subparsers(title="verbs", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="put one on record, or change one by its --item", parents=[common])
    add.add_argument("incident")
    add.add_argument("--text", default="", metavar="TEXT", help="what is to be done")
    add.add_argument("--owner", default="", metavar="WHO", help="who sees to it")
    add.add_argument("--due", default="", metavar="DATE", help="until when")
    add.add_argument("--item", default="", metavar="ITEM", help="one that is there, to change it")
    done = verbs.add_parser("done", help="say that one is done", parents=[common])
    done.add_argument("incident")
    done.add_argument("item")
    done.add_argument("--note", default="", metavar="TEXT", help="what was done")
    for verb, name in ((add, "add"), (done, "done")):
        _who(verb)
        verb.set_defaults(run=later("learn.postmortem", name))
    _push(verbs, common, later)
    due = commands.add_parser("actions-due", help="what is left to do after incidents", parents=[common])
    due.add_argument("--offline", action="store_true", help="ask no tracker how its tickets stand")
    due.add_argument("--json", action="store_true")
    due.set_defaults(run=later("learn.actions_due", "show"))


def _push(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    push = verbs.add_parser("push", help="make tickets of them in a tracker, each once", parents=[common])
    push.add_argument("incident")
    push.add_argument("items", nargs="*", metavar="ITEM", help="all open ones that are no ticket yet if left out")
    push.add_argument(
        "--to", default="", metavar="TRACKER", help="a system that keeps tickets; the only one if left out"
    )
    push.add_argument(
        "--link", default="", metavar="URL", help="where the postmortem can be read: put on each ticket"
    )
    push.add_argument(
        "--wait", type=float, default=30.0, metavar="S", help="how long they are tried in all; 30 s if left out"
    )
    push.add_argument("--raw", action="store_true", help="leave personal data in; the journal says who said so")
    _who(push)
    push.set_defaults(run=later("learn.tickets", "push"))
