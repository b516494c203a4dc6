"""Keeping a case: its file in the golden set, and beside the journal what its stand-ins stand for."""

from __future__ import annotations

import json
from pathlib import Path

from cockpit.domain.cases import Case
from cockpit.paths import write_private
from cockpit.session.case_making import stand_ins_of
from cockpit.session.learn import stand_in_key
from cockpit.session.session import Session


def keep_raw(session: Session, case: Case, data: Path) -> Path:
    """Keep what the stand-ins stand for, for the owner of the data folder alone."""
    fixture, now = session.state.learning.fixture(case.id), session.clock.now()
    assert fixture is not None
    detail = session.world.trace(int(fixture.trace), now)
    assert detail is not None
    key = stand_in_key(session.context(fixture.actor))
    stand_ins = stand_ins_of(key, session.world, detail, case, now, hide=fixture.hide, raw=fixture.raw)
    raw = {"case": case.id, "messages": [list(one) for one in detail.messages], "stand_ins": dict(stand_ins.replaced)}
    file = data / "evidence" / session.incident / f"{case.id}.json"
    return write_private(file, json.dumps(raw, indent=2, ensure_ascii=True))
