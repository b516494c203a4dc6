"""`cockpit clusters` and `cockpit shadow` from the command line: files, the archive, endpoints, bad input."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cockpit.journal.traces.store import TraceStore
from cockpit.world.listening import end_serving
from cockpit.world.port import TraceRow
from tests.cli.command import NOTHING, Answer, Cli

MAP = "trace: id\nstarted: started\ninput: messages\noutput: output\nprompt: prompt\ntenant: tenant\n"
LEAK = "Write to anna.berg@example.org about \x1b[2J your order"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line on an empty data folder."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    return Cli(capsys, tmp_path / "data")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Traces of two prompts, one of which leaks, a line that is broken, and where their fields are."""
    (tmp_path / "map.yaml").write_text(MAP)
    lines = [json.dumps(one(number, prompt)) for number in range(60) for prompt in ("v40", "v41")]
    (tmp_path / "traces.jsonl").write_text("\n".join([*lines, "{broken"]))
    return ["--files", str(tmp_path / "traces.jsonl"), "--map", str(tmp_path / "map.yaml")]


def one(number: int, prompt: str) -> dict[str, Any]:
    """Make one stored trace."""
    leaks = prompt == "v41" and number % 2
    return {
        "id": f"{prompt}-{number}",
        "started": f"2026-01-05T10:{number:02}:00Z",
        "prompt": prompt,
        "tenant": "acme",
        "messages": [{"role": "user", "content": f"Question {number}?"}],
        "output": f"{LEAK} {number}" if leaks else "Fine, thank you.",
    }


def test_clusters_of_files(cli: Cli, files: list[str]) -> None:
    answer = cli("clusters", *files, "--json")
    assert answer.code == 0
    (only,) = answer.json["clusters"]
    assert (only["size"], only["verdict"]) == (30, "personal_data")
    assert [only["shared"][0][key] for key in ("fact", "value", "sure")] == ["prompt", "v41", True]
    assert [layer["layer"] for layer in answer.json["layers"] if layer["speaks"]] == ["prompt"]
    assert answer.json["scope"]["tenants"][0]["tenant"] == "acme"
    assert answer.json["unreadable"]["problems"][0]["place"].endswith("traces.jsonl:121")
    told = cli("clusters", *files)
    assert "prompt v41" in told.out
    assert "traces.jsonl:121" in told.err


def test_clusters_of_the_archive(cli: Cli, files: list[str]) -> None:
    cli("traces", "import", files[1], *files[2:])
    answer = cli("clusters", "--json")
    assert (answer.json["traces"], answer.json["failing"]) == (120, 30)
    assert cli("clusters", "--newest", "20", "--json").json["traces"] == 20


def test_clusters_of_an_incident(cli: Cli) -> None:
    assert cli(*NOTHING).code == 0
    assert "no traces" in cli("clusters", "INC-0001").out
    store = TraceStore.open(cli.data / "traces" / "INC-0001.db")
    store.add([row(number) for number in range(1, 3_001)])
    store.close()
    found = cli("clusters", "INC-0001", "--json").json
    assert (found["traces"], found["failing"], len(found["clusters"])) == (3_000, 1_000, 1)
    assert found["clusters"][0]["shared"][0]["value"] == "v41"
    assert cli("clusters", "INC-0001", "--newest", "2500", "--json").json["traces"] == 2_500


def row(number: int) -> TraceRow:
    """Make one row of an incident's store; every third one leaks, on one prompt."""
    leaks = number % 3 == 0
    verdict, prompt, text = ("leak", "v41", f"{LEAK} {number}") if leaks else ("ok", "v40", "Fine.")
    at = datetime(2026, 1, 5, 10, tzinfo=UTC) + timedelta(seconds=number)
    return TraceRow(number, at, verdict, "support", prompt, "large-3", "acme", f"s{number}", 1, 2, 3, 4, 5, text)


def test_shadow_of_stored_traces(cli: Cli, files: list[str]) -> None:
    answer = cli("shadow", "prompt:=v40", "prompt:=v41", *files, "--json")
    assert (answer.code, answer.json["pairs"], answer.json["worse"]) == (1, 60, ["personal_data"])
    assert cli("shadow", "prompt:=v41", "prompt:=v40", *files).code == 0
    assert cli("shadow", "prompt:=v41", "prompt:=v99", *files).code == 2
    cli("traces", "import", files[1], *files[2:])
    assert cli("shadow", "prompt:=v40", "prompt:=v41").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("clusters", "INC-0099"),
        ("clusters", "../../etc"),
        ("clusters", "INC-0001", "--files", "x"),
        ("clusters", "--newest", "0"),
        ("clusters", "--files", "nowhere.jsonl"),
        ("clusters", "--files", "traces.jsonl", "--below", "grounding"),
        ("shadow", "http://127.0.0.1:1/v1#m", "prompt:a"),
        ("shadow", "colour:red", "prompt:a"),
        ("shadow", "a", "b", "--inputs", "nowhere.jsonl"),
        ("shadow", "a", "b", "--inputs", "q.jsonl"),
        ("shadow", "http://127.0.0.1:1/v1#m", "http://127.0.0.1:1/v1#m", "--inputs", "q.jsonl", "--rate", "0"),
        ("shadow", "http://127.0.0.1:1/v1#m", "b#m", "--inputs", "q.jsonl"),
        ("shadow", "http://x.example/v1#m", "http://x.example/v1#m", "--inputs", "q.jsonl", "--token", "env:HOME"),
    ],
)
def test_bad_input(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.jsonl").write_text('"What?"\n')
    (tmp_path / "traces.jsonl").write_text("")
    answer = cli(*arguments)
    assert answer.code == 2
    assert answer.err
    assert answer.out == ""


class _Model(BaseHTTPRequestHandler):
    """An endpoint that answers worse under one model's name."""

    seen: list[str]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append(self.headers.get("authorization", ""))  # type: ignore[attr-defined]
        text = "I'm sorry, but I can't help with that." if asked["model"] == "careful" else "Paris"
        body = json.dumps({"model": asked["model"], "choices": [{"message": {"content": text}}]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's name
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[ThreadingHTTPServer]:
    """A model on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    end_serving(server)


def test_shadow_by_replay(
    cli: Cli, tmp_path: Path, endpoint: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "tok-secret-77")
    questions = [json.dumps({"input": f"Capital of France, {n}?", "expected": "Paris"}) for n in range(20)]
    (tmp_path / "q.jsonl").write_text("\n".join([*questions, '{"input": 7}', "{"]))
    url = f"http://127.0.0.1:{endpoint.server_port}/v1"
    answer: Answer = cli(
        "shadow", f"{url}#plain", f"{url}#careful", "--inputs", str(tmp_path / "q.jsonl"),
        "--rate", "1000", "--token", "env:GATEWAY_TOKEN", "--json",
    )  # fmt: skip
    assert answer.code == 1
    assert answer.json["pairs"] == 20
    assert {"refusal", "exact_match"} <= set(answer.json["worse"])
    assert answer.json["unreadable"]["count"] == 2
    assert set(endpoint.seen) == {"Bearer tok-secret-77"}  # type: ignore[attr-defined]
    assert "tok-secret-77" not in answer.out + answer.err
