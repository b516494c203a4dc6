"""What answers: a deployment's model and address, whether it is blocked, what stands in for one that fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Capability, Control, Expectation, Reading, Write
from cockpit_adapters.litellm.lever import (
    NONE,
    Block,
    InMemory,
    blocked,
    by_reload,
    control_of,
    refuse_if_moved,
    shown,
)
from cockpit_adapters.litellm.proxy import Proxy, part

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value

PIN = re.compile(r"(?P<model>\S+?)(?:\s*@\s*(?P<base>https?://\S+))?")


@dataclass(frozen=True, slots=True)
class ModelPin(InMemory[str]):
    """`model:ID`: a deployment's model and address, written `MODEL` or `MODEL @ API_BASE`."""

    ident: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.MODEL_PIN, f"the model behind the deployment {self.ident}",
            f"everybody whose route leads to {self.ident}", by_reload(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read `MODEL` or `MODEL @ API_BASE`."""
        model, base = _pin(text.strip())
        return _joined(model, base)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it as the workers know it."""
        return Reading(self._now(proxy, deadline))

    @property
    def address(self) -> str:
        """Where it is."""
        return f"model:{self.ident}"

    def _look(self, proxy: Proxy, deadline: Deadline) -> str:
        given = proxy.model(self.ident, deadline).get("litellm_params") or {}
        return _joined(str(given.get("model") or ""), str(given.get("api_base") or ""))

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Change both at once; a change that could not be taken back is refused."""
        found = proxy.model(self.ident, deadline)
        refuse_config_model(found, self.ident)
        now = self._now(proxy, deadline)
        refuse_if_moved(write, now)
        base_now = _pin(now)[1]
        model, base = _pin(str(write.value))
        if bool(base) != bool(base_now):
            raise Refused(
                f"{self.ident} has {base_now or 'no api_base'}: LiteLLM can't take an api_base "
                "away, so adding one could not be undone",
                hint="Write MODEL @ API_BASE where there is an api_base, and MODEL alone where there is none.",
            )
        changed = {"model": model, **({"api_base": base} if base else {})}
        proxy.send("PATCH", f"/model/{part(self.ident)}/update", {"litellm_params": changed}, deadline)

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect the model's name; where only the address differs, expect that."""
        model, base = _pin(str(value))
        given = proxy.model(self.ident, deadline).get("litellm_params") or {}
        if base and given.get("model") == model and given.get("api_base") != base:
            return Expectation("header:x-litellm-model-api-base", (base, base.rstrip("/"), f"{base}/"))
        return Expectation("header:x-litellm-model-name", (model,))


@dataclass(frozen=True, slots=True)
class ModelBlock(Block, InMemory[bool]):
    """`blocked:model/ID`: whether a deployment answers nobody."""

    refusal: ClassVar[str] = "403"
    ident: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.FLAG, f"whether the deployment {self.ident} answers nobody",
            f"everybody whose route leads to {self.ident}: they get error 403", by_reload(options),
        )  # fmt: skip

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it as the workers know it."""
        value = self._now(proxy, deadline)
        return Reading(value, shown=blocked(value))

    @property
    def address(self) -> str:
        """Where it is."""
        return f"blocked:model/{self.ident}"

    def _look(self, proxy: Proxy, deadline: Deadline) -> bool:
        return bool((proxy.model(self.ident, deadline).get("model_info") or {}).get("blocked"))

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Block or unblock."""
        found = proxy.model(self.ident, deadline)
        refuse_config_model(found, self.ident)
        refuse_if_moved(write, self._now(proxy, deadline))
        path = "/model/block" if write.value else "/model/unblock"
        proxy.send("POST", path, {"model_id": self.ident}, deadline)


@dataclass(frozen=True, slots=True)
class Fallback(InMemory[list[Any]]):
    """`fallback:MODEL`: which model groups answer when MODEL fails, in this order."""

    model: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.ROUTING, f"what answers when {self.model} fails",
            f"everybody who asks for {self.model}", by_reload(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read model groups in order, with commas; `none` takes them away."""
        names = [name.strip() for name in text.split(",") if name.strip()]
        return [] if not names or text.strip().lower() in NONE else list(names)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read the rule for this very model; a rule for all models does not count."""
        value = self._now(proxy, deadline)
        return Reading(value, shown=shown(value))

    @property
    def address(self) -> str:
        """Where it is."""
        return f"fallback:{self.model}"

    def _look(self, proxy: Proxy, deadline: Deadline) -> list[Any]:
        rules = (proxy.router(deadline).get("current_values") or {}).get("fallbacks") or []
        return list(next((rule[self.model] for rule in rules if self.model in rule), []))

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Set or remove the rule; LiteLLM keeps the rules of other models by itself."""
        if not isinstance(write.value, list):
            raise BadInput(f"{write.address} holds a list of model groups", hint="Write them with commas between.")
        now = self._now(proxy, deadline)
        refuse_if_moved(write, list(now))
        if write.value:
            body = {"model": self.model, "fallback_models": write.value, "fallback_type": "general"}
            proxy.send("POST", "/fallback", body, deadline)
        elif now:
            proxy.send("DELETE", f"/fallback/{part(self.model)}", {}, deadline)


def refuse_config_model(found: dict[str, Any], ident: str) -> None:
    """Refuse what stands in config.yaml: LiteLLM changes only what is in its database."""
    if not (found.get("model_info") or {}).get("db_model"):
        raise Refused(
            f"the deployment {ident} stands in the proxy's config.yaml, where it can't be changed while it runs",
            hint=f"Move its route instead: alias:{found.get('model_name')}.",
        )


def _pin(text: str) -> tuple[str, str]:
    match = PIN.fullmatch(text)
    if match is None:
        raise BadInput(
            f"{text!r} is no model", hint="Write MODEL or MODEL @ API_BASE: openai/gpt-5 @ https://host/v1."
        )
    return match["model"], match["base"] or ""


def _joined(model: str, base: str) -> str:
    return f"{model} @ {base}" if base else model
