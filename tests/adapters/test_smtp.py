"""Mail to a real mail server: what arrives, and what is said when it does not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cockpit_adapters.smtp import SmtpAdapter, SmtpOptions
from cockpit_adapters.smtp.system import Mail

from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unauthorised, Unreachable, Unsure
from cockpit.world.contract import Deadline, Place, Verdict
from tests.adapters.telling import message
from tests.systems.loopback import free_port

PASSWORD = "mail-pa55word"


class Box:
    """Takes mail, and answers as a test says."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.says = {"rcpt": "250 OK", "data": "250 OK"}
        self.cuts = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if not self.says["rcpt"].startswith("250") and address.startswith("lead"):
            return self.says["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.says["data"].startswith("250"):
            self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        if self.cuts:
            server.transport.abort()
        return self.says["data"]


@contextmanager
def serving(box: Box, **options: Any) -> Iterator[int]:
    """Run a mail server."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def made(port: int, **table: Any) -> Mail:
    """Return the channel."""
    usual = {
        "adapter": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "sender": "cockpit@example.com",
        "to": ["lead@example.com"],
    }  # fmt: skip
    place = Place("mail", lambda name: PASSWORD if name else "", lambda: datetime.now(UTC))
    return SmtpAdapter().connect(SmtpOptions.model_validate({**usual, **table}), place)


@pytest.fixture
def box() -> Box:
    """A mailbox."""
    return Box()


@pytest.fixture
def port(box: Box) -> Iterator[int]:
    """Where its server listens."""
    with serving(box) as found:
        yield found


def test_an_update_arrives_in_its_thread(box: Box, port: int) -> None:
    first = made(port).send(message(text="Größe, 日本"), Deadline(10))
    made(port).send(message(key="other", thread=first.ref), Deadline(10))
    (to, mail), (_, reply) = box.mails
    assert to == ["lead@example.com"]
    assert mail["Message-ID"] == first.ref == reply["In-Reply-To"]
    assert "INC-0007" in mail["Subject"]
    assert "Größe, 日本" in mail.get_content()


def test_no_header_is_smuggled_in(box: Box, port: int) -> None:
    nasty = "x\r\nBcc: evil@example.com\r\n\r\nbody"
    made(port).send(message(title=nasty, service=nasty, severity=nasty, thread=f"<{nasty}>"), Deadline(10))
    ((to, mail),) = box.mails
    assert to == ["lead@example.com"]
    assert mail["Bcc"] is None
    assert mail["In-Reply-To"] is None


@pytest.mark.parametrize("address", ["a@b.c\nBcc: x@y.z", "a b@c.d", "nobody"])
def test_a_wrong_address_is_refused_in_the_table(address: str) -> None:
    with pytest.raises(ValueError, match="to"):
        made(25, to=[address])


@pytest.mark.parametrize(
    ("step", "says", "kind"),
    [("rcpt", "550 no such user", Refused), ("rcpt", "450 later", Throttled), ("data", "554 spam", Refused),
     ("data", "451 later", Throttled)],
)  # fmt: skip
def test_a_clear_no_is_certain(box: Box, port: int, step: str, says: str, kind: type[CockpitError]) -> None:
    box.says[step] = says
    with pytest.raises(kind) as caught:
        made(port).send(message(), Deadline(10))
    assert type(caught.value) is kind
    assert box.mails == []


def test_one_that_is_refused_of_several_is_noted(box: Box, port: int) -> None:
    box.says["rcpt"] = "550 no such user"
    receipt = made(port, to=["lead@example.com", "other@example.com"]).send(message(), Deadline(10))
    assert "lead@example.com" in receipt.note
    assert box.mails[0][0] == ["other@example.com"]


def test_a_cut_after_the_text_is_unsure(box: Box, port: int) -> None:
    box.cuts = True
    with pytest.raises(Unsure):
        made(port).send(message(), Deadline(10))
    assert len(box.mails) == 1


def test_nobody_there_is_certain_and_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable):
        made(9).send(message(), Deadline(2))
    assert time.monotonic() - began < 5
    assert made(9).check(Deadline(2))[0].verdict is Verdict.WRONG


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_goes_in_and_is_never_told(box: Box) -> None:
    def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = data.login == b"ada" and data.password == PASSWORD.encode()
        return AuthResult(success=known, handled=known)

    with serving(box, authenticator=knows, auth_required=True, auth_require_tls=False) as port:
        assert made(port, user="ada", token="env:P").check(Deadline(10))[0].verdict is Verdict.FINE
        assert box.mails == []
        with pytest.raises(Unauthorised) as caught:
            made(port, user="eve", token="env:P").send(message(), Deadline(10))
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(made(1, user="ada", token="env:P"))


def test_mail_never_travels_in_clear_beyond_this_machine() -> None:
    with pytest.raises(BadInput):
        made(25, host="mail.example.com")
