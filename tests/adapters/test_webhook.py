"""The webhook: what it sends, how it is signed, and an address that is a secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cockpit_adapters.webhook import WebhookAdapter, WebhookChannelOptions
from cockpit_adapters.webhook.fake import FakeReceiver
from cockpit_adapters.webhook.system import Webhook

from cockpit.errors import BadInput, Unsure
from cockpit.world.contract import Deadline, Place
from cockpit.world.specimen import Asked, Said
from tests.adapters.served import Served
from tests.adapters.telling import message


@pytest.fixture
def fake() -> FakeReceiver:
    """A receiver."""
    return FakeReceiver()


@pytest.fixture
def served(fake: FakeReceiver) -> Iterator[Served]:
    """Where it listens."""
    with Served(fake) as one:
        yield one


def made(whole: str, **table: str) -> Webhook:
    """Return a webhook; `env:ADDRESS` is the whole address."""
    secrets = {"env:ADDRESS": whole, "env:KEY": "signing-secret", "env:TOKEN": "tok-123456"}
    place = Place("hook", lambda name: secrets.get(name, ""), lambda: datetime(2026, 11, 21, tzinfo=UTC))
    return WebhookAdapter().connect(WebhookChannelOptions.model_validate({"adapter": "webhook", **table}), place)


def test_a_body_is_signed_with_its_moment(fake: FakeReceiver, served: Served) -> None:
    hook = made("", url=served.url, signing_secret="env:KEY", token="env:TOKEN")
    hook.send(message(), Deadline(10))
    asked = fake.asked[0]
    stamp = asked.headers["x-cockpit-timestamp"]
    expected = hmac.new(b"signing-secret", f"{stamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["x-cockpit-signature"] == f"sha256={expected}"
    assert asked.headers["idempotency-key"] == asked.json()["key"] == message().key
    assert asked.json()["audience"] == "team"


def test_an_address_that_is_a_secret_keeps_its_query_and_is_not_told(fake: FakeReceiver, served: Served) -> None:
    hook = made(f"{served.url}/in/s3cretpath?sig=abcdef123", address="env:ADDRESS", token="env:TOKEN")
    hook.send(message(), Deadline(10))
    assert fake.asked[0].path == "/in/s3cretpath"
    assert fake.asked[0].query == {"sig": ["abcdef123"]}
    told = repr(hook.check(Deadline(10)))
    assert "abcdef123" not in told


def test_a_secret_address_is_not_told_when_it_fails() -> None:
    hook = made("http://127.0.0.1:9/in/s3cretpath?sig=abcdef123", address="env:ADDRESS")
    told = repr(hook.check(Deadline(5)))
    assert "s3cretpath" not in told
    assert "abcdef123" not in told


def test_a_wrong_address_is_refused_without_being_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        made("ftp://s3cret", address="env:ADDRESS")
    assert "s3cret" not in str(caught.value)


def test_a_web_page_is_no_yes() -> None:
    class Hotel:
        applied = 0

        def answer(self, asked: Asked) -> Said:
            return Said(200, b"<html>welcome</html>", {"content-type": "text/html"})

    with Served(Hotel()) as served, pytest.raises(Unsure):
        made("", url=served.url).send(message(), Deadline(10))
