"""`cockpit traces pull`, and watching what it brings: what they print, what they keep, and what they leave with."""

from __future__ import annotations

import json
import signal
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.phoenix.fake import FakePhoenix

from cockpit.cli.alerts.traces import bringing, of_session
from cockpit.cli.traces import pull
from tests.adapters.served import Served
from tests.cli.command import Cli


@pytest.fixture
def fake() -> FakePhoenix:
    """Return a Phoenix whose one trace was recorded ten minutes ago."""
    made = FakePhoenix()
    newest = max(datetime.fromisoformat(row["start_time"]) for row in made.traces.spans)
    shift = datetime.now(UTC) - timedelta(minutes=10) - newest
    for row in made.traces.spans:
        for name in ("start_time", "end_time"):
            row[name] = (datetime.fromisoformat(row[name]) + shift).isoformat()
    return made


@pytest.fixture
def recorder(fake: FakePhoenix, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve it, with its token in the environment."""
    monkeypatch.setenv("PHOENIX_KEY", "sk-phoenix-5ecret")
    with Served(fake) as served:
        yield served


def configured(folder: Path, *lines: str, url: str = "") -> None:
    """Write a cockpit.toml."""
    file = folder / "config" / "cockpit" / "cockpit.toml"
    file.parent.mkdir(parents=True)
    system = ["[systems.phx]", 'adapter = "phoenix"', f'url = "{url}"', 'token = "env:PHOENIX_KEY"',
              'project = "support-bot"']  # fmt: skip
    file.write_text("\n".join([*(system if url else ()), *lines]), "utf-8")


SOURCES = ("[traces]", 'sources = ["phx"]')


def test_a_pull_brings_traces_in_and_tells_how_many(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    first = cli("traces", "pull", "--once")
    assert (first.code, first.out) == (0, "phx: 1 new, 0 grown, 0 already there.\n")
    [row] = cli("traces", "search", "tenant:=acme", "--json").json
    assert (row["source"], row["prompt"], row["scores"]["grounded"]) == ("phx", "support/3", 0.25)
    again = cli("traces", "pull", "--once", "--json")
    assert (again.code, again.json[0]["new"], again.json[0]["already_there"]) == (0, 0, 1)


def test_a_search_by_words_finds_what_was_pulled(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    cli("traces", "pull", "--once")
    assert len(cli("traces", "search", "refunded", "--json").json) == 1


def test_since_reaches_further_back(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, "first_min = 1", url=recorder.url)
    assert cli("traces", "pull", "--once", "--json").json[0]["new"] == 0
    assert cli("traces", "pull", "--once", "--since", "1h", "--json").json[0]["new"] == 1


@pytest.mark.parametrize("since", ["40d", "soon", "2199-01-01"])
def test_a_since_that_can_not_be_used_is_refused(cli: Cli, tmp_path: Path, recorder: Served, since: str) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    assert cli("traces", "pull", "--once", "--since", since).code == 2


def test_without_sources_it_says_how_to_name_some(cli: Cli, tmp_path: Path) -> None:
    configured(tmp_path)
    answer = cli("traces", "pull", "--once")
    assert answer.code == 2
    assert "[traces]" in answer.err


def test_trouble_is_told_with_its_reason_and_no_token(
    cli: Cli, tmp_path: Path, recorder: Served, fake: FakePhoenix
) -> None:
    configured(tmp_path, "[traces]", 'sources = ["phx", "gone"]', url=recorder.url)
    fake.traces.project = "another"
    answer = cli("traces", "pull", "--once")
    assert answer.code == 1
    assert "phx: " in answer.err
    assert "has no project support-bot" in answer.err
    assert "there is no system 'gone'" in answer.err
    assert "5ecret" not in answer.out + answer.err


def test_what_can_not_be_read_is_named_and_the_rest_kept(
    cli: Cli, tmp_path: Path, recorder: Served, fake: FakePhoenix
) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    del fake.traces.spans[1]["context"], fake.traces.spans[1]["id"]
    answer = cli("traces", "pull", "--once")
    assert (answer.code, answer.out) == (1, "phx: 1 new, 0 grown, 0 already there, 1 unreadable.\n")
    assert "phx, page 1: a span has no id" in answer.err


def test_it_goes_on_until_it_is_ended(
    cli: Cli, tmp_path: Path, recorder: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    tell, before = pull._tell, {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}

    def told(*given: Any) -> None:
        tell(*given)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(pull, "_tell", told)
    monkeypatch.setattr(pull, "BEAT_S", 0.02)
    try:
        answer = cli("traces", "pull", "--json")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (answer.code, json.loads(answer.out)["new"]) == (0, 1)


def test_watch_brings_in_what_it_watches(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    answer = cli("watch", "--once")
    assert (answer.code, answer.out) == (0, "Nothing to page for, up to trace 1.\n")


def test_watch_goes_on_without_a_source_that_does_not_answer(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, "[traces]", 'sources = ["gone", "phx"]', url=recorder.url)
    answer = cli("watch", "--once")
    assert (answer.code, answer.out) == (0, "Nothing to page for, up to trace 1.\n")
    assert "there is no system 'gone'" in answer.err


def test_the_doctor_looks_at_sources(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    found = [one for one in cli("doctor", "--json").json["findings"] if one["area"] == "traces"]
    assert [(one["subject"], one["what"], one["verdict"]) for one in found] == [
        ("phx", "newest", "fine"),
        ("phx", "prompt version", "fine"),
        ("phx", "judgements", "fine"),
    ]


def test_a_complaint_gets_its_conversation_from_a_source(cli: Cli, tmp_path: Path, recorder: Served) -> None:
    configured(tmp_path, *SOURCES, url=recorder.url)
    given, soon = Namespace(data=str(cli.data)), datetime.now(UTC)
    assert of_session(given, "s-7", soon) == ()
    bringing(given)()
    assert list(of_session(given, "s-7", soon)) == [1]
    assert list(of_session(given, "s-7", soon - timedelta(hours=1))) == []
    assert list(of_session(given, "s-", soon)) == []
