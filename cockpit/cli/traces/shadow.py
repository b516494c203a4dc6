"""`cockpit shadow`: two configurations over the same inputs, from stored traces or by asking two endpoints."""

from __future__ import annotations

import json
import math
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, say, table
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.archive.store import Archive
    from cockpit.detect.shadow.compare import Shadow
    from cockpit.detect.shadow.replay import Question, Side
    from cockpit.detect.shadow.stats import Difference
    from cockpit.domain.calls import CallTrace
    from cockpit.intake.files import Reading

MOST_BYTES = 64 * 1024 * 1024
"""A file of questions is no larger."""
SHAPE = '{"input": "…"} or {"messages": [{"role": "user", "content": "…"}]}, with "expected" if there is one answer'


def show(given: Namespace) -> int:
    """Print how B differs from A; 1 when B is surely worse in a rubric, 2 when there was nothing to compare."""
    from cockpit.detect.shadow.compare import compare_shadow
    from cockpit.intake.files import Reading

    _check(given)
    reading = Reading()
    a, b = _replayed(given, reading) if given.inputs else _stored(given, reading)
    for problem in reading.problems[:20]:
        complain(f"cockpit: {problem.place}: {problem.reason}")
    found = compare_shadow(a, b)
    if not found.pairs and not given.json:
        complain(
            f"cockpit: no input was answered by both: {found.only_a} by A alone, {found.only_b} by B alone",
            "Traces are paired by what was asked: let both configurations answer the same questions.",
        )
    worse = found.worse(given.lower)
    if given.json:
        problems = [{"place": one.place, "reason": one.reason} for one in reading.problems]
        unreadable = {"count": reading.unreadable, "problems": problems}
        print_json({"a": given.a, "b": given.b, **found.to_json(), "worse": worse, "unreadable": unreadable})
    elif found.pairs:
        _print(found, worse)
    return 2 if not found.pairs else 1 if worse else 0


def _check(given: Namespace) -> None:
    if not 0 < given.rate <= 1_000 or not 0 < given.deadline <= 3_600:
        raise BadInput("--rate is above 0 and at most 1000 a second, --deadline above 0 and at most 3600 seconds.")
    if not given.inputs and any("://" in one for one in (given.a, given.b)):
        raise BadInput("an endpoint needs questions to ask", hint="Name them by --inputs FILE.")
    if given.inputs and given.files:
        raise BadInput("stored traces and questions to ask can't be compared together", hint="Leave out one of them.")


def _stored(given: Namespace, reading: Reading) -> tuple[list[CallTrace], list[CallTrace]]:
    """Return the traces that match A and those that match B."""
    from cockpit.domain.traces import TraceFilter

    queries = [TraceFilter.parse(one, archived=True) for one in (given.a, given.b)]
    with ExitStack() as undo:
        if given.files:
            archive = _own_archive(given, reading, Path(undo.enter_context(TemporaryDirectory())))
            undo.callback(archive.close)
        else:
            from cockpit.cli.traces.archive import open_archive

            archive = undo.enter_context(open_archive(given, read_only=True))
        a, b = ([one.trace for one in archive.walk(query)] for query in queries)
    return a, b


def _own_archive(given: Namespace, reading: Reading, folder: Path) -> Archive:
    """Bring files into an archive of their own, so that they are searched by the same language."""
    from cockpit.archive.store import NAME, Archive
    from cockpit.cli.traces.detect import traces_of

    traces = list(traces_of(given.files, given.map, reading))
    archive = Archive.open(folder / NAME)
    archive.add(traces)
    return archive


def _replayed(given: Namespace, reading: Reading) -> tuple[list[CallTrace], list[CallTrace]]:
    from cockpit.detect.shadow.replay import Pace, replay
    from cockpit.domain.clock import WallClock

    questions = list(_questions(Path(given.inputs), reading))[: given.limit]
    if not questions:
        raise BadInput(f"{given.inputs} holds no question", hint=f"One JSON value a line: a text, or {SHAPE}.")
    sides = _side("A", given.a, given.token_a, given), _side("B", given.b, given.token_b, given)
    pace = Pace(given.rate)
    traces = list(replay(questions, *sides, clock=WallClock(), pace=pace, deadline_s=given.deadline))
    a, b = ([one for one in traces if one.source == side.name] for side in sides)
    return a, b


def _side(name: str, told: str, token: str | None, given: Namespace) -> Side:
    """Read `URL#MODEL`."""
    from cockpit.detect.shadow.replay import side_at
    from cockpit.world.secrets import secret_reader

    url, _, model = told.partition("#")
    if not url.startswith(("http://", "https://")) or not model:
        raise BadInput(
            f"{name} is no endpoint with a model: {told}", hint="For example https://gateway.example/v1#gpt-4o"
        )
    secret = secret_reader()(token or given.token or "")
    return side_at(name, url, model, secret, allow_http=given.allow_http)


def _questions(file: Path, reading: Reading) -> Iterator[Question]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadInput(f"{file} is larger than {MOST_BYTES >> 20} MB", hint="Take a sample of it.")
        lines = file.read_bytes().splitlines()
    except OSError as problem:
        raise BadInput(f"{file} can't be read: {problem.strerror}", hint="Check the name.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (ValueError, RecursionError):
            question = None
        if question:
            yield question
        else:
            reading.missed(f"{file}:{number}", f"no question: a text, or {SHAPE}")


def _question(value: Any) -> Question | None:
    from cockpit.detect.shadow.replay import Question
    from cockpit.domain.calls import Message

    if isinstance(value, str):
        value = {"input": value}
    if not isinstance(value, dict):
        return None
    said = value.get("messages", [{"role": "user", "content": value.get("input")}])
    if not isinstance(said, list) or not said:
        return None
    messages = []
    for one in said:
        if not isinstance(one, dict) or not all(isinstance(one.get(key), str) for key in ("role", "content")):
            return None
        messages.append(Message(one["role"], one["content"]))
    expected = value.get("expected")
    return Question(tuple(messages), expected if isinstance(expected, str) else None)


def _print(found: Shadow, worse: list[str]) -> None:
    say(f"{found.pairs} inputs answered by both; left out: {found.only_a} by A alone, {found.only_b} by B alone.")
    head = ("rubric", "n", "A", "B", "B − A", "interval", "p", "it says")
    table(head, [_row(one, worse) for one in found.differences])
    say("Intervals hold together at 95 %; p is corrected for all rubrics. Recorded scores: more is taken as better.")


def _row(one: Difference, worse: list[str]) -> tuple[str, ...]:
    interval = " to ".join(_figure(one, end) for end in one.interval) if one.interval else "-"
    sides = (_figure(one, value) for value in (one.a, one.b, one.difference))
    return (one.rubric, str(one.n), *sides, interval, f"{one.chance:.2g}", _verdict(one, worse))


def _verdict(one: Difference, worse: list[str]) -> str:
    if one.sure:
        return "B is worse" if one.rubric in worse else "differs, and not for the worse"
    if one.interval is None:
        return "too few pairs to say anything"
    if one.needed is None:
        return "no difference seen"
    return f"not sure; about {one.needed} pairs would settle a difference like this"


def _figure(one: Difference, value: float) -> str:
    if one.rate:
        return f"{value:.1%}"
    return f"{value:.3g}" if math.fabs(value) < 1_000 else f"{value:.0f}"
