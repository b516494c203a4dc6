"""What the doctor asks a LiteLLM proxy: is it there, may the key write, and how slow will changes be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from cockpit.errors import Refused, WorldError
from cockpit.world.contract import Finding, Verdict
from cockpit_adapters.litellm.meter import read_page
from cockpit_adapters.litellm.proxy import Proxy, at_once, table

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline

TESTED_VERSION = "1.106"

ADMIN_KEY = (
    'Make one for each person: POST /user/new {"user_id": "ada", "user_role": "proxy_admin"}, then '
    'POST /key/generate {"user_id": "ada", "duration": "30d"}.'
)


def findings(proxy: Proxy, deadline: Deadline) -> Sequence[Finding]:
    """Return everything that can be told without changing anything."""
    return [
        finding
        for ask in (_reached, _reads, _who, _owned, _workers)
        for finding in _asked(ask, proxy, deadline)
    ]  # fmt: skip


def _asked(
    ask: Callable[[Proxy, Deadline], Iterator[Finding]], proxy: Proxy, deadline: Deadline
) -> Iterator[Finding]:
    try:
        yield from ask(proxy, deadline)
    except WorldError as problem:
        step = problem.hint or "Check the address, the network and the key."
        yield Finding(ask.__name__.strip("_"), Verdict.WRONG, problem.message, step)


def _reached(proxy: Proxy, deadline: Deadline) -> Iterator[Finding]:
    answer = proxy.line.read("/health/readiness", deadline)
    database = answer.table().get("db")
    yield Finding("reached", Verdict.FINE, f"{proxy.line.base} answers")
    if database == "connected":
        yield Finding("database", Verdict.FINE, "connected")
    else:
        step = "Without a database use the adapter litellm_hook; with one, see why the proxy has lost it."
        yield Finding("database", Verdict.WRONG, f"it is {database or 'not connected'}: no lever works", step)


def _reads(proxy: Proxy, deadline: Deadline) -> Iterator[Finding]:
    told = table(proxy.get("/health/readiness/details", deadline))
    version = str(told.get("litellm_version") or "unknown")
    if version.startswith(TESTED_VERSION):
        yield Finding("version", Verdict.FINE, f"LiteLLM {version}")
    else:
        step = f"Try each lever in staging once: this adapter was tested against {TESTED_VERSION}."
        yield Finding("version", Verdict.WARNING, f"LiteLLM {version}", step)
    count = len(proxy.models(deadline))
    yield Finding("reading", Verdict.FINE, f"the key may read the settings; {count} deployments")


def _who(proxy: Proxy, deadline: Deadline) -> Iterator[Finding]:
    try:
        key = table(proxy.get("/key/info", deadline)).get("info")
    except Refused:
        told = "the key is the proxy's master key: everything is written as nobody in particular"
        yield Finding("writing", Verdict.WARNING, told, ADMIN_KEY)
        return
    user = str(table(key).get("user_id") or "")
    role = table(table(proxy.get("/user/info", deadline, user_id=user)).get("user_info")).get("user_role")
    if role == "proxy_admin":
        told = f"the key belongs to the proxy_admin {user}; LiteLLM has no lesser role that may pull levers"
        yield Finding("writing", Verdict.FINE, told)
    else:
        yield Finding(
            "writing", Verdict.WRONG, f"the key belongs to {user or 'nobody'}, whose role is {role}", ADMIN_KEY
        )


def _owned(proxy: Proxy, deadline: Deadline) -> Iterator[Finding]:
    source = proxy.router(deadline).get("source") or {}
    for name, lever in (("model_group_alias", "alias"), ("fallbacks", "fallback")):
        if source.get(name) == "config":
            step = f"Remove {name} from config.yaml and restart once; then the database owns it."
            yield Finding(f"{lever} levers", Verdict.WRONG, f"config.yaml sets router_settings.{name}", step)


def _workers(proxy: Proxy, deadline: Deadline) -> Iterator[Finding]:
    told = proxy.options.workers
    seen = set(at_once(lambda: read_page(proxy.line.read("/metrics/", deadline).text)[0]))
    count = max(len(seen), 2 if "" in seen else 1)  # LiteLLM names no process where several share one page
    if count > told:
        step = f"Write workers = {count} or more into its table: levers are read differently then."
        yield Finding("workers", Verdict.WRONG, f"{count} workers answer at least, and its table says {told}", step)
    elif told == 1:
        yield Finding("workers", Verdict.FINE, "one worker: a change is in force when the proxy says yes")
    elif proxy.options.reload_s > 2 or proxy.options.key_cache_s > 2:
        detail = (
            f"a change of a route takes up to {proxy.options.reload_s:.0f} s to reach all {told} workers, "
            f"one of a key up to {proxy.options.key_cache_s:.0f} s"
        )
        step = (
            "Set PROXY_CONFIG_RELOAD_INTERVAL_SECONDS=2 and general_settings.user_api_key_cache_ttl: 2 at the proxy, "
            "then reload_s = 2 and key_cache_s = 2 here."
        )
        yield Finding("workers", Verdict.WARNING, detail, step)
    else:
        yield Finding("workers", Verdict.FINE, f"all {told} workers follow within about 2 s")
