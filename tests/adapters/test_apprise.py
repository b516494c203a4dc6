"""Apprise, run for real: to an HTTP receiver, through everything that goes wrong on the way, and to a mail server."""

from __future__ import annotations

import builtins
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from cockpit_adapters.apprise import AppriseAdapter, AppriseOptions

from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unreachable, Unsure
from cockpit.world.contract import Adapter, Deadline, Place, System, Verdict
from cockpit.world.contract_channels import Channel, Receipt
from cockpit.world.specimen import Asked, Said
from tests.adapters.chaos import FAULTS, Chaos
from tests.adapters.secrecy import leaks, logged, told
from tests.adapters.served import Elsewhere, Served
from tests.adapters.subjects import TOKEN
from tests.adapters.telling import message
from tests.adapters.test_faults import FEW, PATIENCE_S, deadline_under, settle, timed
from tests.adapters.test_smtp import Box, serving

SILENT = ("wrong type", "garbage", "truncated", "liar", "html")
"""Answers of 200 that somebody else gives: a receiver of json:// may answer what it likes."""


class Taker:
    """Takes every POST."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[Asked] = []

    @property
    def applied(self) -> int:
        """How many messages arrived."""
        return len(self.asked)

    def answer(self, asked: Asked) -> Said:
        """Take it."""
        self.asked.append(asked)
        return Said(self.status, {"ok": True})


@pytest.fixture
def taker() -> Taker:
    """A receiver."""
    return Taker()


@pytest.fixture
def served(taker: Taker) -> Iterator[Served]:
    """Where it listens."""
    with Served(taker) as one:
        yield one


def made(*addresses: str, **table: Any) -> Any:
    """Return the channel, as cockpit.toml would."""
    names = {f"env:A{at}": address for at, address in enumerate(addresses)}
    options = AppriseOptions.model_validate({"adapter": "apprise", "addresses": list(names), **table})
    return AppriseAdapter().connect(options, Place("all", names.__getitem__, lambda: datetime.now(UTC)))


def to(port: int) -> str:
    """Return the address of a receiver on this machine, with a secret in it."""
    return f"json://cockpit:{TOKEN}@127.0.0.1:{port}/hook/{TOKEN}"


def soon() -> Deadline:
    return Deadline(10)


def test_an_update_arrives_by_http(taker: Taker, served: Served) -> None:
    receipt = made(to(served.port)).send(message(text="Größe <b> *x*"), soon())
    (asked,) = taker.asked
    body = asked.json()
    assert receipt == Receipt()
    assert body["title"].startswith("[INC-0007] investigating")
    assert (body["message"], body["type"]) == ("Größe <b> *x*", "warning")


def test_an_update_arrives_by_mail() -> None:
    box = Box()
    with serving(box) as port:
        address = f"mailto://127.0.0.1:{port}/?mode=insecure&from=cockpit@example.com&to=lead@example.com"
        made(address).send(message(state="resolved"), soon())
    ((to_whom, mail),) = box.mails
    assert to_whom == ["lead@example.com"]
    assert "INC-0007" in mail["Subject"]
    assert "We look." in str(mail)


def test_it_is_an_adapter_and_a_channel(served: Served) -> None:
    system = made(to(served.port))
    assert isinstance(AppriseAdapter(), Adapter)
    assert isinstance(system, System)
    assert isinstance(system, Channel)
    assert system.once is False
    with pytest.raises(ValueError, match="no_such_option"):
        made(to(served.port), no_such_option=1)


def send_under(fault: str) -> None:
    """Send one message under a fault, and hold what is said against what arrived."""
    taker = Taker()
    with Served(taker) as served, Chaos(served.port) as chaos:
        channel = made(to(chaos.port), deadline_s=deadline_under(fault))
        chaos.begin(fault)
        one = timed("send", fault, lambda deadline: channel.send(message(), deadline))
        settle(chaos)
        assert one.late_s < PATIENCE_S, one
        assert taker.applied <= 1, one
        if one.error is None:
            assert taker.applied == 1 or fault in SILENT, one
        elif not isinstance(one.error, Unsure):
            assert taker.applied == 0, f"{one}: {one.error!r} is certain, and it arrived"
        assert one.error is None or not leaks(told(one.error)), one


def test_what_is_said_of_a_message_is_true() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_under, FEW))


@pytest.mark.integration
def test_what_is_said_of_a_message_is_true_under_every_fault() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_under, FAULTS))


@pytest.mark.parametrize(
    ("status", "kind"), [(404, Refused), (401, Refused), (429, Throttled), (500, Unsure), (408, Unsure)]
)
def test_a_no_is_told_apart(taker: Taker, served: Served, status: int, kind: type[CockpitError]) -> None:
    taker.status = status
    with pytest.raises(kind) as caught:
        made(to(served.port)).send(message(), soon())
    assert type(caught.value) is kind
    assert "JSON" in caught.value.message


def test_nobody_there_is_certain() -> None:
    with pytest.raises(Unreachable):
        made(to(9)).send(message(), soon())


def test_one_of_several_that_did_not_take_it_is_noted(taker: Taker, served: Served) -> None:
    receipt = made(to(served.port), to(9)).send(message(), soon())
    assert taker.applied == 1
    assert "can't be reached" in receipt.note
    assert not leaks(receipt.note)


def test_several_of_which_none_took_it_are_as_sure_as_the_least_sure_of_them(taker: Taker, served: Served) -> None:
    taker.status = 500
    with pytest.raises(Unsure):
        made(to(served.port), to(9)).send(message(), soon())
    taker.status = 404
    with pytest.raises(Unreachable):
        made(to(served.port), to(9)).send(message(), soon())


def test_tries_of_its_own_and_several_targets_are_never_certain(taker: Taker, served: Served) -> None:
    taker.status = 404
    with pytest.raises(Unsure):
        made(to(served.port) + "?retry=1&wait=0").send(message(), soon())
    assert taker.applied == 2


def test_a_redirect_is_not_followed(taker: Taker, served: Served) -> None:
    with Served(Elsewhere(served.url)) as away, pytest.raises(Refused):
        made(to(away.port)).send(message(), soon())
    assert taker.asked == []


def test_nothing_of_an_address_is_told_or_logged(
    taker: Taker, served: Served, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (None, "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    taker.status = 500
    channel = made(to(served.port))
    with pytest.raises(Unsure) as caught:
        channel.send(message(), soon())
    shown = capsys.readouterr()
    findings = channel.check(soon())
    assert not leaks("".join((told(caught.value), repr(channel), repr(findings), shown.out, shown.err)))
    assert not leaks(logged(caplog.records))
    assert shown.err == ""
    assert findings[0].verdict is Verdict.WARNING
    assert findings[0].next_step
    assert taker.applied == 1


@pytest.mark.parametrize("address", ["", "no-such-service://x", f"{TOKEN}", "json://", "mailto://user:p@127.0.0.1"])
def test_what_is_no_address_is_told_without_it(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        made(address)
    assert not leaks(told(caught.value))
    assert "address 1" in caught.value.message


@pytest.mark.parametrize(
    "address", ["json://hooks.example.com/x", "mailto://mail.example.com/?mode=insecure&from=a@b.cc&to=c@d.ee"]
)
def test_a_message_never_travels_in_clear_beyond_this_machine(address: str) -> None:
    with pytest.raises(BadInput, match="clear"):
        made(address)
    assert made(address, allow_http=True)


def test_secure_addresses_are_taken() -> None:
    assert made("jsons://hooks.example.com/x", "mailtos://mail.example.com/?from=a@b.cc&to=c@d.ee")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    there = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name == "apprise":
            raise ImportError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(BadInput) as caught:
        made("json://127.0.0.1:9")
    assert "llm-cockpit[apprise]" in caught.value.hint


def test_hostile_words_arrive_without_what_makes_them_hostile(taker: Taker, served: Served) -> None:
    nasty = "\x1b[2Jbad\x00\u202e\r\nX-Evil: 1"
    made(to(served.port)).send(message(text=nasty, title=nasty, service="\ud800"), soon())
    seen = repr(taker.asked)
    assert "\\\\u001b" not in seen
    assert "\\x1b" not in seen
    assert "\\\\u202e" not in seen


def test_all_are_told_at_once() -> None:
    with Served(Taker()) as one, Served(Taker()) as other:
        sends = partial(made(to(one.port), to(other.port)).send, message(), soon())
        assert sends().note == ""
        assert [box.fake.applied for box in (one, other)] == [1, 1]
