"""Every tracker under every fault: what it says of a ticket is true of what is there, and a mark is found again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cockpit.errors import CockpitError, Refused, Unsure, WorldError
from cockpit.world.contract import Capability, Deadline
from cockpit.world.contract_tracker import Issue, IssueState, Tracker
from cockpit.world.specimen import Specimen
from tests.adapters.chaos import FAULTS
from tests.adapters.secrecy import leaks, told
from tests.adapters.subjects import SERVED, Trial, adapter_of, name_of, trial
from tests.adapters.test_faults import CERTAIN, FEW, PATIENCE_S, deadline_under, settle, timed
from tests.adapters.ticketing import KEYS, MARK, ticket

TRACKERS = [one for one in SERVED if Capability.TRACKER in adapter_of(one).capabilities]
ADDRESS = "https://wiki.example.com/INC-0007"


@pytest.fixture(params=TRACKERS, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def soon() -> Deadline:
    return Deadline(10)


def requests_of(specimen: Specimen, folder: Path) -> int:
    """Return how many requests one create makes when all is well."""
    with trial(specimen, folder) as tried:
        assert tried.chaos is not None
        tried.chaos.begin("")
        tried.system.create(ticket(), soon())
        return tried.chaos.taken


def create_under(specimen: Specimen, folder: Path, fault: str, skip: int) -> None:
    """Ask for one ticket under a fault, and hold what is said against what is there."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        tried.chaos.begin(fault, skip=skip)
        one = timed("create", fault, lambda deadline: tried.system.create(ticket(), deadline))
        settle(tried.chaos)
        assert one.late_s < PATIENCE_S, one
        assert tried.applied <= 1, one
        if one.error is None:
            assert tried.applied == 1, one
            assert isinstance(one.result, Issue)
        elif not isinstance(one.error, Unsure):
            assert tried.applied == 0, f"{one}: {one.error!r} is certain, and it is there"
        assert one.error is None or not leaks(told(one.error)), one
        again(tried)


def again(tried: Trial) -> None:
    """Do what the cockpit does after an unsure try, now that everything has arrived: never two."""
    if tried.direct.find(ticket(), soon()) is None:
        tried.direct.create(ticket(), soon())
    assert tried.applied == 1
    assert tried.direct.find(ticket(), soon()).key == KEYS[tried.specimen.adapter]


def look_under(specimen: Specimen, folder: Path, fault: str) -> None:
    """Look for a ticket and read it under a fault: nothing is claimed that nobody said."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        key = tried.direct.create(ticket(), soon()).key
        tried.chaos.begin(fault)
        looks: list[tuple[str, Callable[[Deadline], Any]]] = [
            ("find", lambda deadline: tried.system.find(ticket(), deadline)),
            ("state", lambda deadline: tried.system.state(key, deadline)),
        ]
        for what, look in looks:
            one = timed(what, fault, look)
            assert one.late_s < PATIENCE_S, one
            allowed = CERTAIN.get(fault, (Unsure,))
            assert one.error is not None, f"{one}: as if nothing was wrong: {one.result}"
            assert isinstance(one.error, (*allowed, Unsure)), f"{one}: {one.error!r}"
            assert not leaks(told(one.error)), one


def say_under(specimen: Specimen, folder: Path, fault: str) -> None:
    """Comment and link under a fault, then once more: said at least once, and with the mark found at most once."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        key = tried.direct.create(ticket(), soon()).key
        for skip in (0, 1):
            tried.chaos.begin(fault, skip=skip)
            timed("comment", fault, lambda deadline: tried.system.comment(key, MARK, "Done.", deadline))
            settle(tried.chaos)
            tried.direct.comment(key, MARK, "Done.", soon())
            assert comments(tried) == 1, (fault, skip)


def comments(tried: Trial) -> int:
    """Count what is said on all tickets."""
    said = getattr(tried.fake, "comments")  # noqa: B009 - every tracker's fake has it, and the protocol needs not know
    return sum(len(one) for one in said.values()) if tried.specimen.adapter != "linear" else len(said)


