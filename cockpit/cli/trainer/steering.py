"""`cockpit trainer`: watching a drill privately, and steering it, from a terminal of the trainer's own."""

from __future__ import annotations

import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.cli.output import deliver, emit, print_json
from cockpit.cli.output import say as tell
from cockpit.cli.places import open_journal, paths_of
from cockpit.domain.clock import mmss
from cockpit.domain.text import clean
from cockpit.errors import BadInput, CockpitError

if TYPE_CHECKING:
    from cockpit.domain.events import Event
    from cockpit.domain.incident import IncidentState
    from cockpit.drill.trainer.control import Trainer
    from cockpit.drill.trainer.sight import Asked, Coming, Sight

CLEAR = "\x1b[H\x1b[2J"
"""Makes room for the next look, on a terminal."""

LONGEST = 400
"""Characters of a line that goes to a pipe."""

SOONEST_S = 0.5
COMING = 4
"""Messages to come that are shown."""


def watch(given: Namespace) -> int:
    """Show the truth of a drill beside what its players know, again and again; the players see nothing of it."""
    if given.every < SOONEST_S:
        raise BadInput(f"a look takes its time: --every {SOONEST_S:g} at the least")
    with open_journal(given, read_only=True) as journal:
        look = _looker(given, lambda: journal.events(given.incident))
        if given.json or given.once or not sys.stdout.isatty():
            seen = look()
            print_json(seen.as_json()) if given.json else emit("\n".join(lines(seen)))
            return 0
        with suppress(KeyboardInterrupt):
            while True:
                seen = look()
                emit(CLEAR + _on_screen(seen))
                deliver()
                if seen.ended:
                    break
                time.sleep(given.every)
    return 0


def pause(given: Namespace) -> int:
    """Stop the clock of a drill."""
    return _steer(given, lambda trainer: trainer.pause(), "held: nobody but a trainer lets it go on")


def resume(given: Namespace) -> int:
    """Let a drill go on."""
    return _steer(given, lambda trainer: trainer.resume(), "goes on")


def speed(given: Namespace) -> int:
    """Let a drill run slower or faster."""
    return _steer(given, lambda trainer: trainer.set_speed(given.speed), f"runs ×{given.speed:g}")


def say(given: Namespace) -> int:
    """Send the players a message."""
    return _steer(given, lambda trainer: trainer.say(given.sender, given.text, given.channel), "told")


def end(given: Namespace) -> int:
    """End a drill."""
    return _steer(given, lambda trainer: trainer.end(given.reason), "ended")


def lines(seen: Sight, *, brief: bool = False) -> list[str]:
    """Return what a trainer reads, made harmless; `brief` is for terminals that don't hold all of it."""
    blocks = (_head(seen), _score(seen, brief), _expected(seen, brief), _to_come(seen.coming), _latest(seen))
    told = [rows for block in blocks if (rows := list(block))]
    found = [line for block in told for line in (*block, *([] if brief else [""]))]
    return [clean(line, multiline=False, limit=LONGEST) for line in found]


def _on_screen(seen: Sight) -> str:
    """Return as much as the terminal shows without scrolling."""
    columns, rows = shutil.get_terminal_size()
    whole = lines(seen)
    if len(whole) >= rows:
        whole = lines(seen, brief=True)
    return "\n".join(_cut(line, columns - 1) for line in whole[: rows - 1])


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _head(seen: Sight) -> Iterator[str]:
    score = seen.score
    played = f"{score.scenario}, seed {score.seed}, profile {score.profile}"
    yield f"{score.incident}  {played}  played by {seen.responder}"
    yield f"{seen.at:%H:%M:%S}  {mmss(seen.at_s)} after the page  {_pace(seen)}"
    for what in ("severity", "class", "layer"):
        named, true = seen.named[what] or "not named yet", seen.true[what]
        yield f"  {what:<9} {named}  {'✔' if named == true else f'| truth: {true}'}"
    yield f"  {'cause':<9} {seen.true['cause']}"
    yield f"  {'harm':<9} {seen.harm:.1f} a minute now, {seen.unhindered:.1f} had nobody pulled anything"
    yield f"  {'':<9} {_toll(seen)}"


