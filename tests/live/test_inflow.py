"""Traces brought in while an incident runs are seen by it, and a source that fails is named."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.thresholds import Thresholds
from cockpit.errors import Unreachable
from cockpit.intake.options import IntakeOptions
from cockpit.live.sight.opening import Recorded, sight_on
from cockpit.live.trace_pull.inflow import Inflow
from tests.live.conftest import until
from tests.live.sources import NOON, ToySource, Yard, at, span


def test_what_a_source_keeps_is_seen_and_its_trouble_is_told(tmp_path: Path) -> None:
    broken = ToySource()
    broken.errors = [Unreachable("no route to host")] * 20
    yard = Yard(tmp_path, phoenix=ToySource([span("t1", at(-2)), span("t2", at(-1))]), langfuse=broken)
    sight = sight_on(Recorded(yard.archive.path, yard.options), Thresholds(), "support", NOON, yard.clock.now)
    inflow = sight.inflow = Inflow(yard.fleet, yard.options, IntakeOptions(), tmp_path, yard.clock.now)
    try:

        def both() -> bool:
            sight.eyes.look()
            return sight.eyes.count == 2

        until(both)
        assert [row.text for row in sight.eyes.traces(NOON, NOON)] == [
            "question t1 → answer t1", "question t2 → answer t2",
        ]  # fmt: skip
        until(lambda: inflow.problem)
        assert sight.problem.startswith("langfuse: ")
    finally:
        inflow.close()
        sight.eyes.close()
