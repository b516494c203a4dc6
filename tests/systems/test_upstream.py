"""The model provider of the tests says who answered, and behaves as it is told to."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.systems.upstream import Upstream

QUESTION = {
    "model": "support",
    "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
}


@pytest.fixture
def provider() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def post(url: str, content: dict[str, Any]) -> str:
    """Send a document and return what came back."""
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def chat(provider: Upstream, version: str, **more: Any) -> str:
    """Ask a version of the model."""
    return post(f"{provider.url(version)}/chat/completions", {**QUESTION, **more})


def test_an_answer_says_who_wrote_it_and_what_was_asked(provider: Upstream) -> None:
    answer = json.loads(chat(provider, "v1"))
    told = json.loads(answer["choices"][0]["message"]["content"])
    assert told == {"version": "v1", "model": "support", "system": ["be kind"]}
    assert answer["usage"]["total_tokens"] == 15
    assert provider.received[-1]["version"] == "v1"


def test_a_stream_holds_the_same_answer_in_pieces(provider: Upstream) -> None:
    lines = [line.removeprefix("data: ") for line in chat(provider, "v2", stream=True).split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    pieces = [json.loads(line)["choices"][0] for line in lines[:-1]]
    text = "".join(piece["delta"].get("content", "") for piece in pieces)
    assert json.loads(text)["version"] == "v2"
    assert pieces[-1]["finish_reason"] == "stop"


def test_a_stream_ends_with_its_usage_where_that_is_asked_for(provider: Upstream) -> None:
    lines = chat(provider, "v1", stream=True, stream_options={"include_usage": True}).strip().split("\n\n")
    assert json.loads(lines[-2].removeprefix("data: "))["usage"]["prompt_tokens"] == 10


def test_a_version_can_be_told_to_fail_and_to_recover(provider: Upstream) -> None:
    provider.behave("v2", status=503)
    with pytest.raises(urllib.error.HTTPError, match="503"):
        chat(provider, "v2")
    assert json.loads(chat(provider, "v1"))["model"] == "support"
    provider.behave("v2", status=200)
    assert json.loads(chat(provider, "v2"))["model"] == "support"
    assert (provider.requests("v1"), provider.requests("v2")) == (1, 2)


def test_it_can_be_told_from_another_process(provider: Upstream) -> None:
    post(f"{provider.root}/control", {"version": "v1", "delay": 0.2})
    begun = time.monotonic()
    chat(provider, "v1")
    assert time.monotonic() - begun >= 0.2
    assert provider.report()["v1"] == {"status": 200, "delay": 0.2, "requests": 1}


def test_it_serves_chats_only(provider: Upstream) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        post(f"{provider.root}/v1/v1/embeddings", {})
