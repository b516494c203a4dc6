"""Updates for customers on a status page of one's own: one incident there, each update once, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cockpit_adapters.statuspage_own import OwnPageAdapter
from cockpit_adapters.statuspage_own.fake import FakeOwnPage

from cockpit.domain.deliveries import Stage
from cockpit.live.outlets import Outlet
from cockpit.world.contract import Place
from tests.adapters.chaos import Chaos
from tests.adapters.served import Served
from tests.live.test_courier import Post, beats

PAGE = {"adapter": "statuspage_own", "token": "env:KEY", "page": "kctbh9vrtdwd", "deadline_s": 5.0}


class Public(Post):
    """An incident whose customers read a page, which is reached through everything that can go wrong."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self._url = url

    def sit_down(self) -> None:
        """Be a terminal that knows nothing of what others tried."""
        clock = self.table.clock
        place = Place("page", lambda _: "status-k3y", clock.now, monotonic=lambda: clock.now().timestamp())
        options = OwnPageAdapter.options.model_validate({**PAGE, "url": self._url})
        page = OwnPageAdapter().connect(options, place)
        self.outlets = [Outlet("page", frozenset({"customers"}), page)]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.table.clock.move_to(self.table.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def fake() -> FakeOwnPage:
    """A page."""
    return FakeOwnPage()


@pytest.fixture
def chaos(fake: FakeOwnPage) -> Iterator[Chaos]:
    """The way to it."""
    with Served(fake) as served, Chaos(served.port) as way:
        yield way


@pytest.mark.parametrize("fault", ["500 after acting", "500", "reset after", "refused"])
@pytest.mark.parametrize("killed", [False, True])
def test_customers_read_each_update_once_and_in_one_incident(
    tmp_path: Path, fake: FakeOwnPage, chaos: Chaos, fault: str, killed: bool
) -> None:
    post = Public(tmp_path, chaos.url)
    post.sit_down()
    post.update("We look.", "customers")
    post.update("Found.", "customers")
    courier = post.terminal()
    chaos.begin(fault, skip=1)
    beats(courier)
    chaos.end()
    if killed:
        post.sit_down()
        courier = post.terminal()
    for _ in range(8):
        post.wait(20)
        beats(courier)
    assert [one["body"] for one in fake.told] == ["We look.", "Found."]
    assert len(fake.incidents) == 1
    assert {one.stage for one in courier.deliveries().found.values()} == {Stage.DELIVERED}


def test_what_the_page_calls_it_and_where_it_is_read_is_on_record(
    tmp_path: Path, fake: FakeOwnPage, chaos: Chaos
) -> None:
    post = Public(tmp_path, chaos.url)
    post.sit_down()
    post.update("We look.", "customers")
    courier = post.terminal()
    beats(courier)
    (found,) = fake.incidents.values()
    assert found["status"] == "investigating"
    (delivered,) = courier.deliveries().on("page")
    assert (delivered.ref, delivered.url) == (found["id"], found["shortlink"])
