"""`cockpit watch` and `baseline` on the archive: what was received is watched, once, and found again by a query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from cockpit.archive.store import NAME, Archive
from cockpit.detect.stream.detectors import Detectors
from cockpit.detect.stream.follow import follow
from cockpit.domain.calls import CallTrace
from tests.cli.command import Cli
from tests.detect.test_commands import REFUSAL, clean_environment, cli

__all__ = ["clean_environment", "cli"]

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def traces(first: int, count: int, share: float) -> list[CallTrace]:
    """Make answers two seconds apart, a share of them refusals."""
    draw = Random(first)
    return [
        CallTrace(
            f"t{number}", "test", at := START + timedelta(seconds=2 * number), at + timedelta(seconds=1),
            route="support", model="m1", answered=REFUSAL if draw.random() < share else "On Monday.",
        )
        for number in range(first, first + count)
    ]  # fmt: skip


def add(cli: Cli, found: list[CallTrace]) -> None:
    """Put traces into the archive."""
    cli.data.mkdir(exist_ok=True)
    archive = Archive.open(cli.data / NAME)
    archive.add(found)
    archive.close()


def test_what_comes_in_is_watched_once(cli: Cli) -> None:
    add(cli, traces(0, 900, 0.01))
    assert cli("watch", "--once", "--json").json == []
    add(cli, traces(900, 200, 0.4))
    (page,) = cli("watch", "--once", "--json").json
    assert (page["detector"], page["incident"]) == ("refusals", "INC-0001")
    assert set(page["evidence"]) <= {f"t{number}" for number in range(900, 1100)}
    assert cli("watch", "--once", "--json").json == []


def test_a_baseline_from_a_query(cli: Cli) -> None:
    add(cli, traces(0, 400, 0.0))
    assert cli("baseline", "record", "all", "--json").json["routes"][""]["answers"] == 400
    assert cli("baseline", "record", "one", "route:support", "--json").json["routes"][""]["answers"] == 400
    assert cli("baseline", "record", "none", "route:other").code == 2


class Listed:
    """Traces in a list as a stream."""

    def __init__(self, found: list[CallTrace]) -> None:
        self.found = found

    def since(self, number: int, most: int) -> list[tuple[int, CallTrace]]:
        """Return those after a number."""
        return list(enumerate(self.found[number : number + most], number + 1))

    def last(self) -> int:
        """Return how many there are."""
        return len(self.found)


def test_what_was_told_before_is_learnt_from_and_not_told_again() -> None:
    stream = Listed([*traces(0, 900, 0.01), *traces(900, 100, 0.5)])
    assert list(follow(stream, Detectors(), told=1000).read()) == []
    assert [page.detector for page in follow(stream, Detectors(), told=0).read()] == ["refusals"]
