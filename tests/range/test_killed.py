"""A range whose process was killed: the next one on the same gateway puts back first what it had changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind
from cockpit.journal.log import Journal
from tests.live.toys import load
from tests.range.conftest import Field


def _killed(field: Field) -> None:
    """Let a process of its own play a range, and kill it right after its first pull."""
    command = [sys.executable, "-m", "tests.range.playing", str(field.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as player:
        assert player.stdout is not None
        assert player.stdout.readline() == "pulled\n"
        os.kill(player.pid, signal.SIGKILL)
    assert load(field.file)["values"]["flag:answers"] is False
    assert load(field.file)["values"]["prompt:support"] == "v2"


@pytest.mark.integration
def test_the_next_range_puts_back_first_what_a_killed_one_had_changed(field: Field) -> None:
    _killed(field)
    runner = field.begin(speed=60.0)
    assert load(field.file)["values"] == {"flag:answers": True, "prompt:support": "v3", "share:answers": 100.0}
    assert runner.found == ["INC-0001 was cut off and had changed 2 values on staging: all as before now"]
    runner.close()
    again = field.begin(speed=60.0)
    assert again.found == []  # it is written down, and not done again


@pytest.mark.integration
def test_what_a_colleague_set_after_the_kill_is_theirs_and_said(field: Field) -> None:
    _killed(field)
    content = load(field.file)
    content["values"]["prompt:support"] = "v1"
    field.file.write_text(json.dumps(content), "utf-8")
    found = field.begin(speed=60.0).found
    assert load(field.file)["values"]["flag:answers"] is True
    assert load(field.file)["values"]["prompt:support"] == "v1"
    assert "1 not put back" in found[0]
    assert "somebody else has set it to v1" in found[1]
    assert "set prompt:support on toy to v3 by hand" in found[2]


@pytest.mark.integration
def test_without_a_killed_one_everything_is_written_down_as_put_back(field: Field) -> None:
    field.begin(speed=60.0).close()
    with closing(Journal.open(field.folder / "journal.db", clock=WallClock())) as journal:
        kinds = [event.kind for event in journal.events("INC-0001")]
    assert kinds.index(Kind.RANGE_PREPARED) == 1
    assert kinds[-1] is Kind.RANGE_PUT_BACK
