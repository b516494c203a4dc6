"""A message to every address; implements `Channel`."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cockpit.domain.text import clean
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Message, Receipt
from cockpit.world.intime import all_in_time
from cockpit_adapters.apprise.library import services
from cockpit_adapters.apprise.outcome import Outcome, outcome, together
from cockpit_adapters.telling import headline, tame

TRY_IT = "Send a marked test message: cockpit channels test NAME --yes"

KINDS: Mapping[str, str] = {"resolved": "success", "monitoring": "info"}
"""What Apprise shows a state as; any other is a warning."""


class Broadcast:
    """Some addresses, by Apprise."""

    once = False
    """Apprise takes no key with a message: a repeat would be seen twice."""

    def __init__(self, addresses: Sequence[str], deadline_s: float, *, allow_http: bool) -> None:
        self._services = services(addresses, deadline_s, allow_http=allow_http)

    def __repr__(self) -> str:
        return f"Broadcast({self._names()})"

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Send it to all at once; those that did not take it, where others did, are noted in the receipt."""
        told, left = tame(message), deadline.left()
        works = [partial(_notify, one, told, left) for one in self._services]
        ended = all_in_time(works, left, "sending by Apprise")
        found = [one if isinstance(one, Outcome) else Outcome("a service", one) for one in ended]
        if problem := together(found):
            raise problem
        missed = [one.problem.message for one in found if one.problem]
        return Receipt(note=f"not by all: {'; '.join(missed)}" if missed else "")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Say which services the addresses are of; nothing can be known of them without sending."""
        what = f"{self._names()}; only a message proves that it is taken"
        return [Finding("understood", Verdict.WARNING, what, TRY_IT)]

    def close(self) -> None:
        """Do nothing: every message has connections of its own."""

    def _names(self) -> str:
        return ", ".join(_name(one) for one in self._services)


def _name(service: Any) -> str:
    return clean(str(service[0].service_name), multiline=False, limit=60)


def _notify(service: Any, message: Message, left: float) -> Outcome:
    kind = "info" if message.test else KINDS.get(message.state, "warning")
    title = headline(message)
    with service.notify(
        body=message.text, title=title, notify_type=kind, body_format="text", timeout=left, log_level=logging.DEBUG
    ) as result:
        results = list(result.results)
        if not results:
            return Outcome(_name(service), Unsure(f"Apprise told nothing of {_name(service)}"))
        return outcome(results[0], len(service[0]))