def _score(seen: Sight, brief: bool) -> Iterator[str]:
    parts = {name: "–" if part.value is None else f"{part.value:.2f}" for name, part in seen.score.parts.items()}
    yield f"score if it ended now: {seen.score.total:.0f} of 100"
    if brief:
        told = [f"{name} {value}" for name, value in parts.items()]
        yield from ("  " + "  ".join(told[place : place + 5]) for place in range(0, len(told), 5))
    else:
        yield from (f"  {name:<10} {parts[name]:>5}  {part.why}" for name, part in seen.score.parts.items())
    yield from (f"  CAPPED at 49: {gate.why}" for gate in seen.score.gates)


def _expected(seen: Sight, brief: bool) -> Iterator[str]:
    yield "expected"
    if brief:
        for state in ("overdue", "open", "done late", "done"):
            ones = [one for one in seen.asked if one.state == state]
            if ones:
                yield f"  {state:<9} " + " · ".join(f"{one.what} {mmss(_moment(one))}" for one in ones)
        return
    for one in seen.asked:
        done = "" if one.done_s is None else f" at {mmss(one.done_s)}"
        yield f"  {one.state:<9} {one.what}{done}, by {mmss(one.by_s)}"


def _moment(one: Asked) -> float:
    """Return when it was done, or else by when it should be."""
    return one.by_s if one.done_s is None else one.done_s


def _latest(seen: Sight) -> Iterator[str]:
    yield "latest"
    yield from (f"  {mmss(at_s):>7}  {actor}: {text}" for at_s, actor, text in reversed(seen.latest))


def _to_come(coming: Sequence[Coming]) -> Iterator[str]:
    if not coming:
        return
    yield "to come"
    for one in coming[:COMING]:
        when = mmss(one.at_s) if one.at_s is not None else one.condition
        yield f"  {when:>7}  {one.channel} from {one.sender}{' (misleads)' if one.misleads else ''}: {one.text}"
    if len(coming) > COMING:
        yield f"           and {len(coming) - COMING} more"


def _pace(seen: Sight) -> str:
    if seen.ended:
        return f"over: {seen.ended}"
    if seen.held:
        return "held by a trainer"
    return "paused" if seen.paused else f"×{seen.speed:g}"


def _toll(seen: Sight) -> str:
    """Say what the night costs when nothing more is done, between doing nothing and the best play."""
    harm, contained = seen.score.harm, seen.score.times["contained"]
    stopped = f"stopped at {mmss(contained)}; " if contained is not None else ""
    ends = f"nothing {harm.nothing.j:.0f}, reference {harm.reference.j:.0f}"
    return f"{stopped}{harm.yours.j:.0f} {harm.unit} in the end ({ends})"


def _looker(given: Namespace, read: Callable[[], list[Event]]) -> Callable[[], Sight]:
    """Return what looks at a drill; its truth is made once."""
    from cockpit.drill.score.case import read_opening
    from cockpit.drill.score.run import make_truth
    from cockpit.drill.trainer.sight import sight

    opening = read_opening(read())
    truth = make_truth(opening)

    def look() -> Sight:
        events = read()
        return sight(events, opening, truth, _now(given, events))

    return look


def _now(given: Namespace, events: Sequence[Event]) -> datetime:
    """Return where the drill's clock stands: at its last checkpoint, or at what was written last."""
    from cockpit.journal.traces.store import TraceStore
    from cockpit.session.feed import kept_moments

    latest = max(event.at for event in events)
    path = paths_of(given).traces(given.incident)
    if not path.exists():
        return latest
    with suppress(CockpitError):
        store = TraceStore.open(path, read_only=True)
        try:
            kept = kept_moments(store)
        finally:
            store.close()
        return max(latest, kept[0]) if kept else latest
    return latest


@contextmanager
def _trainer(given: Namespace) -> Iterator[Trainer]:
    from cockpit.drill.trainer.control import Trainer

    with open_journal(given) as journal:

        def now(_: IncidentState) -> datetime:
            return _now(given, journal.events(given.incident))

        yield Trainer(journal, given.incident, given.responder, now)


def _steer(given: Namespace, act: Callable[[Trainer], Event], told: str) -> int:
    with _trainer(given) as trainer:
        event = act(trainer)
    tell(f"{given.incident} {told} (line {event.seq}, {event.at:%H:%M:%S})")
    return 0
