"""The page that fires before the customer does, on real parts only.

LiteLLM answers, Phoenix keeps the traces and the prompt, Alertmanager pages; between them are the commands as anybody
runs them. The prompt moves, answers leak, and the incident stands open with what is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cockpit.archive.store import NAME, Archive
from cockpit.domain.calls import CallTrace
from cockpit.domain.traces import TraceFilter
from tests.end_to_end.detecting import House, house, night_by_prompt, until
from tests.systems import SystemMissing
from tests.terminal import Size, Terminal

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("detecting"), pytest.mark.timeout(900)]

CALM = 150
"""Answers under the older prompt before it moves."""
MOVED = "tag:support-system@production"
LEAKS = ("Retrieved context", "[doc 1]")
FAILING = 10
SIZE = Size(170, 48)
WIDE = {"COLUMNS": str(SIZE.columns), "LINES": str(SIZE.rows)}
DO_NOTHING = "steps: []\n"
PAGED_S = 120.0
"""From the first bad answer to the open incident, on a machine that has other things to do."""


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[House]:
    """The systems up."""
    try:
        with house(tmp_path) as made:
            yield made
    except SystemMissing as error:
        pytest.skip(f"{error} {error.hint}")


def archived(place: House) -> list[CallTrace]:
    """Return what was pulled so far."""
    file = place.folder / "data" / NAME
    if not file.exists():
        return []
    archive = Archive.open(file, read_only=True)
    try:
        return [one.trace for one in archive.walk(TraceFilter())]
    finally:
        archive.close()


def leaking(place: House) -> list[CallTrace]:
    """Return the answers that leak."""
    return [one for one in archived(place) if one.answered.startswith(LEAKS)]


def failing(place: House) -> int:
    """Return how many of the incident's traces fail."""
    return int(place.answer("clusters", "INC-0001")["failing"])


def opened(place: House) -> dict[str, Any] | None:
    """Return the one incident, once it is there."""
    found = place.answer("status")
    return found[0] if found else None


def test_from_a_moved_prompt_to_an_incident_that_knows_what_happened(ready: House) -> None:
    script = ready.folder / "nothing.yaml"
    script.write_text(DO_NOTHING)
    receiver = ready.run("serve-webhooks", "--json")
    until(receiver.told, 60, "the receiver")
    scenario = str(night_by_prompt(ready.folder))
    ready.run("range", scenario, "--gateway", "gateway", "--headless", "--script", str(script), data="drill")
    watch = ready.run("watch", "--json")
    until(lambda: len(archived(ready)) >= CALM, 180, "a calm stretch")
    assert watch.told() == []
    assert leaking(ready) == []

    moved = datetime.now(UTC)
    ready.move_prompt("v41")
    first = min(one.ended for one in until(lambda: leaking(ready), 120, "a bad answer"))
    page = until(watch.told, PAGED_S, "the page")[0]
    paged = datetime.now(UTC)
    until(lambda: any(line.get("opened") for line in receiver.told()), PAGED_S, "the incident")
    stands = until(lambda: opened(ready), 60, "the incident")
    there = datetime.now(UTC)
    moments = (moved, first, paged, there)
    bad, told, opened_s = (f"{(one - at).total_seconds():.1f} s" for at, one in pairwise(moments))
    print(f"first bad answer {bad} after the prompt moved; page {told} after it, incident {opened_s} after that")
    assert (there - first).total_seconds() < PAGED_S

    assert (page["detector"], page["alertmanager"], page["incident"]) == ("other_tenant", True, None)
    assert (stands["incident"], stands["stage"], stands["service"]) == ("INC-0001", "paged", "support-assistant")
    suspected = stands["suspected"]
    assert suspected["routes"] == ["/support"]
    assert suspected["signals"] == ["leaks_per_min"]
    assert MOVED in suspected["change_said"]
    assert stands["pinned"]

    with Terminal(ready.argv("attach", "INC-0001"), SIZE, env=ready.env | WIDE) as screen:
        screen.wait_for("LIVE", "other tenant", "leak seen yes", seconds=90)
        until(lambda: screen.listen(0.1) and failing(ready) >= FAILING, 180, "failing traces")
        found = ready.answer("clusters", "INC-0001")
        screen.press("v")
        screen.wait_for("other_tenant", "prompt v2", "How far it reaches", "the share rose", seconds=90)
        # A busy machine sees the tag move after the first bad answer; then the new version is what came before it.
        screen.wait_for("lines up in time", "support-system", seconds=30)
        screen.press("g")
        screen.wait_for("Proposed from the traces", "/support", seconds=30)
    assert all("other_tenant" in one["verdicts"] for one in found["clusters"])
    assert found["scope"]["since"]
    [prompt] = [one for one in found["layers"] if one["layer"] == "prompt"]
    assert prompt["speaks"]
    assert {one["value"] for one in prompt["facts"] if one["sure"]} >= {"v2"}
