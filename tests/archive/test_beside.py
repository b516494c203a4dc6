"""An incident's list filtered by what only the archive knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.archive.beside import AGAIN_S, BesideArchive
from cockpit.archive.store import Archive
from cockpit.domain.calls import ToolUse
from cockpit.domain.traces import ARCHIVED, TraceFilter
from cockpit.journal.traces.store import TraceStore
from cockpit.tui.traces.complete import seen
from cockpit.world.port import TraceRow
from tests.archive.test_archive import START, trace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Both:
    """Traces that are in the archive, and from the hundredth on in the incident's list too."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive.open(folder / "archive.db")
        self.store = TraceStore.open(folder / "t.db")
        self.clock = Clock()
        self.there = True
        self.list = BesideArchive(self.store, lambda: self.archive if self.there else None, self.clock)

    def add(self, first: int, last: int) -> None:
        made = [
            trace(number, user=f"u{number % 7}", tenant="acme" if number % 2 else "beta",
                  scores={"Grounding": number % 5}, tools=(ToolUse("refund" if number % 3 else "look_up"),))
            for number in range(first, last + 1)
        ]  # fmt: skip
        self.archive.add(made)
        self.store.add([self.row(number, one.tenant) for number, one in enumerate(made, first) if number >= 100])

    def row(self, number: int, tenant: str) -> TraceRow:
        at = START + timedelta(milliseconds=number)
        return TraceRow(
            number, at, "leak" if number % 4 else "ok", "/a", "v1", "m", tenant, "s", 1, 1, 1, 1, 1, "text"
        )

    def found(self, text: str) -> list[int]:
        query = TraceFilter.parse(text, archived=True, now=START + timedelta(hours=1))
        rows = self.list.page(query, limit=5_000)
        assert self.list.count(query) == len(rows)
        assert all(self.list.rank(one.id, query) == place for place, one in enumerate(rows))
        return [one.id for one in rows]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    made = Both(tmp_path)
    made.add(1, 400)
    with closing(made.archive), closing(made.store):
        yield made


def wanted(both: Both, last: int, *, odd: bool = False) -> list[int]:
    return [one for one in range(last, 99, -1) if one % 7 == 3 and (one % 2 or not odd)]


def test_what_only_the_archive_knows_is_asked_of_it_and_the_rest_of_the_list(both: Both) -> None:
    assert both.found("user:u3") == wanted(both, 400)
    assert both.found("user:u3 tenant:acme") == wanted(both, 400, odd=True)
    assert both.found("tool:look_up verdict:ok") == [
        one for one in range(400, 99, -1) if one % 3 == 0 and one % 4 == 0
    ]
    assert both.found("score.grounding<1 since:02:00:00.3") == [one for one in range(400, 299, -1) if one % 5 == 0]
    assert both.found("-user:u3 tenant:beta user:u1,u3") == [
        one for one in range(400, 99, -1) if one % 7 == 1 and one % 2 == 0
    ]
    assert both.found("verdict:ok") == [one for one in range(400, 99, -1) if one % 4 == 0]


def test_what_arrives_is_found_after_a_while(both: Both) -> None:
    assert both.found("user:u3")[0] == 395
    both.add(401, 500)
    assert both.found("user:u3")[0] == 395
    both.clock.now += AGAIN_S
    assert both.found("user:u3") == wanted(both, 500)


def test_a_group_is_narrowed_further(both: Both) -> None:
    query = replace(TraceFilter.parse("user:u3", archived=True), ids=(101, 206, 207, 395))
    assert [one.id for one in both.list.page(query)] == [395, 206, 101]


def test_without_an_archive_nothing_of_it_is_found(both: Both) -> None:
    both.there = False
    assert both.found("user:u3") == []
    assert both.found("tenant:acme")


def test_values_of_the_archive_are_completed(both: Both) -> None:
    found = seen(both.list, ARCHIVED)
    assert set(found["tool"]) == {"refund", "look_up"}
    assert found["user"][0].startswith("u")