def side_by_side(works: Sequence[Callable[[], None]]) -> None:
    """Run what mostly waits."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda work: work(), works))


def test_what_is_said_of_a_ticket_is_true(specimen: Specimen, tmp_path: Path) -> None:
    skips = range(requests_of(specimen, tmp_path))
    side_by_side([partial(create_under, specimen, tmp_path, fault, skip) for skip, fault in product(skips, FEW)])


@pytest.mark.integration
def test_what_is_said_of_a_ticket_is_true_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    skips = range(requests_of(specimen, tmp_path))
    side_by_side([partial(create_under, specimen, tmp_path, fault, skip) for skip, fault in product(skips, FAULTS)])


def test_looking_says_what_is_certain(specimen: Specimen, tmp_path: Path) -> None:
    side_by_side([partial(look_under, specimen, tmp_path, fault) for fault in FEW])


@pytest.mark.integration
def test_looking_says_what_is_certain_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    faults = [one for one in FAULTS if one != "liar"]
    side_by_side([partial(look_under, specimen, tmp_path, fault) for fault in faults])


def test_a_comment_is_said_once(specimen: Specimen, tmp_path: Path) -> None:
    side_by_side([partial(say_under, specimen, tmp_path, fault) for fault in ("reset after", "500 after acting")])


@pytest.mark.integration
def test_a_comment_is_said_once_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    side_by_side([partial(say_under, specimen, tmp_path, fault) for fault in FAULTS])


def test_a_mark_is_found_again_and_no_other(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tracker: Tracker = tried.system
        assert tracker.find(ticket(), soon()) is None
        tracker.create(ticket(mark="cockpit-0000000000000000"), soon())
        assert tracker.find(ticket(), soon()) is None
        made = tracker.create(ticket(), soon())
        found = tracker.find(ticket(), soon())
        assert found is not None
        assert (found.key, found.url, found.state) == (made.key, made.url, IssueState.OPEN)
        assert tracker.state(made.key, soon()) == found


def test_a_link_twice_is_one(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        key = tried.system.create(ticket(), soon()).key
        for _ in range(2):
            tried.system.link(key, ADDRESS, "The postmortem", soon())
        assert repr(vars(tried.fake)).count(ADDRESS) >= 1
        links = getattr(tried.fake, "links", None) or getattr(tried.fake, "attachments", None)
        assert (len(links) if links else comments(tried)) == 1


@pytest.mark.parametrize("key", ["", "..", "#0", "1/../2", "OPS-1?x=1", "ops 1", "OPS-1/comment"])
def test_what_is_no_ticket_s_name_reaches_no_other(specimen: Specimen, key: str, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.create(ticket(), soon())
        with pytest.raises(CockpitError):
            tried.system.state(key, soon())


def test_a_ticket_that_is_gone_is_refused(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried, pytest.raises(Refused):
        tried.system.state(KEYS[specimen.adapter], soon())


def test_hostile_words_arrive_without_what_makes_them_hostile(specimen: Specimen, tmp_path: Path) -> None:
    nasty = "\x1b[2J\u202e @all <img src=x>\x00 [x](https://evil.example)"
    with trial(specimen, tmp_path) as tried:
        tried.system.create(ticket(title=nasty, text=nasty, owner=nasty), soon())
        seen = repr(vars(tried.fake))
        assert tried.applied == 1
        assert "\\x1b" not in seen
        assert "\\u202e" not in seen


def test_a_check_makes_nothing(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.check(soon())
        assert tried.applied == 0


def test_errors_are_of_the_world(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        assert tried.chaos is not None
        tried.chaos.begin("403")
        began = time.monotonic()
        with pytest.raises(WorldError) as caught:
            tried.system.create(ticket(), soon())
        assert caught.value.hint
        assert time.monotonic() - began < PATIENCE_S
