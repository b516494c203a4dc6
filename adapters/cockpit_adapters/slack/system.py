"""Slack's Web API: every answer is 200, and says in its body whether it is a yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused, Throttled, Unauthorised, Unsure
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_channels import Message, Receipt
from cockpit.world.http import excerpt
from cockpit_adapters.findings import tried
from cockpit_adapters.telling import headline, tame

if TYPE_CHECKING:
    from cockpit.world.http import Answer, Line

LONGEST = 3900
"""Slack asks for texts of at most 4,000 characters."""

WHO = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "not_allowed_token_type", "access_denied", "ekm_access_denied", "org_login_required",
})  # fmt: skip
BROKEN = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

NEXT_STEP = "Give the app's bot chat:write, invite it to the channel, and name its token (xoxb-…)."


class Slack:
    """One channel of a workspace; implements `Channel`."""

    once = False
    """Slack takes no key with a message: a repeat would be seen twice."""

    def __init__(self, line: Line, channel: str, *, threads: bool) -> None:
        self._line = line
        self._channel = channel
        self._threads = threads

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Post it, into the thread of the incident's first where there is one."""
        told = {"channel": self._channel, "text": _text(tame(message)), "unfurl_links": False, "unfurl_media": False}
        if self._threads and message.thread:
            told |= {"thread_ts": message.thread, "reply_broadcast": True}
        found = _yes(self._line.ask("POST", "/chat.postMessage", deadline, json=told))
        ref = found.get("ts")
        if not isinstance(ref, str) or not ref:
            raise Unsure("Slack said yes, and named no message")
        return Receipt(ref)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask who the token is; nothing is posted."""

        def ask() -> str:
            found = _yes(self._line.repeat("POST", "/auth.test", deadline))
            return f"{excerpt(str(found.get('user', 'somebody')), 60)} in {excerpt(str(found.get('team', '?')), 60)}"

        return [tried("authorised", ask, NEXT_STEP)]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()


def _text(message: Message) -> str:
    """Return the text; what Slack would read as a command (a mention of everybody) is written as it is."""
    told = f"{headline(message)}\n{message.text}"[:LONGEST]
    return told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _yes(answer: Answer) -> dict[str, Any]:
    found = answer.table()
    if found.get("ok") is True:
        return found
    word = found.get("error")
    if found.get("ok") is not False or not isinstance(word, str):
        raise Unsure(f"that is no answer of Slack's: {answer.beginning}")
    told = f"Slack said {excerpt(word, 60)}"
    if word in WHO:
        raise Unauthorised(told, hint=NEXT_STEP)
    if word in LATER:
        raise Throttled(told)
    if word in BROKEN:
        raise Unsure(told)
    raise Refused(told, hint=NEXT_STEP)
