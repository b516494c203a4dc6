"""Feeds: how an incident stands is guessed from its newest words, and no document can do harm."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.feed.fake import FakeAtom, FakeRss
from cockpit_adapters.feed.parsing import MOST_ENTRIES, parse
from cockpit_adapters.feed.system import state_of
from cockpit_adapters.payloads import payload
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import Unsure, WorldError
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, soon

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
RSS: bytes = payload("feed", "status.rss")


def feed(monkeypatch: pytest.MonkeyPatch, fake: FakeRss, *words: str) -> tuple[Any, Wire]:
    """Return a feed's system and the wire to it."""
    return connected(monkeypatch, "feed", fake, {"token": "", "components": list(words)})


def rss(*items: str) -> bytes:
    """Return a feed of these entries."""
    return f"<rss><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def item(title: str, at: str = "Sat, 21 Nov 2026 05:30:00 +0000", text: str = "") -> str:
    """Return one entry."""
    return f"<item><title>{title}</title><description>{text}</description><pubDate>{at}</pubDate></item>"


def test_rss_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    status = feed(monkeypatch, FakeRss())[0].status(soon())
    assert (status.provider, status.overall) == ("Example Inference - Incident history", "monitoring")
    assert [(one.state, one.title) for one in status.news] == [
        ("monitoring", "Elevated latency on chat completions"),
        ("resolved", "Fine-tuning jobs queue"),
    ]
    assert status.news[0].updated == datetime(2026, 11, 21, 5, 30, tzinfo=UTC)


def test_atom_is_read_with_markup_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    status = feed(monkeypatch, FakeAtom())[0].status(soon())
    assert (status.provider, status.overall) == ("Example Models Status", "degraded")
    (news,) = status.news
    assert (news.ref, news.state) == ("tag:status.models.example,2026:Incident/77", "open")
    assert news.started is not None
    assert (news.started.minute, news.url) == (0, "https://status.models.example/incidents/77")


def test_only_entries_with_our_words_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert feed(monkeypatch, FakeRss(), "FINE-TUNING")[0].status(soon()).overall == "operational"
    assert len(feed(monkeypatch, FakeRss(), "chat")[0].changes(LONG_AGO, soon())) == 1


@pytest.mark.parametrize(
    ("words", "title", "state"),
    [
        ("Resolved - done. Investigating - looking.", "Outage", "resolved"),
        ("This is not resolved; we are investigating.", "", "open"),
        ("Not yet resolved", "API outage", "open"),
        ("We will tell more until resolved. Identified.", "", "open"),
        ("The issue is unresolved", "", "unknown"),
        ("", "[RESOLVED] Increased errors", "resolved"),
        ("Investigating", "[RESOLVED] Increased errors", "resolved"),
        ("Service is operating normally", "", "resolved"),
        ("", "Hello there", "unknown"),
        ("A DOWNTIME began", "", "open"),
        ("The download is slow", "", "unknown"),
    ],
)
def test_how_an_entry_stands(words: str, title: str, state: str) -> None:
    assert state_of(words, title) == state


@pytest.mark.parametrize(
    ("items", "overall"),
    [
        ((), "operational"),
        ((item("Errors", text="Investigating"),), "degraded"),
        ((item("Something"),), "unknown"),
        ((item("Something", "Mon, 02 Nov 2026 05:30:00 +0000"),), "operational"),
        ((item("Something", "whenever"),), "unknown"),
        ((item("Outage", "Mon, 02 Nov 2026 05:30:00 +0000"),), "degraded"),
        ((item("Old", text="Resolved"), item("New", text="Identified")), "degraded"),
    ],
)
def test_what_the_entries_come_to(monkeypatch: pytest.MonkeyPatch, items: tuple[str, ...], overall: str) -> None:
    fake = FakeRss()
    fake.body = rss(*items)
    assert feed(monkeypatch, fake)[0].status(soon()).overall == overall


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>'
FILE = '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><title>&f;</title></channel></rss>'
HOSTILE = {
    "bomb": BOMB.encode(),
    "bomb in utf-16": BOMB.encode("utf-16"),
    "file": FILE.encode(),
    "file in utf-16": ('<?xml version="1.0" encoding="UTF-16"?>' + FILE).encode("utf-16"),
    "outside dtd": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd"><rss/>',
    "deep": b"<rss>" + b"<a>" * 100_000,
    "html": b"<!doctype html><html><body>ok</body></html>",
    "xhtml": b"<html><body>operational</body></html>",
    "json": b'{"status": "operational"}',
    "cut": RSS[: len(RSS) // 2],
    "empty": b"",
    "no encoding": b'<?xml version="1.0" encoding="no-such"?><rss/>',
    "huge": b"<rss>" + b" " * (17 << 20),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_can_not_be_read_is_unknown_and_harmless(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    system, wire = feed(monkeypatch, FakeRss())
    wire.instead = lambda _: Said(200, HOSTILE[kind])
    before = time.monotonic()
    status = system.status(soon())
    assert (status.overall, status.news) == ("unknown", ())
    assert time.monotonic() - before < 20
    with pytest.raises(WorldError):
        system.changes(LONG_AGO, soon())
    assert [(one.verdict, bool(one.next_step)) for one in system.check(soon())] == [(Verdict.WRONG, True)]


def test_a_flood_of_entries_is_cut_and_not_taken_for_well(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeRss()
    fake.body = rss(*(item(f"n{number}", text="Resolved") for number in range(MOST_ENTRIES + 1)))
    system, _ = feed(monkeypatch, fake)
    status = system.status(soon())
    assert (status.overall, len(parse(fake.body).entries)) == ("unknown", MOST_ENTRIES)


def test_hostile_words_are_bounded_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeRss()
    fake.body = rss(
        item("&#x202e;&#x9b;31m&lt;script&gt;" + "x" * 100_000, text="&#x85;Investigating" + "y" * 100_000)
    )
    system, _ = feed(monkeypatch, fake)
    (news,) = system.status(soon()).news
    (change,) = system.changes(LONG_AGO, soon())
    for text in (news.title, change.note):
        assert len(text) < 2_000
        assert not any(character in text for character in "\u202e\x9b\x85\x1b\n")


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<rss>{text}</rss>".encode()))
def test_no_document_crashes_the_reader(body: bytes) -> None:
    with suppress(Unsure):
        assert parse(body).whole


@given(st.integers(0, len(RSS) - 20))
def test_a_feed_cut_anywhere_is_never_taken_for_whole(length: int) -> None:
    with pytest.raises(Unsure):
        parse(RSS[:length])


def test_entries_without_a_name_of_their_own_still_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeRss()
    fake.body = rss(item("One", text="Resolved"), item("Two", text="Resolved"))
    assert len({one.ref for one in feed(monkeypatch, fake)[0].changes(LONG_AGO, soon())}) == 2
