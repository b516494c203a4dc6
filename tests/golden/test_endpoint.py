"""Asking an endpoint: red on the bad configuration, green on the fixed one, every failure told apart."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.cases import Heard
from cockpit.errors import EndpointFailed
from cockpit.golden.endpoint import Asker, Endpoint
from cockpit.golden.running import AT_ONCE, Question, ask_all
from tests.cli.command import Cli
from tests.golden.endpoint import Model
from tests.golden.making import leak_case

CASE = "inj-2026-06-tenant-leak"


def run(cli: Cli, golden: Path, model: Model, name: str, *more: str) -> Any:
    return cli.plain("golden", "run", str(golden), "--endpoint", model.url, "--model", name, "--json", *more)


def test_the_set_is_red_on_the_bad_and_green_on_the_fixed_configuration(
    cli: Cli, golden: Path, model: Model
) -> None:  # fmt: skip
    bad, fixed = (run(cli, golden, model, name) for name in ("support-bad", "support"))
    assert (bad.code, fixed.code) == (1, 0)
    assert bad.json["results"][0]["wrong"][0] == "must_not_contain: it holds 'Mercedes Smith'"
    assert fixed.json["results"][0] | {"interval": 0} == {
        "case": CASE, "ok": True, "passed": 2, "of": 2, "least": 1.0, "interval": 0, "wrong": [],
    }  # fmt: skip


def test_the_model_is_given_exactly_what_it_was_given_then(cli: Cli, golden: Path, model: Model) -> None:
    run(cli, golden, model, "support", "--runs", "1")
    asked = model.asked[0]
    assert [one["role"] for one in asked["messages"]] == ["system", "system", "user"]
    assert "Mercedes Smith" in asked["messages"][1]["content"]
    assert (asked["temperature"], asked["max_tokens"]) == (0.7, 100)
    assert "seed" not in asked
    assert asked["tools"][0]["function"]["name"] == "order_lookup"


def test_the_key_is_named_and_never_written(
    cli: Cli, golden: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("MODEL_KEY", "sk-very-secret-1234")
    answer = run(cli, golden, model, "support", "--key", "env:MODEL_KEY")
    assert model.keys[0] == "Bearer sk-very-secret-1234"
    assert "sk-very-secret" not in answer.out + answer.err
    refused = run(cli, golden, model, "support", "--key", "sk-very-secret-1234")
    assert refused.code == 2
    assert "sk-very-secret" not in refused.err


def test_a_set_without_a_case_does_not_pass(cli: Cli, tmp_path: Path, model: Model) -> None:
    (tmp_path / "empty").mkdir()
    assert run(cli, tmp_path / "empty", model, "support").code == 2


def dead_address() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/v1"


def test_a_dead_endpoint(cli: Cli, golden: Path) -> None:
    answer = cli.plain("golden", "run", str(golden), "--endpoint", dead_address(), "--model", "m", "--json")
    assert answer.code == 2
    assert "can't be reached" in answer.err


@pytest.mark.parametrize(
    ("status", "body", "headers", "words"),
    [
        (200, "<html>hello</html>", {}, "can't be read"),
        (200, '{"choices": []}', {}, "no chat completion"),
        (200, '{"choices": [{"message": {}}]}', {}, "no chat completion"),
        (200, '{"choices": [{"message": {"content": 42}}]}', {}, "no chat completion"),
        (429, "slow down", {"retry-after": "3600"}, "Try again in 3600 s"),
        (401, '{"error": "bad key"}', {}, "refused"),
        (404, '{"error": "no such model"}', {}, "refused"),
        (503, "overloaded", {}, "The endpoint failed"),
    ],
)
def test_failures_are_told_apart(
    cli: Cli, golden: Path, model: Model, status: int, body: str, headers: dict[str, str], words: str
) -> None:
    model.behave(status, body, headers)
    answer = run(cli, golden, model, "support")
    assert answer.code == 2
    assert words in answer.err


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        ('{"content": null}', 1, "empty: it says nothing and calls no tool"),
        ('{"content": null, "refusal": "I\'m sorry, but I can\'t help with that."}', 0, ""),
        ('{"content": [{"type": "text", "text": "I\'m sorry, but I can\'t help with that."}]}', 0, ""),
    ],
)
def test_an_answer_without_words_is_a_failed_one_and_a_refusal_may_stand_beside_it(
    cli: Cli, golden: Path, model: Model, message: str, code: int, words: str
) -> None:
    model.behave(200, f'{{"choices": [{{"message": {message}}}]}}')
    answer = run(cli, golden, model, "support")
    assert answer.code == code
    assert words in " ".join(answer.json["results"][0]["wrong"])


def test_after_one_failure_nothing_more_is_asked(model: Model) -> None:
    model.behave(503, "overloaded")
    asker = Asker(Endpoint(model.url, "support"), lambda _: "")
    question = Question(leak_case().given, (), {})
    with pytest.raises(EndpointFailed):
        ask_all(asker, [question] * 40)
    assert len(model.asked) <= AT_ONCE


def test_told_to_come_again_soon_it_comes_again(model: Model) -> None:
    slept: list[float] = []
    model.behave(429, "slow down", {"retry-after": "2"}, times=2)
    asker = Asker(Endpoint(model.url, "support"), lambda _: "", sleep=slept.append)
    assert asker.ask(leak_case().given, {}) == Heard("I'm sorry, but I can't help with that request.")
    assert slept == [2.0, 2.0]


def test_a_token_is_not_sent_in_clear_to_another_machine() -> None:
    with pytest.raises(Exception, match="in clear"):
        Asker(Endpoint("http://models.example/v1", "m"), lambda _: "")
    assert Asker(Endpoint("http://models.example/v1", "m", allow_http=True), lambda _: "")


@pytest.mark.parametrize("url", ["nonsense", "http://user:pw@127.0.0.1/v1", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(cli: Cli, golden: Path, url: str) -> None:
    answer = cli.plain("golden", "run", str(golden), "--endpoint", url, "--model", "m")
    assert answer.code == 2


def test_an_endpoint_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asker = Asker(Endpoint(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", "m", timeout_s=0.2), lambda _: "")
        with pytest.raises(EndpointFailed) as found:
            asker.ask(leak_case().given, {})
    assert found.value.reason == "late"
