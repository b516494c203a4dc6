"""What pages propose for gauging and scope: as much as they say, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.events import Event, Kind, Source, iso
from cockpit.playbooks.loader import load_playbook
from cockpit.session.proposed import Proposed, proposed
from cockpit.world.port import SignalFrame

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PLAYBOOK = load_playbook()


def paged(seq: int, **page: Any) -> Event:
    """Return the line of a page."""
    told = {"signal": "refusal_pct", "since": iso(START), "about": {}, "certainty": 0.9, "why": "w", **page}
    return Event("INC-1", seq, START, START, "watch", Source.SYSTEM, Kind.PAGED, {"page": told}, "", "")


def frame(**facts: float) -> SignalFrame:
    """Return signals with facts."""
    return SignalFrame(START, 60, 10, (), dict(facts))


def said(*log: Event, **facts: float) -> Proposed:
    """Return what must be proposed."""
    found = proposed(log, PLAYBOOK, frame(**facts))
    assert found is not None
    return found


def test_without_a_detectors_page_nothing_is_proposed() -> None:
    alert = Event("INC-1", 1, START, START, "pager", Source.WORLD, Kind.PAGED, {"text": "help"}, "", "")
    assert proposed([alert], PLAYBOOK, frame(degraded_share=0.5)) is None


def test_the_earliest_beginning_the_surest_change_and_every_place() -> None:
    change = {"ref": "prompt v42", "what": "prompt v42 went out"}
    found = said(
        paged(1, since=iso(START - timedelta(minutes=9)), about={"route": "/a", "prompt": "v42"}, rows=[7, 9]),
        paged(2, about={"route": "/b", "tenant": "acme"}, certainty=0.99, change=change, rows=[9, 11]),
        paged(3, signal="leaks_per_min", about={"route": "/a"}, change={"ref": "other"}, certainty=0.2),
        degraded_share=0.25,
    )
    assert found.since == START - timedelta(minutes=9)
    assert (found.fraction, found.routes, found.prompt, found.tenants) == (0.25, ("/a", "/b"), "v42", ("acme",))
    assert (found.change, found.change_said, found.certainty) == ("prompt v42", "prompt v42 went out", 0.99)
    assert found.signals == ("leaks_per_min", "refusal_pct")
    assert found.symptoms == ("leak", "refusals")
    assert found.traces == (9, 11, 7)


def test_what_pages_do_not_agree_on_or_nobody_measures_is_left_open() -> None:
    found = said(paged(1, about={"prompt": "v41"}), paged(2, about={"prompt": "v42"}, since="?", certainty="x"))
    assert (found.prompt, found.fraction, found.change, found.since) == ("", None, "", START)


def test_a_page_that_is_none_is_passed_over() -> None:
    found = said(paged(1), paged(2, about=["x"], change="y", rows=["z"]))
    assert (found.routes, found.change, found.traces) == ((), "", ())
