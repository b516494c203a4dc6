"""A proxy with two workers, one of which flips late: nothing is proven before both have."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.domain.levers import Stage
from cockpit.world.contract import Deadline, Place, Write
from cockpit.world.options import ProbeOptions
from cockpit.world.registry import load_adapter
from cockpit.world.saga import carry_out
from cockpit.world.wire import Prober, Streak, matches
from tests.systems.running import RunningSystem

ADDRESS = "alias:wired"
LONGEST_S = 100.0
"""Workers read their configuration every 30 seconds."""


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_a_flip_is_proven_when_both_workers_have_made_it(litellm_db_two_workers: RunningSystem) -> None:
    running = litellm_db_two_workers
    adapter = load_adapter("litellm")
    place = Place("proxy", lambda _: running.tokens["master"], lambda: datetime.now(UTC))
    table: dict[str, Any] = {"adapter": "litellm", "url": running.url, "token": "env:TOKEN", "deadline_s": 30.0}
    system: Any = adapter.connect(adapter.options(**table), place)
    body = {"model": "wired", "messages": [{"role": "user", "content": "hello"}]}
    probe = ProbeOptions(url=f"{running.url}/v1/chat/completions", token="env:TOKEN", body=body, deadline_s=30.0)
    prober = Prober(probe, lambda _: running.tokens["master"], lambda: datetime.now(UTC))
    for number, target in enumerate(("support-v1", "support-v2")):
        reading = system.read(ADDRESS, Deadline(30))
        write = Write(ADDRESS, target, f"L{number}", reading.version, reading.value)
        assert carry_out(system, write, 60.0, call_s=30.0).stage is Stage.APPLIED
        expected = system.expectation(ADDRESS, target, Deadline(30))
        streak, began = Streak(expected), time.monotonic()
        while not prober.step(streak).enough:
            assert time.monotonic() - began < LONGEST_S, streak.proof
            time.sleep(0.3)
        print(f"{target}: proven {time.monotonic() - began:.1f} s after it was stored: {streak.proof}")
        assert [one for one in (prober.ask() for _ in range(100)) if not matches(expected, one)] == []
    prober.close()
    system.close()
