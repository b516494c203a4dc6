"""Where a route goes: the proxy's alias map, and the aliases of one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.errors import Moved, Refused
from cockpit.world.contract import Capability, Control, Expectation, Reading, Write
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm.lever import (
    NONE,
    InMemory,
    NoHistory,
    by_cache,
    by_reload,
    control_of,
    refuse_if_moved,
    shown,
)
from cockpit_adapters.litellm.proxy import Proxy, at_once

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value


@dataclass(frozen=True, slots=True)
class RouteAlias(InMemory["str | None"]):
    """`alias:ROUTE`: the model group that a route goes to; None when the route goes by its own name."""

    route: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.ROUTING, f"the model group that {self.route} goes to",
            f"everybody who asks for {self.route}", by_reload(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read a model group; `none` takes the alias away."""
        return _target(text)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the map that the workers agree on."""
        value = self._now(proxy, deadline)
        return Reading(value, shown=value or f"none ({self.route} itself)")

    @property
    def address(self) -> str:
        """Where it is."""
        return f"alias:{self.route}"

    def _look(self, proxy: Proxy, deadline: Deadline) -> str | None:
        return alias_map(proxy.router(deadline)).get(self.route)

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Write the whole map with this one alias changed: LiteLLM replaces it, and knows no versions."""
        if write.value is not None:
            deployments(proxy, str(write.value), deadline)
        several = proxy.options.workers > 1
        settings = at_once(lambda: proxy.router(deadline)) if several else [proxy.router(deadline)]
        _refuse_owned(settings[0], "model_group_alias")
        maps = [alias_map(one) for one in settings]
        refuse_if_moved(write, self._settled(proxy, self.route, [known.get(self.route) for known in maps]))
        whole = self._others(proxy, maps)
        if write.value is not None:
            whole[self.route] = str(write.value)
        proxy.send("POST", "/config/update", {"router_settings": {"model_group_alias": whole}}, deadline)

    def _others(self, proxy: Proxy, maps: Sequence[dict[str, str]]) -> dict[str, str]:
        """Return all other aliases; where workers differ, what we wrote ourselves settles it, or nobody does."""
        names = {name for known in maps for name in known} - {self.route}
        settled = {name: self._settled(proxy, name, [known.get(name) for known in maps]) for name in names}
        return {name: target for name, target in settled.items() if target is not None}

    def _settled(self, proxy: Proxy, route: str, targets: Sequence[str | None]) -> str | None:
        mine, fresh = proxy.own(f"alias:{route}")
        if fresh and mine in targets:
            return None if mine is None else str(mine)
        if len(set(targets)) == 1:
            return targets[0]
        raise Moved(
            f"the proxy's workers disagree where {route} goes ({' or '.join(sorted(map(shown, set(targets))))}): "
            "somebody changed it just now, and this write would undo that",
            hint=f"Try again in {proxy.options.reload_s:.0f} s, when all of them have read it.",
        )

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect one of the deployments of the group; a route without any is refused."""
        found = _ids(proxy, str(value or self.route), deadline)
        return Expectation("header:x-litellm-model-id", found) if found else Expectation("status", ("400",))


@dataclass(frozen=True, slots=True)
class KeyAlias(NoHistory):
    """`key_alias:KEY/ROUTE`: where a route goes for one key."""

    key: str
    route: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.ROUTING, f"the model group that {self.route} goes to for the key {self.key}",
            f"whoever uses the key {self.key}", by_cache(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read a model group; `none` takes the alias away."""
        return _target(text)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read the key's aliases from the database."""
        found = proxy.key(self.key, deadline)
        value = (found.get("aliases") or {}).get(self.route)
        at = moment(found.get("settings_updated_at"))
        return Reading(value, shown=value or f"none ({self.route} itself)", at=at)

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Write the key's aliases with this one changed."""
        if write.value is not None:
            deployments(proxy, str(write.value), deadline)
        found = proxy.key(self.key, deadline)
        whole = dict(found.get("aliases") or {})
        refuse_if_moved(write, whole.get(self.route))
        self._refuse_forbidden(found, write.value)
        whole = _without(whole, self.route)
        if write.value is not None:
            whole[self.route] = write.value
        proxy.send("POST", "/key/update", {"key": found["token"], "aliases": whole}, deadline)

    def _refuse_forbidden(self, found: dict[str, Any], value: Value) -> None:
        allowed = found.get("models") or []
        everything = not allowed or {"all-proxy-models", "all-team-models", "*"} & set(allowed)
        if value is not None and not everything and value not in allowed:
            raise Refused(
                f"the key {self.key} may not use {value}: it would get errors instead of answers",
                hint=f"Allow it {value} first, or choose one of {', '.join(map(str, allowed))}.",
            )

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect one of the deployments of the group; the probe has to use this key."""
        found = _ids(proxy, str(value or self.route), deadline)
        return Expectation("header:x-litellm-model-id", found) if found else None


def deployments(proxy: Proxy, group: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the ids of a group's deployments; Refused when there are none, for the route would only give errors."""
    found = _ids(proxy, group, deadline)
    if not found:
        raise Refused(
            f"the proxy has no model group {group!r}: the route would only give errors",
            hint="GET /v1/model/info lists them as model_name; an alias can't lead to another alias.",
        )
    return found


def _ids(proxy: Proxy, group: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the ids of a group's own deployments.

    While an alias is in force LiteLLM lists the deployments that it leads to under the alias too. Were they taken for
    the group's own, any answer at all would prove that the alias is gone.
    """
    listed = [
        (str(one.get("model_name")), str((one.get("model_info") or {}).get("id"))) for one in proxy.models(deadline)
    ]
    under = [ident for name, ident in listed if name == group]
    shared = {ident for name, ident in listed if name != group}
    if not shared.intersection(under):
        return tuple(under)
    if alone := tuple(ident for ident in under if ident not in shared):
        return alone
    leads_to = alias_map(proxy.router(deadline)).get(group)
    return () if leads_to else tuple(under)


def alias_map(settings: dict[str, Any]) -> dict[str, str]:
    """Return the aliases of the router's settings."""
    return dict((settings.get("current_values") or {}).get("model_group_alias") or {})


def _without(whole: dict[str, Any], name: str) -> dict[str, Any]:
    return {known: value for known, value in whole.items() if known != name}


def _refuse_owned(settings: dict[str, Any], name: str) -> None:
    """Refuse what LiteLLM would refuse too, with a way out."""
    if (settings.get("source") or {}).get(name) == "config":
        raise Refused(
            f"router_settings.{name} stands in the proxy's config.yaml, which then owns it",
            hint=f"Remove {name} from config.yaml and restart the proxy once; then it is kept in the database.",
        )


def _target(text: str) -> Value:
    return None if text.strip().lower() in NONE else text.strip()
