"""Every pager under every fault: what it says of a page is true of what was done there, and nobody is woken twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cockpit.errors import BadInput, CockpitError, Unsure
from cockpit.world.contract import Capability, Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import EVERYTHING, PAGE, OnCall, Pager, PageRef
from cockpit.world.specimen import Specimen
from tests.adapters.calling import CALLS, summons, word
from tests.adapters.chaos import FAULTS
from tests.adapters.secrecy import leaks, told
from tests.adapters.subjects import SERVED, Trial, adapter_of, name_of, trial
from tests.adapters.test_faults import FEW, deadline_under, settle, timed

PAGERS = [one for one in SERVED if Capability.PAGER in adapter_of(one).capabilities]


@pytest.fixture(params=PAGERS, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def paged(tried: Trial) -> PageRef:
    """Return the page that is open there from the beginning."""
    fake: Any = tried.fake
    return PageRef(fake.paged)


def call_under(specimen: Specimen, folder: Path, what: str, fault: str) -> None:
    """Ask for one thing under a fault, hold what is said against what was done, then ask again without it."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        tried.chaos.begin(fault)
        one = timed(what, fault, lambda deadline: CALLS[what](tried.system, paged(tried), deadline))
        settle(tried.chaos)
        done = tried.applied
        assert done <= 1, one
        if one.error is None:
            assert done == 1, one
            assert isinstance(one.result, Receipt)
        elif not isinstance(one.error, Unsure):
            assert done == 0, f"{one}: {one.error!r} is certain, and it was done"
        assert one.error is None or not leaks(told(one.error)), one
        if what in tried.system.repeats:
            CALLS[what](tried.direct, paged(tried), Deadline(10))
            assert tried.applied == 1, f"{one}, and asked again"


def run(specimen: Specimen, folder: Path, faults: tuple[str, ...]) -> None:
    """Try faults side by side: most of the time is spent waiting."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: call_under(specimen, folder, *pair), product(CALLS, faults)))


def test_what_is_said_of_a_page_is_true(specimen: Specimen, tmp_path: Path) -> None:
    run(specimen, tmp_path, FEW)


@pytest.mark.integration
def test_what_is_said_of_a_page_is_true_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    run(specimen, tmp_path, FAULTS)


def test_it_does_what_it_says_and_a_repeat_changes_nothing_where_that_is_said(
    specimen: Specimen, tmp_path: Path
) -> None:
    for what, call in CALLS.items():
        with trial(specimen, tmp_path) as tried:
            assert isinstance(tried.system, Pager)
            assert what in tried.system.does <= EVERYTHING
            for _ in range(2):
                assert isinstance(call(tried.system, paged(tried), Deadline(10)), Receipt)
            assert tried.applied == (1 if what in tried.system.repeats else 2), what


def test_a_page_goes_its_way_from_the_call_to_the_end(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.page(summons(), Deadline(10))
        page = PageRef(key=summons().key)
        for number, what in enumerate(name for name in CALLS if name != PAGE):
            CALLS[what](tried.system, page, Deadline(10))
            assert tried.applied == number + 2, what


def test_hostile_words_arrive_without_what_makes_them_hostile(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        nasty = "\x1b[2Jbad\x00\u202e\r\nX-Evil: 1"
        tried.system.page(summons(text=nasty, title=nasty, by=nasty, service="\ud800"), Deadline(10))
        tried.system.note(paged(tried), word(text=nasty, by=nasty), Deadline(10))
        assert tried.applied == 2
        seen = repr(vars(tried.fake))
        assert "\\x1b" not in seen
        assert "\\u202e" not in seen


def test_a_test_says_first_that_it_is_one(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.page(summons(test=True), Deadline(10))
        assert "TEST, nothing is wrong" in repr(vars(tried.fake))


def test_a_check_and_a_look_wake_nobody(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.check(Deadline(10))
        assert all(isinstance(one, OnCall) for one in tried.system.on_call("", Deadline(10)))
        assert tried.applied == 0


def test_a_target_is_understood_without_asking(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        assert tried.chaos is not None
        tried.chaos.begin("refused")
        assert tried.system.target("")
        for text in ("nobody", "policy:", "role:ada", "\x1b[2J", "team:" + "x" * 900):
            with pytest.raises(BadInput) as caught:
                tried.system.target(text)
            assert ":" in caught.value.message


def test_a_page_that_is_not_there_is_never_taken_for_done(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        for what in tried.system.does - {PAGE}:
            with pytest.raises(CockpitError):
                CALLS[what](tried.system, PageRef("N0SUCHPAGE"), Deadline(2))
        assert tried.applied == 0
