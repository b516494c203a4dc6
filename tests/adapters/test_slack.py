"""Slack: our requests are those of its own client, and its answers are read as it means them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cockpit_adapters.slack.fake import FakeSlack
from slack_sdk import WebClient

from cockpit.errors import CockpitError, Refused, Throttled, Unauthorised, Unsure
from cockpit.world.contract import Deadline
from tests.adapters.served import Served
from tests.adapters.subjects import SERVED, TOKEN, connect
from tests.adapters.telling import message

SPECIMEN = next(one for one in SERVED if one.adapter == "slack")


@pytest.fixture
def fake() -> FakeSlack:
    """A workspace."""
    return FakeSlack()


@pytest.fixture
def served(fake: FakeSlack) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def ours(served: Served, **table: Any) -> Any:
    """Return the adapter's system."""
    return connect(SPECIMEN, {"url": served.url, "deadline_s": 10.0, **table})


def test_a_post_is_the_clients_own(fake: FakeSlack, served: Served) -> None:
    receipt = ours(served).send(message(thread="17.1"), Deadline(10))
    sent = fake.posted[-1]
    client = WebClient(token=TOKEN, base_url=served.url + "/")
    answer = client.chat_postMessage(
        channel="C0123456789", text=sent["text"], thread_ts="17.1", reply_broadcast=True,
        unfurl_links=False, unfurl_media=False,
    )  # fmt: skip
    assert fake.posted[-1] == sent
    assert (fake.asked[0].method, fake.asked[0].path) == (fake.asked[1].method, fake.asked[1].path)
    assert fake.asked[0].headers["authorization"] == fake.asked[1].headers["authorization"]
    assert receipt.ref
    assert answer["ts"] != receipt.ref


def test_a_check_is_the_clients_own(fake: FakeSlack, served: Served) -> None:
    ours(served).check(Deadline(10))
    WebClient(token=TOKEN, base_url=served.url + "/").auth_test()
    assert (fake.asked[0].method, fake.asked[0].path) == (fake.asked[1].method, fake.asked[1].path)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("invalid_auth", Unauthorised), ("ratelimited", Throttled), ("channel_not_found", Refused),
        ("internal_error", Unsure), ("something_new", Refused),
    ],
)  # fmt: skip
def test_a_no_is_told_apart(fake: FakeSlack, served: Served, word: str, kind: type[CockpitError]) -> None:
    fake.error = word
    with pytest.raises(kind) as caught:
        ours(served).send(message(), Deadline(10))
    assert type(caught.value) is kind
    assert word in caught.value.message


def test_nobody_is_called_by_what_a_text_says(fake: FakeSlack, served: Served) -> None:
    ours(served).send(message(text="<!channel> & <https://evil.example|here>"), Deadline(10))
    assert "<" not in fake.posted[0]["text"]
    assert "&amp;" in fake.posted[0]["text"]


def test_without_threads_each_stands_alone(fake: FakeSlack, served: Served) -> None:
    ours(served, threads=False).send(message(thread="17.1"), Deadline(10))
    assert "thread_ts" not in fake.posted[0]


def test_a_test_says_that_it_is_one(fake: FakeSlack, served: Served) -> None:
    ours(served).send(message(test=True), Deadline(10))
    assert fake.posted[0]["text"].startswith("TEST")
