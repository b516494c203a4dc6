"""Mail, through a server that takes it by SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.hosts import on_this_machine
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.smtp.system import Mail

Mailbox = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$")]


class SmtpOptions(SystemOptions):
    """What a mail server's table of cockpit.toml may say; `token` names the password."""

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]+$")
    """The mail server."""
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is kept from others; none only to this machine, or with allow_http."""
    user: str = ""
    """Who logs in; nobody where empty."""
    sender: Mailbox
    """Whom the mail is from."""
    to: list[Mailbox] = Field(min_length=1, max_length=50)
    """Who gets it."""


class SmtpAdapter:
    """Sends updates as plain mail."""

    name = "smtp"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (Tested(How.REAL, "aiosmtpd 1.4.6: taken, refused, put off, cut off, with login; STARTTLS untried"),)
    options = SmtpOptions

    def connect(self, options: Any, place: Place) -> Mail:
        """Make the system; raises BadInput when mail or password would travel in clear."""
        from cockpit_adapters.smtp.system import Mail

        if options.security == "none" and not (options.allow_http or on_this_machine(options.host)):
            raise BadInput(f"{place.name}: mail would travel in clear", hint='Set security = "starttls" or "tls".')
        return Mail(options, place.secret(options.token) if options.token else "")
