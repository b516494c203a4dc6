"""`cockpit baseline`: how answers usually are, recorded on a good day."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import paths_of
from cockpit.cli.traces.detect import tell_unread, traces_of
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput
from cockpit.paths import write_private

if TYPE_CHECKING:
    from cockpit.detect.stream.baseline import Baseline
    from cockpit.domain.calls import CallTrace
    from cockpit.intake.files import Reading

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
FILES = (".json", ".jsonl", ".ndjson", ".gz")
LONGEST = 64 * 1024 * 1024
"""Bytes of a baseline file; one of ours is under a megabyte."""


def record(given: Namespace) -> int:
    """Record a baseline from files or from the archive."""
    from cockpit.detect.stream.baseline import record as recorded
    from cockpit.detect.stream.baseline import to_json
    from cockpit.detect.stream.sample import OPENING, shape_of
    from cockpit.intake.files import Reading

    file, reading = file_of(paths_of(given).data, given.name), Reading()
    traces = sorted(_source(given, reading), key=lambda one: one.ended)
    shapes = [(trace.route, shape_of(trace.answered)) for trace in traces if trace.answered]
    tell_unread(reading)
    baseline = recorded(given.name, shapes, WallClock().now())
    if given.embeddings:
        from cockpit.detect.embed import load as load_model
        from cockpit.detect.stream.baseline import with_meaning

        baseline = with_meaning(baseline, [(one.route, one.answered[:OPENING]) for one in traces], load_model())
    write_private(file, json.dumps(to_json(baseline), ensure_ascii=True))
    return _tell(given, baseline)


def show(given: Namespace) -> int:
    """Print what a baseline holds."""
    return _tell(given, load(paths_of(given).data, given.name))


def file_of(data: Path, name: str) -> Path:
    """Return where a baseline is kept.

    Raises:
        BadInput: the name could lead out of the folder.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} can't be a baseline's name", hint="Use letters, digits, - and _; at most 40.")
    return data / "baselines" / f"{name}.json"


def load(data: Path, name: str) -> Baseline:
    """Read a baseline.

    Raises:
        BadInput: there is none of that name, or its file is damaged.
    """
    from cockpit.detect.stream.baseline import from_json

    file = file_of(data, name)
    if not file.is_file():
        there = ", ".join(sorted(one.stem for one in file.parent.glob("*.json"))) or "none yet"
        raise BadInput(f"there is no baseline {name}", hint=f"There are: {there}. cockpit baseline record NAME FILE")
    try:
        if file.stat().st_size > LONGEST:
            raise ValueError("too large")
        return from_json(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as fault:
        raise BadInput(f"{file} can't be read as a baseline", hint="Record it anew.") from fault


def _source(given: Namespace, reading: Reading) -> Iterator[CallTrace]:
    if given.source and any(Path(one).is_file() for one in given.source):
        yield from traces_of(given.source, given.map, reading)
        return
    from cockpit.cli.traces.watch import searched

    for one in given.source:
        if one.endswith(FILES) or one.startswith(("/", "./", "../")):
            raise BadInput(f"{one} is no file", hint="Name files that are there, or a query for the archive.")
    yield from searched(given, " ".join(given.source))


def _tell(given: Namespace, baseline: Baseline) -> int:
    from cockpit.detect.stream.baseline import to_json

    if given.json:
        print_json(to_json(baseline))
        return 0
    say(f"Baseline {baseline.name}, recorded {baseline.recorded:%Y-%m-%d %H:%M} UTC")
    rows = []
    for route, one in baseline.routes.items():
        refused, formats = one.counts["refusal"], one.counts["format"]
        usual = max(formats, key=lambda name: formats[name], default="")
        share = refused.get("yes", 0) / max(1, one.answers)
        noises = {**one.noise, **({"meaning": one.meaning.noise} if one.meaning else {})}
        noise = ", ".join(f"{name} {value:.2f}" for name, value in noises.items())
        rows.append((route or "all", one.answers, f"{share:.1%}", usual, noise))
    table(("route", "answers", "refusals", "usual format", "own noise"), rows)
    return 0
