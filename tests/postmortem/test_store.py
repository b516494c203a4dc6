"""The document in the data folder: refreshed, edited, versioned, journalled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.journal.log import Journal
from cockpit.playbooks.loader import load_playbook
from cockpit.postmortem.record import Gate
from cockpit.postmortem.store import editing, refresh, save, shelf, taken_over
from tests.domain.lines import PAGE

PLAYBOOK = load_playbook("default")
OPENED = NewEvent(Kind.INCIDENT_OPENED, PAGE, "ada", Source.SYSTEM, {"mode": "drill", "title": "Leak"})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal.open(tmp_path / "journal.db", clock=ManualClock(PAGE))
    made.open_incident([OPENED])
    yield made
    made.close()


def kinds(journal: Journal) -> list[Kind]:
    return [event.kind for event in journal.events("INC-0001")][1:]


def fresh(journal: Journal, folder: Path, gate: Gate | None = None) -> str:
    return refresh(journal, "INC-0001", folder, PLAYBOOK, "bob", gate).text


def test_a_refresh_without_news_writes_no_line(journal: Journal, tmp_path: Path) -> None:
    first = fresh(journal, tmp_path)
    assert fresh(journal, tmp_path) == first
    assert kinds(journal) == [Kind.POSTMORTEM_DRAFTED]
    assert shelf(tmp_path, "INC-0001").document.stat().st_mode & 0o777 == 0o600


def test_what_was_written_in_the_file_is_kept_versioned_and_journalled(journal: Journal, tmp_path: Path) -> None:
    place = shelf(tmp_path, "INC-0001")
    written = fresh(journal, tmp_path).replace("## Impact", "## Impact\n\nThree tenants, counted by hand.")
    place.document.write_text(written, "utf-8")
    last = journal.events("INC-0001")[-1].seq
    journal.append(
        "INC-0001", [NewEvent(Kind.SEVERITY_SET, PAGE, "ada", payload={"severity": "SEV1"})], expected_seq=last
    )
    text = fresh(journal, tmp_path)
    assert "Three tenants, counted by hand." in text
    assert "SEV1" in text
    assert kinds(journal)[1:] == [Kind.SEVERITY_SET, Kind.POSTMORTEM_EDITED, Kind.POSTMORTEM_DRAFTED]
    assert journal.events("INC-0001")[3].actor == "bob"
    assert written in [one.read_text("utf-8") for one in (place.folder / "versions").iterdir()]


def test_the_gate_s_answer_stays_when_nobody_asks_again(journal: Journal, tmp_path: Path) -> None:
    asked = fresh(journal, tmp_path, Gate("did-not-have", "Add a case."))
    assert fresh(journal, tmp_path) == asked


def test_saving_the_same_text_is_no_edit(journal: Journal, tmp_path: Path) -> None:
    text = fresh(journal, tmp_path)
    assert not save(journal, "INC-0001", tmp_path, text, "bob")
    assert save(journal, "INC-0001", tmp_path, text + "More.\n", "bob")
    assert "More." in fresh(journal, tmp_path)
    assert kinds(journal) == [Kind.POSTMORTEM_DRAFTED, Kind.POSTMORTEM_EDITED]


def test_what_two_people_write_at_the_same_time_is_all_kept(journal: Journal, tmp_path: Path) -> None:
    given = fresh(journal, tmp_path)
    save(journal, "INC-0001", tmp_path, given.replace("## Impact", "Of bob.\n\n## Impact"), "bob")
    mine = given.replace("## Action items", "Of ada.\n\n## Action items")
    kept = taken_over(journal, "INC-0001", tmp_path, given, mine, "ada")
    assert "Of bob." in kept
    assert "Of ada." in kept


def test_what_is_no_text_is_put_aside_and_the_next_editor_opens(journal: Journal, tmp_path: Path) -> None:
    editing(tmp_path, "INC-0001", "given").write_bytes(b"\xff\xfe half")
    again = editing(tmp_path, "INC-0001", "given")
    assert again.read_text("utf-8") == "given"
    assert [one.read_bytes() for one in again.parent.glob("*.unread")] == [b"\xff\xfe half"]


def test_what_a_failed_editor_left_is_kept(journal: Journal, tmp_path: Path) -> None:
    given = fresh(journal, tmp_path)
    editing(tmp_path, "INC-0001", given).write_text("half a sentence", "utf-8")
    editing(tmp_path, "INC-0001", given)
    versions = (shelf(tmp_path, "INC-0001").folder / "versions").iterdir()
    assert "half a sentence" in [one.read_text("utf-8") for one in versions]
