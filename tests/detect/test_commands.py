"""`cockpit detect`, `baseline` and `watch` on files: what they print, what they open, and what they leave with."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from cockpit.domain.events import NewEvent
from cockpit.journal.log import Journal
from tests.cli.command import Answer, Cli

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
MAPPING = """
trace: id
started: started
ended: ended
input: asked
output: said
model: model
route: route
prompt: prompt
scores: {grounding: grounding}
"""
REFUSAL = "I'm sorry, I can't help with that."


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the machine's user has set."""
    for name in [name for name in os.environ if name.startswith("COCKPIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """The command line on an empty data folder."""
    return Cli(capsys, tmp_path / "data")


def written(folder: Path, count: int, bad_from: int) -> tuple[str, ...]:
    """Write answers, refusing from a place on, and return the arguments that name them."""
    draw, at, lines = Random(1), START, []
    for number in range(count):
        at += timedelta(seconds=2)
        said = REFUSAL if number >= bad_from and draw.random() < 0.5 else "Your parcel arrives on Monday."
        lines.append(
            {"id": f"t{number}", "started": at.isoformat(), "ended": (at + timedelta(seconds=1)).isoformat(),
             "asked": "where is it", "said": said, "model": "m1", "route": "support", "prompt": "v1",
             "grounding": draw.gauss(4.5, 0.3) - (number >= bad_from)}
        )  # fmt: skip
    (folder / "answers.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    (folder / "map.yaml").write_text(MAPPING, "utf-8")
    return str(folder / "answers.jsonl"), "--map", str(folder / "map.yaml")


def detectors(answer: Answer) -> set[str]:
    """Return which detectors paged."""
    return {page["detector"] for page in answer.json["pages"]}


def test_quiet_answers_page_for_nothing(cli: Cli, tmp_path: Path) -> None:
    answer = cli("detect", *written(tmp_path, 1200, 1200), "--json")
    assert (answer.code, answer.json["traces"], answer.json["signs"], answer.json["pages"]) == (0, 1200, [], [])


def test_a_fall_pages_with_its_numbers_and_evidence(cli: Cli, tmp_path: Path) -> None:
    answer = cli("detect", *written(tmp_path, 1200, 900), "--json")
    assert answer.code == 1
    assert detectors(answer) == {"quality", "refusals"}
    (quality,) = [page for page in answer.json["pages"] if page["detector"] == "quality"]
    assert quality["about"] == {"rubric": "grounding", "route": "support", "prompt": "v1"}
    assert quality["before"] - quality["after"] > 0.4
    began = START + timedelta(seconds=1800)
    assert abs(datetime.fromisoformat(quality["since"]) - began) <= timedelta(minutes=2)
    assert datetime.fromisoformat(quality["at"]) - began <= timedelta(minutes=5)
    assert quality["evidence"]


def test_watch_opens_one_incident_that_nobody_has_seen_and_tells_it_once(cli: Cli, tmp_path: Path) -> None:
    files = written(tmp_path, 1200, 900)
    first = cli("watch", *files, "--once", "--json")
    assert first.code == 1
    assert {page["incident"] for page in first.json} == {"INC-0001"}
    again = cli("watch", *files, "--once", "--json")
    assert (again.code, again.json) == (0, [])
    (line,) = cli("status", "--json").json
    assert line["mode"] == "live"
    events = cli("log", "show", "INC-0001", "--json").json
    kinds = [event["kind"] for event in events]
    assert kinds[:3] == ["incident_opened", "signal_fired", "paged"]
    assert "acknowledged" not in kinds
    assert cli("log", "verify", "INC-0001").code == 0


def test_watch_opens_an_incident_while_nobody_else_does(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, alone = Journal.open_incident, list[bool]()

    def open_incident(self: Journal, first: Sequence[NewEvent]) -> str:
        with (cli.data / "alerts.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                alone.append(True)
        return opened(self, first)

    monkeypatch.setattr(Journal, "open_incident", open_incident)
    assert cli("watch", *written(tmp_path, 1200, 900), "--once", "--json").code == 1
    assert alone == [True]


def test_watching_goes_on_until_it_is_interrupted(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, looks = written(tmp_path, 1200, 900), []

    def wait(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("cockpit.cli.traces.watch.time.sleep", wait)
    answer = cli("watch", *files, "--json")
    assert answer.code == 0
    told = [json.loads(line) for line in answer.out.splitlines()]
    assert {page["detector"] for page in told} == {"quality", "refusals"}
    assert {page["incident"] for page in told} == {"INC-0001"}
    assert cli("watch", *files, "--once", "--json").json == []


def test_the_same_trouble_seen_anew_goes_into_the_incident_that_is_open(cli: Cli, tmp_path: Path) -> None:
    files = written(tmp_path, 1200, 900)
    cli("watch", *files, "--once", "--json")
    before = len(cli("log", "show", "INC-0001", "--json").json)
    (cli.data / "watch.json").unlink()
    assert {page["incident"] for page in cli("watch", *files, "--once", "--json").json} == {"INC-0001"}
    assert len(cli("log", "show", "INC-0001", "--json").json) == before


def test_a_baseline_is_recorded_shown_and_held_against(cli: Cli, tmp_path: Path) -> None:
    files = written(tmp_path, 1200, 900)
    good = tmp_path / "good.jsonl"
    good.write_text("\n".join(Path(files[0]).read_text("utf-8").splitlines()[:800]), "utf-8")
    recorded = cli("baseline", "record", "good-day", str(good), *files[1:], "--json")
    assert recorded.json["routes"]["support"]["answers"] == 800
    assert cli("baseline", "show", "good-day", "--json").json == recorded.json
    assert "drift" in detectors(cli("detect", *files, "--baseline", "good-day", "--json"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("baseline", "show", "none"), "there is no baseline none"),
        (("baseline", "show", "../x"), "can't be a baseline's name"),
        (("baseline", "record", "a/b", "x"), "can't be a baseline's name"),
        (("baseline", "record", "good", "good-week.jsonl"), "good-week.jsonl is no file"),
        (("detect", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_wrong_use_is_told(cli: Cli, arguments: tuple[str, ...], says: str) -> None:
    answer = cli(*arguments)
    assert answer.code == 2
    assert says in answer.err


def test_names_of_tenants_and_canaries_are_told_by_a_file(cli: Cli, tmp_path: Path) -> None:
    lines = [
        {"id": "t1", "started": START.isoformat(), "tenant": "beta", "said": "Order ACM-10293 is on its way."},
        {"id": "t2", "started": START.isoformat(), "tenant": "beta", "said": "The word is owl-of-the-night."},
        {"id": "t3", "started": START.isoformat(), "tenant": "beta", "said": "Write to help@shop.example."},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    (tmp_path / "map.yaml").write_text("trace: id\nstarted: started\noutput: said\ntenant: tenant\n", "utf-8")
    known = tmp_path / "known.yaml"
    known.write_text(
        "tenants: {acme: [ACM-10293]}\nown: [help@shop.example]\ncanaries: [owl-of-the-night]\n", "utf-8"
    )
    files = (str(tmp_path / "a.jsonl"), "--map", str(tmp_path / "map.yaml"), "--known", str(known), "--json")
    answer = cli("detect", *files)
    assert [(one["trace"], one["detector"]) for one in answer.json["signs"]] == [
        ("t1", "other_tenant"),
        ("t2", "injection"),
    ]
    assert (answer.code, detectors(answer)) == (1, {"other_tenant", "injection"})
    for wrong in ("[]", "tenants: 3", "own: {a: 1}", "else: []"):
        known.write_text(wrong, "utf-8")
        assert cli("detect", *files).code == 2


def test_nothing_is_watched_where_nothing_was_archived(cli: Cli) -> None:
    answer = cli("watch", "--once")
    assert answer.code in (1, 2)
    assert "traces" in answer.err


def test_a_watch_begun_before_the_first_trace_waits_for_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cockpit.cli.traces.watch.time.sleep", interrupt)
    assert cli("watch").code == 0
    assert cli("traces", "search", "x", "--json").json == []


def test_damaged_files_are_told(cli: Cli, tmp_path: Path) -> None:
    (cli.data / "baselines").mkdir(parents=True)
    (cli.data / "baselines" / "bad.json").write_text('{"name": 1}', "utf-8")
    assert cli("baseline", "show", "bad").code == 2
    (tmp_path / "cut.jsonl").write_text('{"id": "t1", "said": "he', "utf-8")
    assert cli("detect", str(tmp_path / "cut.jsonl")).code == 2
    (cli.data / "watch.json").write_text("{", "utf-8")
    files = written(tmp_path, 20, 20)
    assert cli("watch", *files, "--once").code == 2


def test_too_few_answers_make_no_baseline(cli: Cli, tmp_path: Path) -> None:
    answer = cli("baseline", "record", "small", *written(tmp_path, 50, 50))
    assert answer.code == 2
    assert "too few" in answer.err
