"""What changed lately, as far as LiteLLM dates it.

Keys, guardrails, policies, budgets and prompts carry moments, the last three names too. Routes and deployments carry
none: who changed an alias, and when, nobody can tell. Only prompts keep what was there before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused
from cockpit.world.port import Change
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm.prompts import digest
from cockpit_adapters.litellm.proxy import Proxy, rows

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline

PAGE = 100


def changes(proxy: Proxy, since: datetime, deadline: Deadline) -> Sequence[Change]:
    """Return the changes since a moment, newest first."""
    sources: tuple[Callable[[Proxy, datetime, Deadline], Iterator[Change]], ...] = (
        _keys, _guardrails, _policies, _attachments, _budgets, _prompts,
    )  # fmt: skip
    found = [change for source in sources for change in source(proxy, since, deadline) if change.at > since]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _keys(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    """Go through the pages, last used or changed first, for as long as they are recent."""
    page = 1
    while True:
        listed = proxy.get(
            "/key/list", deadline, return_full_object="true", sort_by="updated_at", sort_order="desc",
            page=page, size=PAGE,
        )  # fmt: skip
        found = rows(listed, "keys")
        for one in found:
            nameless = {**one, "updated_by": "", "created_by": ""}  # LiteLLM names who made a key, not who changed it
            what = f"key {one.get('key_alias') or one.get('key_name')}"
            yield from _dated(what, "key", nameless, "settings_updated_at")
        oldest = moment(found[-1].get("updated_at")) if found else None
        if oldest is None or oldest <= since or page >= int(listed.get("total_pages") or 0):
            return
        page += 1


def _guardrails(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    for one in rows(proxy.get("/v2/guardrails/list", deadline), "guardrails"):
        yield from _dated(f"guardrail {one.get('guardrail_name')}", "guardrail", one)


def _policies(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    for one in rows(proxy.get("/policies/list", deadline), "policies"):
        after = f"v{one.get('version_number')}"
        yield from _dated(f"policy {one.get('policy_name')}", "guardrail", one, after=after)


def _attachments(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    for one in proxy.attachments(deadline):
        places = [
            f"{kind[:-1]} {name}" for kind in ("keys", "models", "teams", "tags") for name in one.get(kind) or ()
        ]
        what = f"policy {one.get('policy_name')} on {', '.join(places) or 'everything'}"
        yield from _dated(what, "guardrail", one, after="attached")


def _budgets(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    for one in proxy.line.read("/budget/list", deadline).rows():
        yield from _dated(f"budget {one.get('budget_id')}", "cap", one)


def _prompts(proxy: Proxy, since: datetime, deadline: Deadline) -> Iterator[Change]:
    for name in sorted({str(one.get("prompt_id")) for one in rows(proxy.get("/prompts/list", deadline), "prompts")}):
        try:
            listed = proxy.prompt_versions(name, deadline)
        except Refused:
            continue  # it stands in config.yaml, which keeps no versions
        for newer, older in zip(listed, [*listed[1:], {}], strict=True):
            before = f"v{older['version']}" if older else ""
            note = f"content {digest(newer)}"
            yield from _dated(f"prompt {name}", "prompt", newer, "created_at", before, f"v{newer['version']}", note)


def _dated(
    what: str, kind: str, one: dict[str, Any], field: str = "updated_at", before: str = "", after: str = "",
    note: str = "",
) -> Iterator[Change]:  # fmt: skip
    at = moment(one.get(field))
    if at is not None:
        by = str(one.get("updated_by") or one.get("created_by") or "")
        yield Change(f"litellm:{what}:{one[field]}", at, what, kind, before, after, by, note)
