"""What a team remembers: journals and cases as portraits, kept between two looks, whatever a file holds."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.errors import JournalDamaged
from cockpit.golden.memory import FILE, Found, Places
from cockpit.golden.memory import similar as looked_for
from docs.make_golden_example import EXAMPLES
from tests.domain.lines import Lines, opened

GOLDEN = EXAMPLES / "healthcare-night" / "golden"


@dataclass
class Shelves:
    """A journal in memory that counts what is read of it."""

    kept: dict[str, list[Event]]
    damaged: tuple[str, ...] = ()
    read: list[str] = field(default_factory=list)

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        self.read.append(incident)
        if incident in self.damaged:
            raise JournalDamaged(f"{incident} can't be read.")
        return self.kept[incident]


def similar(
    journal: Shelves, new: list[Event], data: Path, golden: Path | None = None, answers: tuple[str, ...] = ()
) -> Found:
    sizes = {name: len(events) for name, events in journal.kept.items()}
    return looked_for(Places(journal, sizes, data, golden), new, answers)


def leak(name: str, mode: str = "live", **more: str) -> list[Event]:
    lines = Lines(name)
    lines.add(-1, Kind.INCIDENT_OPENED, mode=mode, title=f"leak {name}", service="support", **more)
    lines.add(0, Kind.PAGED, "watch", text="answers quote another tenant's order history", signal="leaks_per_min")
    lines.add(60, Kind.CLASS_SET, **{"class": "pii_leak"})
    return lines.events


def ids(found: Found) -> list[str]:
    return [one.other.id for one in found.likes]


def test_what_has_not_grown_is_not_read_again(tmp_path: Path) -> None:
    journal = Shelves({"INC-0001": leak("INC-0001"), "INC-0002": leak("INC-0002")})
    new = leak("INC-0003")
    first = similar(journal, new, tmp_path)
    assert ids(first) == ["INC-0001", "INC-0002"]
    journal.read.clear()
    assert similar(journal, new, tmp_path) == first
    assert journal.read == []
    lines = Lines("INC-0001")
    lines.events[:] = journal.kept["INC-0001"]
    lines.add(90, Kind.LAYER_SET, layer="retrieval", change="index:a")
    assert similar(Shelves({"INC-0001": lines.events}), new, tmp_path).likes[0].other.traits["layer"] == (
        "retrieval",
    )


def test_what_is_kept_is_for_the_owner_and_may_be_anything(tmp_path: Path) -> None:
    journal, new = Shelves({"INC-0001": leak("INC-0001")}), leak("INC-0002")
    similar(journal, new, tmp_path)
    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for broken in (
        "",
        "{",
        "[]",
        json.dumps({"format": "cockpit.portraits/1", "portraits": {"incident INC-0001": [[3], 7]}}),
    ):
        file.write_text(broken)
        assert ids(similar(journal, new, tmp_path)) == ["INC-0001"]


def test_a_damaged_incident_is_told_and_the_others_are_compared(tmp_path: Path) -> None:
    journal = Shelves({"INC-0001": leak("INC-0001"), "INC-0002": leak("INC-0002")}, damaged=("INC-0001",))
    found = similar(journal, leak("INC-0003"), tmp_path)
    assert ids(found) == ["INC-0002"]
    assert "INC-0001" in found.unread[0]


def test_plays_of_the_same_scenario_give_no_answer_away(tmp_path: Path) -> None:
    journal = Shelves({"INC-0001": leak("INC-0001", "drill", scenario="injection-leak")})
    assert similar(journal, leak("INC-0002", "drill", scenario="injection-leak"), tmp_path).untold == 1
    assert ids(similar(journal, leak("INC-0002", "drill", scenario="injection-leak"), tmp_path)) == []
    assert ids(similar(journal, leak("INC-0002", "drill", scenario="another"), tmp_path)) == ["INC-0001"]
    assert ids(similar(journal, leak("INC-0002"), tmp_path)) == ["INC-0001"]


def test_the_golden_set_is_read_too_and_a_broken_file_ends_nothing(tmp_path: Path) -> None:
    golden = tmp_path / "golden"
    golden.mkdir()
    for file in GOLDEN.glob("*.yaml"):
        (golden / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (golden / "broken.yaml").write_text("format: none\n")
    lines = opened(mode="live", title="a clinic's patient was told of another patient's appointment")
    lines.add(0, Kind.SCOPE_SET, routes=["/appointments"])
    lines.add(1, Kind.CLASS_SET, **{"class": "pii_leak"})
    found = similar(
        Shelves({}), lines.events, tmp_path, golden, ("I found this appointment, booking A-1, letter went to",)
    )
    assert {one.other.kind for one in found.likes} == {"case"}
    assert len(found.unread) == 1
    assert "broken.yaml" in found.unread[0]
    unrelated = opened(mode="live", title="spend doubles")
    unrelated.add(1, Kind.CLASS_SET, **{"class": "cost_runaway"})
    assert ids(similar(Shelves({}), unrelated.events, tmp_path, golden)) == []


@pytest.mark.parametrize("folder", ["missing", FILE])
def test_without_a_golden_set_there_is_nothing_to_read(tmp_path: Path, folder: str) -> None:
    assert similar(Shelves({}), leak("INC-0001"), tmp_path, tmp_path / folder).compared == 0
