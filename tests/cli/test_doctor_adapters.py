"""The doctor on every adapter's own fake, over real HTTP: it reads, plans, and changes nothing."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cockpit.world.contract import How
from cockpit.world.registry import BUILT_IN, load_adapter
from cockpit.world.specimen import Specimen
from tests.adapters.served import Served
from tests.adapters.subjects import SPECIMENS, TOKEN, name_of
from tests.cli.command import Answer, Cli
from tests.cli.toy_team import Team

KNOWN = [one for one in SPECIMENS if one.adapter in BUILT_IN]


def examined(specimen: Specimen, cli: Cli, folder: Path, url: str = "") -> Answer:
    """Call the doctor to a team that has this system alone, with a lever on its address."""
    table: dict[str, Any] = {"adapter": specimen.adapter, "url": url} if url else {"adapter": specimen.adapter}
    if specimen.prepare:
        folder.mkdir()
        table |= specimen.prepare(folder)
    team = Team(folder, "")
    team.tables = {"systems": {"it": {**table, **specimen.options}}}
    if specimen.address:
        lever = {"system": "it", "control": specimen.address, "target": specimen.text}
        team.tables["levers"] = {"kill_switch": lever}
    team.write()
    return cli("doctor", "--json")


@pytest.mark.parametrize("specimen", KNOWN, ids=name_of)
def test_it_is_read_and_planned_and_left_as_it_is(
    specimen: Specimen, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPECIMEN_TOKEN", TOKEN)
    with ExitStack() as stack:
        fake = specimen.fake() if specimen.fake else None
        url = stack.enter_context(Served(fake)).url if fake else ""
        answer = examined(specimen, cli, tmp_path / "system", url)
    assert TOKEN not in answer.out + answer.err
    assert fake is None or fake.applied == 0
    found = {(one["area"], one["what"]): one for one in answer.json["findings"] if one["subject"]}
    tried = any(one.how is How.REAL for one in load_adapter(specimen.adapter).tested) or not specimen.address
    assert found["systems", "adapter"]["verdict"] == ("fine" if tried else "note")
    assert found["systems", "options"]["verdict"] == "fine"
    assert ("systems", "looked at") not in found
    assert all(one["next_step"] for one in answer.json["findings"] if one["verdict"] in ("warning", "wrong"))
    if specimen.address:
        assert (found["levers", "value"]["verdict"], found["levers", "plan"]["verdict"]) == ("fine", "fine"), found


@pytest.mark.parametrize("specimen", {one.adapter: one for one in KNOWN if one.fake}.values(), ids=name_of)
def test_one_that_is_gone_is_wrong_with_a_next_step(
    specimen: Specimen, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPECIMEN_TOKEN", TOKEN)
    assert specimen.fake
    with Served(specimen.fake()) as served:
        url = served.url
    answer = examined(specimen, cli, tmp_path / "system", url)
    wrong = [one for one in answer.json["findings"] if one["verdict"] == "wrong" and one["subject"] == "it"]
    assert wrong
    assert all(one["next_step"] and one["detail"] for one in wrong), wrong
    assert answer.code == 1
