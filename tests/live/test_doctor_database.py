"""What the doctor says of a journal in a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.live.doctor.findings import Grade
from cockpit.live.doctor.house import Database, house


@pytest.mark.parametrize(
    ("database", "trouble", "wanted"),
    [
        (Database("db:5432/x", 0.004), "", {"database": "fine", "clocks": "fine", "append-only": "fine"}),
        (Database("db:5432/x", 0.9), "", {"database": "warning", "clocks": "fine", "append-only": "fine"}),
        (
            Database("db:5432/x", 0.004, "event_in_order is gone", -7.5), "",
            {"database": "fine", "clocks": "warning", "append-only": "wrong"},
        ),
        (Database("db:5432/x"), "No connection", {"database": "wrong"}),
        (Database("db:5432/x"), "", {"database": "wrong"}),
    ],
)  # fmt: skip
def test_each_way_in_which_a_database_is_unfit_is_told(
    tmp_path: Path, database: Database, trouble: str, wanted: dict[str, str]
) -> None:
    found = house(tmp_path / "cockpit.toml", tmp_path / "journal.db", trouble, database)
    told = {one.what: one for one in found if one.area == "journal" and one.what != "room"}
    assert {what: str(one.grade) for what, one in told.items()} == wanted
    assert all(one.next_step for one in told.values() if one.grade is not Grade.FINE)
