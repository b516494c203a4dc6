"""Fifty processes that race for the command of an incident, and that wish for all else about it at once.

Run: .venv/bin/python tests/bench/bench_race.py [ROUNDS]
Also how soon another host sees what one writes. Without PostgreSQL on this machine only the file is measured.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal
from tests.journal.making import note, opening
from tests.live.race import Opener, race, scramble
from tests.systems.failures import SystemMissing
from tests.systems.postgres_crash import CrashingPostgres

RACERS, ROUNDS = 50, 3
NEWS, LIMIT_S = 200, 1.0


def judge(where: str, opener: Opener, rounds: int) -> bool:
    """Race, print, and tell whether exactly one commanded each time and everybody was told."""
    outcomes = [race(opener, RACERS) for _ in range(rounds)]
    fine = all(one.fine for one in outcomes)
    print(
        f"{RACERS} processes race for IC on {where}, {rounds} rounds: took {[one.took for one in outcomes]}, "
        f"refused {[one.refused for one in outcomes]}, told otherwise {sum(len(one.otherwise) for one in outcomes)}, "
        f"most at any instant {max(one.most for one in outcomes)} (limit 1): {'pass' if fine else 'MISS'}"
    )
    print(f"  the last one was answered after {max(one.longest_s for one in outcomes):.2f} s at most")
    return fine


def all_at_once(where: str, opener: Opener) -> bool:
    """Let them wish all that can be wished about command, and tell whether exactly one had it at every line."""
    outcome = scramble(opener, RACERS)
    changed = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.changed.items()))
    print(
        f"{RACERS} processes take, offer, accept, decline, take over and give up IC on {where}: {changed}; "
        f"in command at any line {outcome.least} to {outcome.most} (limit 1): {'pass' if outcome.fine else 'MISS'}"
    )
    print(f"  the last one was answered after {outcome.longest_s:.2f} s at most, {len(outcome.broken)} broken")
    return outcome.fine


def seen(writer: Journal, reader: Journal) -> bool:
    """Measure how soon a reader is told of a commit and has read it."""
    incident = writer.open_incident([opening()])
    reader.changed()
    time.sleep(1)
    delays = []
    for seq in range(1, NEWS + 1):
        writer.append(incident, [note("news")], expected_seq=seq)
        done = time.perf_counter()
        while not (reader.changed() and len(reader.events(incident, seq)) == 1):
            time.sleep(0.001)
        delays.append((time.perf_counter() - done) * 1000)
        time.sleep(0.02)
    delays.sort()
    fine = delays[-1] < LIMIT_S * 1000
    median, p99, most = delays[NEWS // 2], delays[NEWS * 99 // 100], delays[-1]
    print(
        f"{NEWS} lines read on another host after median {median:.1f} ms, p99 {p99:.1f} ms, at most {most:.1f} ms "
        f"(limit {LIMIT_S:g} s): {'pass' if fine else 'MISS'}"
    )
    return fine


def main(rounds: int) -> int:
    """Measure everything, and return 1 when anything was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def terminal(_: int) -> Journal:
            return Journal.open(place / "journal.db", clock=WallClock())

        fine = judge("one SQLite file", terminal, rounds)
        fine &= all_at_once("one SQLite file", terminal)
        try:
            server = CrashingPostgres()
        except SystemMissing as missing:
            print(f"PostgreSQL: not measured. {missing}")
            return int(not fine)
        with server:
            url = server.database("race")

            def host(number: int) -> Journal:
                return Journal.connect(url, place / f"host-{number}", clock=WallClock())

            fine &= judge("one PostgreSQL database", host, rounds)
            fine &= all_at_once("one PostgreSQL database", host)
            with closing(host(101)) as writer, closing(host(102)) as reader:
                fine &= seen(writer, reader)
    return int(not fine)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS))
