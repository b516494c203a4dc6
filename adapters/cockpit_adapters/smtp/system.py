"""One mail server: what is certain of a mail is known by how far the conversation came."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from cockpit.errors import Refused, Throttled, Unauthorised, Unreachable, Unsure, WorldError
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_channels import Message, Receipt
from cockpit.world.exchange import excerpt, trust
from cockpit.world.intime import in_time
from cockpit_adapters.findings import tried
from cockpit_adapters.telling import headline, tame

if TYPE_CHECKING:
    from cockpit_adapters.smtp import SmtpOptions

NEXT_STEP = "Check user and password, and whether this server takes mail from the sender."


class Mail:
    """A mail server and who gets mail; implements `Channel`."""

    once = False
    """A mail sent again arrives again; its Message-ID is the same, and some mailboxes show it once."""

    def __init__(self, options: SmtpOptions, password: str) -> None:
        self._options = options
        self._password = password

    def __repr__(self) -> str:
        return f"Mail({self._options.host})"

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Send it to all; some of them may be refused, which the receipt then notes."""
        mail = self._mail(tame(message))

        def work() -> Receipt:
            server = self._server(deadline)
            receipt = self._hand_over(server, mail)
            with suppress(smtplib.SMTPException, OSError):  # a goodbye that fails changes nothing
                server.quit()
            return receipt

        return in_time(work, deadline.left(), f"sending mail by {self._options.host}")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Connect and log in; no mail is sent."""

        def ask() -> str:
            server = in_time(lambda: self._server(deadline), deadline.left(), "logging in")
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            return (
                f"{self._options.host}, {self._options.security}, {'logged in' if self._options.user else 'no login'}"
            )

        return [tried("reached and authorised", ask, NEXT_STEP)]

    def close(self) -> None:
        """Do nothing: every mail has a connection of its own."""

    def _server(self, deadline: Deadline) -> smtplib.SMTP:
        """Connect, encrypt and log in; whatever fails here, nothing was sent."""
        one = self._options
        deadline.check("connecting")
        try:
            if one.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    one.host, one.port, timeout=deadline.left(), context=trust(one.ca_file)
                )
            else:
                server = smtplib.SMTP(one.host, one.port, timeout=deadline.left())
            if one.security == "starttls":
                server.starttls(context=trust(one.ca_file))
            if one.user:
                server.login(one.user, self._password)
        except smtplib.SMTPAuthenticationError:
            raise Unauthorised(f"{one.host} does not take the password of {one.user}", hint=NEXT_STEP) from None
        except (smtplib.SMTPException, OSError, ValueError) as problem:
            raise Unreachable(f"{one.host}: no mail can be handed over ({type(problem).__name__})") from None
        return server

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> Receipt:
        try:
            refused = server.send_message(mail, self._options.sender, self._options.to)
        except smtplib.SMTPRecipientsRefused as problem:
            raise _no(next(iter(problem.recipients.values()))) from None
        except smtplib.SMTPResponseException as problem:  # of the sender, or of the whole mail
            raise _no((problem.smtp_code, problem.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as problem:
            raise Unsure(f"the mail server broke off ({type(problem).__name__})") from None
        note = f"refused for {', '.join(sorted(refused))}" if refused else ""
        return Receipt(str(mail["Message-ID"]), note=note)

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._options.sender, ", ".join(self._options.to)
        mail["Subject"], mail["Date"] = headline(message), format_datetime(message.at)
        domain = self._options.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
        if message.thread.startswith("<") and message.thread.isprintable():
            mail["In-Reply-To"] = mail["References"] = message.thread
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _no(answer: tuple[int, bytes | str]) -> WorldError:
    """Return what a clear no means: with 4xx it may be yes later."""
    code, text = answer
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    told = f"the mail server said {code} {excerpt(words, 120)}"
    return Throttled(told) if 400 <= code < 500 else Refused(told, hint=NEXT_STEP)
