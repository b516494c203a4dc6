"""`cockpit clocks`: started and stopped from the command line, and told as JSON."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.command import Cli


def test_a_clock_is_started_told_and_stopped(cli: Cli, night: Path) -> None:
    shutil.copytree(night, cli.data, dirs_exist_ok=True)
    untouched = cli("clocks", "INC-0001", "--json").json
    assert [(one["clock"], one["started_by"]) for one in untouched["running"]] == [("gdpr_33", "ada")]
    assert "dora_19_aware" in [one["clock"] for one in untouched["not_started"]]
    begun = ("--start", "dora_19_aware", "--aware", "Lee", "--at", "10m", "--as", "dana")
    one = cli("clocks", "INC-0001", *begun, "--json").json["running"][0]
    assert (one["aware"], one["started_by"], one["left_s"]) == ("Lee", "dana", 24 * 3600 - 600)
    assert "23:50:00" in cli("clocks", "INC-0001").out
    told = cli("clocks", "INC-0001", "--stop", "dora_19_aware", "--reason", "notified", "--json").json
    assert [one["clock"] for one in told["running"]] == ["gdpr_33"]
    assert told["over"][0]["over"] == "notified"


def test_a_clock_that_nobody_knows_is_refused(cli: Cli, night: Path) -> None:
    shutil.copytree(night, cli.data, dirs_exist_ok=True)
    answer = cli("clocks", "INC-0001", "--start", "moon", "--aware", "Lee")
    assert answer.code != 0
    assert "there is no clock" in answer.err
