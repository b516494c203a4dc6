"""Every channel under every fault: what it says of a message is true of what arrived."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.errors import Unsure
from cockpit.world.contract import Capability, Deadline
from cockpit.world.contract_channels import Channel, Receipt
from cockpit.world.specimen import Specimen
from tests.adapters.chaos import FAULTS
from tests.adapters.secrecy import leaks, told
from tests.adapters.subjects import SERVED, adapter_of, name_of, trial
from tests.adapters.telling import message
from tests.adapters.test_faults import FEW, deadline_under, settle, timed

CHANNELS = [one for one in SERVED if Capability.CHANNEL in adapter_of(one).capabilities]

TAKES_ANY_YES = {"webhook": ("truncated", "wrong type", "garbage", "liar")}
"""Whose receivers may answer what they like, so that a 200 from somebody else is a yes."""


@pytest.fixture(params=CHANNELS, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def send_under(specimen: Specimen, folder: Path, fault: str) -> None:
    """Send one message under a fault, and hold what is said against what arrived."""
    with trial(specimen, folder, deadline_under(fault)) as tried:
        assert tried.chaos is not None
        tried.chaos.begin(fault)
        one = timed("send", fault, lambda deadline: tried.system.send(message(), deadline))
        settle(tried.chaos)
        arrived = tried.applied
        assert arrived <= 1, one
        if one.error is None:
            assert arrived == 1 or fault in TAKES_ANY_YES.get(specimen.adapter, ()), one
            assert isinstance(one.result, Receipt)
        elif not isinstance(one.error, Unsure):
            assert arrived == 0, f"{one}: {one.error!r} is certain, and it arrived"
        assert one.error is None or not leaks(told(one.error)), one


def run(specimen: Specimen, folder: Path, faults: tuple[str, ...]) -> None:
    """Try faults side by side: most of the time is spent waiting."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda fault: send_under(specimen, folder, fault), faults))


def test_what_is_said_of_a_message_is_true(specimen: Specimen, tmp_path: Path) -> None:
    run(specimen, tmp_path, FEW)


@pytest.mark.integration
def test_what_is_said_of_a_message_is_true_under_every_fault(specimen: Specimen, tmp_path: Path) -> None:
    run(specimen, tmp_path, FAULTS)


def test_the_same_key_twice_arrives_once_where_that_is_said(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        assert isinstance(tried.system, Channel)
        for _ in range(2):
            tried.system.send(message(), Deadline(10))
        assert tried.applied == (1 if tried.system.once else 2)


def test_hostile_words_arrive_without_what_makes_them_hostile(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        nasty = "\x1b[2Jbad\x00\u202e\r\nX-Evil: 1"
        tried.system.send(message(text=nasty, title=nasty, service="\ud800"), Deadline(10))
        assert tried.applied == 1
        seen = repr(vars(tried.fake))
        assert "\\x1b" not in seen
        assert "\\u202e" not in seen


def test_a_check_sends_nothing(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        tried.system.check(Deadline(10))
        assert tried.applied == 0
