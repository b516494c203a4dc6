"""What is kept from models and users: guardrails, and the policies that put them on one key or model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Capability, Control, Expectation, Reading, Write
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm.lever import NoHistory, as_switch, by_reload, control_of, refuse_if_moved, shown
from cockpit_adapters.litellm.proxy import Proxy, part

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value

MODES = ("pre_call", "during_call", "post_call", "logging_only")


@dataclass(frozen=True, slots=True)
class GuardrailSetting(NoHistory):
    """`guardrail:NAME/default_on` (for everybody or not) and `guardrail:NAME/mode` (when it looks)."""

    name: str
    setting: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        what = "looks at every call" if self.setting == "default_on" else "stops calls, and where"
        return control_of(
            address, Capability.GUARDRAIL, f"whether the guardrail {self.name} {what}", "everybody",
            by_reload(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read on/off, or one or several modes with commas between."""
        if self.setting == "default_on":
            return as_switch(f"guardrail:{self.name}/default_on", text)
        modes = [mode.strip() for mode in text.split(",")]
        if not set(modes) <= set(MODES):
            raise BadInput(f"{text!r} is no mode of a guardrail", hint=f"There are {', '.join(MODES)}.")
        return modes[0] if len(modes) == 1 else list(modes)

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the database."""
        found = proxy.guardrail(self.name, deadline)
        return Reading(self._value(found), shown=shown(self._value(found)), at=moment(found.get("updated_at")))

    def _value(self, found: dict[str, Any]) -> Value:
        given = found.get("litellm_params") or {}
        if self.setting == "default_on":
            return bool(given.get("default_on"))
        mode: Value = given.get("mode")
        return mode

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Change this setting; what else the guardrail says stays."""
        found = proxy.guardrail(self.name, deadline)
        if found.get("guardrail_definition_location") == "config":
            raise Refused(
                f"the guardrail {self.name} stands in the proxy's config.yaml and can't be changed while it runs",
                hint="Make it in the database (POST /guardrails), or attach a policy that removes it.",
            )
        refuse_if_moved(write, self._value(found))
        body = {"litellm_params": {self.setting: write.value}}
        proxy.send("PATCH", f"/guardrails/{part(str(found['guardrail_id']))}", body, deadline)

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect its name among the guardrails that looked at a call: alone where no other looks too."""
        if value in (False, "logging_only"):
            return Expectation("header:x-litellm-applied-guardrails", forbidden=(self.name,))
        given = proxy.guardrail(self.name, deadline).get("litellm_params") or {}
        looks = given.get("mode") != "logging_only" if self.setting == "default_on" else given.get("default_on")
        return Expectation("header:x-litellm-applied-guardrails", (self.name,)) if looks else None


@dataclass(frozen=True, slots=True)
class PolicyAttachment(NoHistory):
    """`policy:NAME@key/ALIAS` and `policy:NAME@model/NAME`: whether a policy holds for one key or model."""

    policy: str
    kind: str
    name: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.GUARDRAIL, f"whether the policy {self.policy} holds for the {self.kind} {self.name}",
            f"whoever calls with the {self.kind} {self.name}", by_reload(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read on/off, attached/detached."""
        return as_switch("policy", text, {"attached"}, {"detached"})

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the database."""
        found = self._found(proxy, deadline)
        if not found:
            return Reading(False, shown="detached")
        by, at = str(found[0].get("updated_by") or ""), moment(found[0].get("updated_at"))
        return Reading(True, shown="attached", by=by, at=at)

    def _found(self, proxy: Proxy, deadline: Deadline) -> list[dict[str, Any]]:
        """Return the attachments to this one thing alone; wider ones are other people's."""
        kinds = ("keys", "models", "teams", "tags")
        wanted = {f"{self.kind}s": [self.name]}
        of_policy = [one for one in proxy.attachments(deadline) if one.get("policy_name") == self.policy]
        return [one for one in of_policy if {kind: one[kind] for kind in kinds if one.get(kind)} == wanted]

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Attach or detach; a second attachment of the same kind is never made."""
        found = self._found(proxy, deadline)
        refuse_if_moved(write, bool(found))
        if write.value and not found:
            body = {"policy_name": self.policy, f"{self.kind}s": [self.name]}
            proxy.send("POST", "/policies/attachments", body, deadline)
        elif not write.value and found:
            proxy.send("DELETE", f"/policies/attachments/{part(str(found[0]['attachment_id']))}", {}, deadline)

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect its name among the policies applied; the probe has to call with that key or model."""
        carrier = "header:x-litellm-applied-policies"
        return Expectation(carrier, (self.policy,)) if value else Expectation(carrier, forbidden=(self.policy,))
