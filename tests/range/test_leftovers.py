"""What a drill on staging has left behind, found in the journal alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.errors import BadInput
from cockpit.journal.log import Journal
from cockpit.live.seat import DriversSeat
from cockpit.range.leftovers import Tidied, tidy_up
from cockpit.world import registry
from cockpit.world.fleet import Fleet, connect
from cockpit.world.options import LiveOptions
from tests.live.toys import load, make_system

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Night:
    """A toy system, and the journal of drills on it that were cut off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = make_system(folder / "toy.json", flag_answers=False, prompt_support="v2")
        self.journal = Journal.open(folder / "journal.db", clock=WallClock())
        toy = {"adapter": "toy", "file": str(self.file), "staging": True}
        live = LiveOptions.model_validate({"systems": {"toy": toy}})
        self.fleet: Fleet = connect(live, lambda _: "", WallClock().now, staging_only=True)

    def drill(self, *pulled: tuple[str, Any], gateway: str = "gate", **before: Any) -> str:
        """Write down a drill that noted what was there before, pulled levers, and said no more."""
        noted = [{"system": "toy", "address": name.replace("_", ":"), "value": one} for name, one in before.items()]
        events = [
            NewEvent(Kind.INCIDENT_OPENED, NOW, "ada", Source.SYSTEM, {"mode": "range", "gateway": gateway}),
            NewEvent(Kind.RANGE_PREPARED, NOW, "cockpit", Source.SYSTEM, {"before": noted, "start": []}),
        ]
        for number, (address, value) in enumerate(pulled):
            intent = {"system": "toy", "address": address, "value": value}
            order = {"op": f"op{number}", "lever": "kill_switch", "target": "off", "intent": intent}
            events.append(NewEvent(Kind.LEVER_PULLED, NOW, "ada", Source.PERSON, order))
        incident = self.journal.open_incident(events)
        self.seat(incident).touch()
        return incident

    def seat(self, incident: str) -> Path:
        """Return the file by which terminals agree on who drives."""
        return self.folder / f"{incident}.driver"

    def tidy(self, *, wherever: bool = False) -> list[Tidied]:
        """Do what the next drill does first."""
        return tidy_up(self.journal, self.fleet, "gate", self.seat, wherever=wherever)

    @property
    def values(self) -> dict[str, Any]:
        """What the system holds now."""
        found: dict[str, Any] = load(self.file)["values"]
        return found


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")
    found = Night(tmp_path)
    yield found
    found.journal.close()


def test_what_was_pulled_last_is_put_back_and_that_is_written_down(night: Night) -> None:
    night.drill(("flag:answers", False), ("prompt:support", "v2"), flag_answers=True, prompt_support="v3")
    assert [(one.incident, one.changed, one.left) for one in night.tidy()] == [("INC-0001", 2, ())]
    assert night.values == {"flag:answers": True, "prompt:support": "v3"}
    assert night.journal.events("INC-0001")[-1].kind is Kind.RANGE_PUT_BACK
    assert night.tidy() == []


def test_an_order_that_never_arrived_is_no_change(night: Night) -> None:
    night.drill(("flag:answers", True), ("flag:answers", False), ("prompt:support", "v9"), flag_answers=False,
                prompt_support="v2")  # fmt: skip
    assert night.tidy()[0].left == ()
    assert night.values == {"flag:answers": False, "prompt:support": "v2"}


def test_any_value_that_the_drill_wrote_is_its_own_though_not_the_last(night: Night) -> None:
    night.drill(("prompt:support", "v2"), ("prompt:support", "v1"), prompt_support="v3")
    assert night.tidy()[0].left == ()
    assert night.values["prompt:support"] == "v3"


def test_a_value_that_is_neither_is_a_colleagues(night: Night) -> None:
    night.drill(("prompt:support", "v1"), prompt_support="v3")
    (left,) = night.tidy()[0].left
    assert (left.before, left.again) == ("v3", False)
    assert night.values["prompt:support"] == "v2"
    assert night.tidy() == []  # said once, and theirs from then on


def test_a_system_that_does_not_answer_is_tried_again_the_next_time(night: Night) -> None:
    night.drill(("flag:answers", False), flag_answers=True)
    content = night.file.read_text()
    night.file.write_text("{}")
    (left,) = night.tidy()[0].left
    assert left.again
    assert "cockpit range --put-back --gateway gate" in left.next_step("gate")
    night.file.write_text(content)
    assert night.tidy()[0].left == ()
    assert night.values["flag:answers"] is True


def test_two_that_were_cut_off_one_after_the_other_lead_back_to_the_first(night: Night) -> None:
    night.drill(("prompt:support", "v4"), prompt_support="v3")
    night.drill(("prompt:support", "v2"), prompt_support="v4")
    assert [one.incident for one in night.tidy()] == ["INC-0002", "INC-0001"]
    assert night.values["prompt:support"] == "v3"


def test_a_drill_that_is_still_played_is_not_touched(night: Night) -> None:
    incident = night.drill(("flag:answers", False), flag_answers=True)
    player = DriversSeat(night.seat(incident))
    assert player.take()
    with pytest.raises(BadInput, match="being played on gate"):
        night.tidy()
    assert night.values["flag:answers"] is False
    player.leave()
    assert night.tidy()[0].left == ()


def test_one_of_another_machine_takes_somebody_who_says_so(night: Night) -> None:
    night.seat(night.drill(("flag:answers", False), flag_answers=True)).unlink()
    with pytest.raises(BadInput, match="another machine") as caught:
        night.tidy()
    assert "--put-back" in caught.value.hint
    assert night.tidy(wherever=True)[0].left == ()
    assert night.values["flag:answers"] is True


def test_drills_on_other_gateways_are_nobodys_business_here(night: Night) -> None:
    night.drill(("flag:answers", False), gateway="elsewhere", flag_answers=True)
    assert night.tidy() == []
    assert night.values["flag:answers"] is False
    assert json.loads(night.file.read_text())["applied"] == 0
