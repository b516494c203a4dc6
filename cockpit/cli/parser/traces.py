"""The part of the command line that is about traces and alerts: what is wrong in them, and what moved."""

from __future__ import annotations

import argparse
from typing import Any

from cockpit.cli.parser.live import Later


def add_traces(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    """Add every command about traces."""
    _archive(commands, common, later)
    _detectors(commands, common, later)
    _alerts(commands, common, later)
    _groups(commands, common, later)
    _shadow(commands, common, later)


def _archive(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    traces = commands.add_parser("traces", help="bring traces in, search them, read one", parents=[common])
    verbs = traces.add_subparsers(title="verbs", metavar="VERB", required=True)
    brought = verbs.add_parser("import", help="read files of any format into the archive", parents=[common])
    brought.add_argument("files", nargs="+", metavar="FILE", help="OTLP, OpenInference, Langfuse, promptfoo, JSONL")
    brought.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    brought.add_argument("--source", metavar="NAME", help="what to call their source; by default each file's name")
    brought.add_argument("--json", action="store_true")
    brought.set_defaults(run=later("traces.archive", "bring"))
    pulled = verbs.add_parser("pull", help="bring in what your systems recorded, again and again", parents=[common])
    pulled.add_argument("--since", metavar="T", help="begin 2h, 30m, 3d ago, or at a date and time")
    pulled.add_argument("--once", action="store_true", help="look once")
    pulled.add_argument("--json", action="store_true")
    pulled.set_defaults(run=later("traces.pull", "pull"))
    # `-model:haiku` is a word of the query.
    search = verbs.add_parser("search", help="the newest traces that match", parents=[common], dashed_words=True)
    search.add_argument(
        "query", nargs="*", metavar="QUERY", help='such as: tenant:beta -model:haiku "ignore previous"'
    )
    search.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many; 50 if left out")
    search.add_argument("--json", action="store_true")
    search.set_defaults(run=later("traces.archive", "search"))
    shown = verbs.add_parser("show", help="one trace: its steps, messages, documents and tools", parents=[common])
    shown.add_argument("trace", metavar="ID", help="its id, or how it begins")
    shown.add_argument("--source", metavar="NAME", help="which one, where two sources have that id")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=later("traces.archive", "show"))
    receive = commands.add_parser("receive", help="take in traces, by OTLP over HTTP", parents=[common])
    receive.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:4318", help="127.0.0.1:4318 if left out")
    receive.add_argument("--json", action="store_true", help="one JSON object a line, first where it listens")
    receive.set_defaults(run=later("traces.receive", "serve"))


def _detectors(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    detect = commands.add_parser("detect", help="run the detectors over stored traces", parents=[common])
    detect.add_argument("files", nargs="+", metavar="FILE", help="traces in any format that can be imported")
    detect.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    detect.add_argument("--baseline", metavar="NAME", help="hold answers against a recorded baseline")
    detect.add_argument("--known", metavar="FILE", help="tenants and their names, canary words, what is your own")
    detect.add_argument("--profile", metavar="P", help="whose thresholds")
    detect.add_argument("--json", action="store_true")
    detect.set_defaults(run=later("traces.detect", "run"))
    _baselines(commands, common, later)
    watch = commands.add_parser(
        "watch", help="run the detectors on what comes in, and open incidents", parents=[common]
    )
    watch.add_argument("files", nargs="*", metavar="FILE", help="follow files instead of the archive")
    watch.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    watch.add_argument("--once", action="store_true", help="look at what has come since the last time, and leave")
    watch.add_argument("--baseline", metavar="NAME", help="hold answers against a recorded baseline")
    watch.add_argument("--known", metavar="FILE", help="tenants and their names, canary words, what is your own")
    watch.add_argument("--profile", metavar="P", help="whose thresholds")
    watch.add_argument("--json", action="store_true", help="one JSON object a line for each page")
    watch.set_defaults(run=later("traces.watch", "run"))


def _baselines(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    baseline = commands.add_parser("baseline", help="how answers usually are", parents=[common])
    verbs = baseline.add_subparsers(title="verbs", metavar="VERB", required=True)
    record = verbs.add_parser("record", help="record it from traces of a good day", parents=[common])
    record.add_argument("name", metavar="NAME", help="what it is to be called")
    record.add_argument(
        "source", nargs="*", metavar="FILE|QUERY", help="files, or a search of the archive; all of it if left out"
    )
    record.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    record.add_argument(
        "--embeddings", action="store_true", help="note what answers mean too; needs a model, see docs"
    )
    record.add_argument("--json", action="store_true")
    record.set_defaults(run=later("traces.baseline", "record"))
    show = verbs.add_parser("show", help="what is in it", parents=[common])
    show.add_argument("name", metavar="NAME", help="what it was called")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=later("traces.baseline", "show"))


def _alerts(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    serve = commands.add_parser("serve-webhooks", help="take in alerts of other systems", parents=[common])
    serve.add_argument("--listen", metavar="HOST:PORT", help="by default that of cockpit.toml, 127.0.0.1:9200")
    serve.add_argument("--json", action="store_true", help="one JSON object a line for each request")
    serve.set_defaults(run=later("alerts.serve", "serve"))
    alerts = commands.add_parser("alerts", help="what other systems told", parents=[common])
    verbs = alerts.add_subparsers(title="verbs", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="every alert on an open incident, the latest first", parents=[common])
    listed.add_argument("--all", action="store_true", help="those on incidents that are over too")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=later("alerts.seen", "show_alerts"))
    _joining(commands, common, later)


def _joining(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    incident = commands.add_parser("incident", help="merge incidents, or split one", parents=[common])
    verbs = incident.add_subparsers(title="verbs", metavar="VERB", required=True)
    merge = verbs.add_parser("merge", help="end one incident in another one", parents=[common])
    merge.add_argument("merged", metavar="A", help="this one is over")
    merge.add_argument("into", metavar="B", help="and goes on here")
    merge.set_defaults(run=later("alerts.seen", "merge"))
    split = verbs.add_parser("split", help="give one alert an incident of its own", parents=[common])
    split.add_argument("incident", metavar="INCIDENT")
    split.add_argument("key", metavar="KEY", help="the alert, as `cockpit alerts list` names it")
    split.set_defaults(run=later("alerts.seen", "split"))
    for verb in (merge, split):
        verb.add_argument("--as", dest="responder", metavar="NAME", help="who you are")
        verb.add_argument("--json", action="store_true")


def _groups(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    groups = commands.add_parser("clusters", help="failing traces in groups: what they share", parents=[common])
    groups.add_argument("incident", nargs="?", help="an incident's own traces; the archive's if left out")
    groups.add_argument("--files", nargs="+", default=[], metavar="FILE", help="traces of files instead")
    groups.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    groups.add_argument("--newest", type=int, default=50_000, metavar="N", help="at most so many traces; 50000")
    groups.add_argument(
        "--below", action="append", default=[], metavar="RUBRIC=N", help="a recorded score under N has failed"
    )
    groups.add_argument("--profile", metavar="P", help="whose thresholds")
    groups.add_argument("--json", action="store_true")
    groups.set_defaults(run=later("traces.clusters", "show"))


def _shadow(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    shadow = commands.add_parser("shadow", help="two configurations over the same inputs", parents=[common])
    shadow.add_argument("a", metavar="A", help="a search, such as prompt:=v40; with --inputs an endpoint, URL#MODEL")
    shadow.add_argument("b", metavar="B", help="what is held against it")
    shadow.add_argument("--files", nargs="+", default=[], metavar="FILE", help="traces of files, not of the archive")
    shadow.add_argument("--map", metavar="FILE", help="where the fields are, for JSON of your own shape")
    shadow.add_argument("--inputs", metavar="FILE", help="questions to put to both endpoints, one JSON value a line")
    shadow.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    shadow.add_argument("--rate", type=float, default=2.0, metavar="N", help="at most N questions a second; 2")
    shadow.add_argument("--deadline", type=float, default=60.0, metavar="S", help="seconds for one answer; 60")
    shadow.add_argument("--token", metavar="REF", help="where both tokens are: env:NAME, file:PATH, keyring:…")
    shadow.add_argument("--token-a", metavar="REF", help="where A's token is")
    shadow.add_argument("--token-b", metavar="REF", help="where B's token is")
    shadow.add_argument("--allow-http", action="store_true", help="send tokens in clear: the network encrypts")
    shadow.add_argument(
        "--lower", action="append", default=[], metavar="RUBRIC", help="less is better: score toxicity"
    )
    shadow.add_argument("--json", action="store_true")
    shadow.set_defaults(run=later("traces.shadow", "show"))
