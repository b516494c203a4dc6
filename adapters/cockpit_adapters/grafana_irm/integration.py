"""A formatted webhook of Grafana IRM: an alert is known by its `alert_uid`, so a repeat joins the group it is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.errors import Unsure, WorldError
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import Summons
from cockpit_adapters.hosted import segment
from cockpit_adapters.paging import said, summary

if TYPE_CHECKING:
    from cockpit.world.http import Line

LONGEST_TITLE = 250
TAKEN = ("Ok.", '"Ok."')


class Integration:
    """One integration; its key is part of its address, and of no message."""

    def __init__(self, line: Line, key: str) -> None:
        self._line = line
        self._key = key

    def alert(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Send an alert that pages whom the integration's routes name."""
        told = {"title": summary(summons, LONGEST_TITLE), "message": said(summons.by, summons.text)}
        return self._send({"alert_uid": summons.key, "state": "alerting", **told}, deadline)

    def over(self, key: str, deadline: Deadline) -> Receipt:
        """Send that an alert is over, which resolves its group."""
        return self._send({"alert_uid": key, "state": "ok", "title": "over", "message": ""}, deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _send(self, alert: dict[str, Any], deadline: Deadline) -> Receipt:
        with self._covered():
            answer = self._line.ask("POST", f"/{segment(self._key)}/", deadline, json=alert)
        if answer.text.strip() not in TAKEN:
            raise Unsure(f"that is no answer of Grafana IRM's: {answer.beginning}")
        return Receipt(alert["alert_uid"])

    @contextmanager
    def _covered(self) -> Iterator[None]:
        """Keep the key out of messages that tell the address."""
        try:
            yield
        except WorldError as problem:
            problem.message = problem.message.replace(segment(self._key), "•••")
            problem.args = (problem.message,)
            raise
