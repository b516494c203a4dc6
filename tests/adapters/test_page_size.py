"""Pages that are too large: fewer spans are asked for, until it fits or a single one does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cockpit_adapters.phoenix import PhoenixAdapter, PhoenixOptions
from cockpit_adapters.phoenix.fake import FakePhoenix
from cockpit_adapters.tracing import PageSize

from cockpit.domain.clock import WallClock
from cockpit.errors import TooLong, Unsure
from cockpit.world.contract import Place
from tests.adapters.served import Served
from tests.adapters.tracing import RECORDED, essence, fetched, pages_of


def up_to(most: int, asked: list[int]) -> Callable[[int], int]:
    """Return what answers with so many at most."""

    def ask(size: int) -> int:
        asked.append(size)
        if size > most:
            raise TooLong("the answer is longer than 16 MB")
        return size

    return ask


def test_a_page_that_is_too_long_is_asked_for_smaller_and_grows_again() -> None:
    pages, asked = PageSize(200), list[int]()
    for _ in range(4):
        pages.ask(up_to(60, asked))
    assert asked == [200, 50, 56, 63, 15, 16]


def test_it_never_grows_beyond_the_usual() -> None:
    pages, asked = PageSize(4), list[int]()
    for _ in range(3):
        pages.ask(up_to(9, asked))
    assert asked == [4, 4, 4]


def test_one_that_is_too_long_by_itself_ends_it() -> None:
    asked = list[int]()
    with pytest.raises(TooLong):
        PageSize(20).ask(up_to(0, asked))
    assert asked == [20, 5, 1]


def test_a_slow_answer_is_not_asked_for_again_at_once_but_smaller_the_next_time() -> None:
    pages, asked = PageSize(20), list[int]()

    def slow(size: int) -> int:
        asked.append(size)
        raise Unsure("no answer within 5 s")

    for _ in range(2):
        with pytest.raises(Unsure):
            pages.ask(slow)
    assert asked == [20, 5]


def test_large_spans_are_read_from_a_system_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.world.exchange.LONGEST_BODY", 2_000)
    with Served(FakePhoenix()) as served:
        options = PhoenixOptions(adapter="phoenix", url=served.url, token="env:T", project="support-bot")
        system = PhoenixAdapter().connect(options, Place("traces", lambda _: "key", WallClock().now))
        assert len(pages_of(system)) > 1
        [trace], _ = fetched(system)
        assert essence(trace) == RECORDED
