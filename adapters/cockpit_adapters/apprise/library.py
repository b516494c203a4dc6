"""The library itself, kept quiet: what it logs may hold addresses, and so is read here and goes nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from cockpit.errors import BadInput
from cockpit.world.hosts import on_this_machine

INSTALL = "pip install 'llm-cockpit[apprise]'"


def services(addresses: Sequence[str], deadline_s: float, *, allow_http: bool) -> list[Any]:
    """Return an Apprise of its own for each address.

    Raises:
        BadInput: it is not installed, an address is none, or a message would travel in clear. No address is repeated.
    """
    try:
        import apprise
    except ImportError:
        raise BadInput("Apprise is not installed", hint=INSTALL) from None
    _hush()
    asset = apprise.AppriseAsset(app_id="cockpit", http_redirects=False, image_url_mask="", storage_mode="memory")
    found = [apprise.Apprise(asset=asset) for _ in addresses]
    for number, (made, address) in enumerate(zip(found, addresses, strict=True), 1):
        if not made.add(address.strip()) or len(made) != 1:
            hint = "See Apprise's own pages for what it looks like, and try it there first."
            raise BadInput(f"Apprise does not understand address {number}", hint=hint)
        _settle(made[0], number, deadline_s, allow_http)
    return found


def _settle(service: Any, number: int, deadline_s: float, allow_http: bool) -> None:
    """Have a service end in time, and refuse one that would tell everybody on the way."""
    if not (allow_http or _covered(service)):
        hint = "Use its secure form (jsons://, mailtos://), or set allow_http = true if the network encrypts."
        raise BadInput(f"address {number}: the message would travel in clear", hint=hint)
    service.socket_connect_timeout = min(service.socket_connect_timeout, deadline_s)
    service.socket_read_timeout = min(service.socket_read_timeout, deadline_s)


def _hush() -> None:
    """Let it log everything, for the result of each call to hold, and let nothing of that leave."""
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    for name in ("apprise", "urllib3"):  # the second one logs addresses, and in some of them the path is the secret
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _covered(service: Any) -> bool:
    """Whether nobody on the way reads a message: it is encrypted, or does not leave this machine."""
    host = getattr(service, "smtp_host", None) or getattr(service, "host", None)
    if not host or on_this_machine(str(host)):
        return True
    mode = getattr(service, "secure_mode", None)
    return str(mode) != "insecure" if mode is not None else getattr(service, "secure", True) is not False
