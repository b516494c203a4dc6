"""Who may call and how much: keys and teams that are blocked, and caps on keys, teams and budgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, Control, Expectation, Reading, Write
from cockpit_adapters.answers import moment
from cockpit_adapters.litellm.lever import NONE, Block, NoHistory, blocked, by_cache, control_of, refuse_if_moved
from cockpit_adapters.litellm.proxy import Proxy

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline, Value

LIMITS = {"max_budget": "dollars in all", "rpm_limit": "requests a minute", "tpm_limit": "tokens a minute"}


@dataclass(frozen=True, slots=True)
class Owner:
    """A key by its alias, a team or a budget by its id."""

    kind: str
    name: str

    @property
    def said(self) -> str:
        """Name it in a sentence."""
        return f"the {self.kind} {self.name}"

    def find(self, proxy: Proxy, deadline: Deadline) -> dict[str, Any]:
        """Read it from the database."""
        ways = {"key": proxy.key, "team": proxy.team, "budget": proxy.budget}
        return ways[self.kind](self.name, deadline)

    def update(self, proxy: Proxy, found: dict[str, Any], changed: dict[str, Any], deadline: Deadline) -> None:
        """Change some of its fields."""
        ident = {"key": found["token"]} if self.kind == "key" else {f"{self.kind}_id": self.name}
        proxy.send("POST", f"/{self.kind}/update", {**ident, **changed}, deadline)


@dataclass(frozen=True, slots=True)
class OwnerBlock(Block):
    """`blocked:key/ALIAS` and `blocked:team/ID`: whether every call of it is refused."""

    refusal: ClassVar[str] = "401"
    owner: Owner

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        return control_of(
            address, Capability.FLAG, f"whether {self.owner.said} is refused",
            f"whoever calls with {self.owner.said}: they get error 401", by_cache(options),
        )  # fmt: skip

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the database."""
        found = self.owner.find(proxy, deadline)
        value = bool(found.get("blocked"))
        return Reading(value, shown=blocked(value), **_last_write(found))

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Block or unblock.

        A team goes by /team/update: /team/block is answered 200, and its keys are served for another minute.
        """
        found = self.owner.find(proxy, deadline)
        refuse_if_moved(write, bool(found.get("blocked")))
        if self.owner.kind == "team":
            self.owner.update(proxy, found, {"blocked": write.value}, deadline)
        else:
            path = "/key/block" if write.value else "/key/unblock"
            proxy.send("POST", path, {"key": found["token"]}, deadline)


@dataclass(frozen=True, slots=True)
class Cap(NoHistory):
    """`cap:key/ALIAS/max_budget`, `cap:team/ID/rpm_limit`, `cap:budget/ID/tpm_limit`: a limit; None for none."""

    owner: Owner
    limit: str

    def control(self, address: str, options: Any) -> Control:
        """Describe it."""
        late = " (and one more call)" if self.owner.kind == "budget" else ""
        return control_of(
            address, Capability.CAPS, f"{LIMITS[self.limit]} for {self.owner.said}",
            f"whoever calls with {self.owner.said}{late}", by_cache(options),
        )  # fmt: skip

    def parse(self, text: str) -> Value:
        """Read a number of 0 or more; `none` lifts the limit."""
        if text.strip().lower() in NONE:
            return None
        try:
            value = float(text) if self.limit == "max_budget" else int(text)
        except ValueError:
            value = -1
        if not 0 <= value < 1e15:
            raise BadInput(f"{self.limit}: {text!r} is no limit", hint=f"Write {LIMITS[self.limit]}, or none.")
        return value

    def read(self, proxy: Proxy, deadline: Deadline) -> Reading:
        """Read it from the database."""
        found = self.owner.find(proxy, deadline)
        value = found.get(self.limit)
        return Reading(
            value, shown="no limit" if value is None else f"{value} {LIMITS[self.limit]}", **_last_write(found)
        )

    def write(self, proxy: Proxy, write: Write, deadline: Deadline) -> None:
        """Set it; what else is set for it stays."""
        found = self.owner.find(proxy, deadline)
        refuse_if_moved(write, found.get(self.limit))
        self.owner.update(proxy, found, {self.limit: write.value}, deadline)

    def expectation(self, proxy: Proxy, value: Value, deadline: Deadline) -> Expectation | None:
        """Expect the error of a full stop; any other limit shows only when it is reached."""
        refusal = "422" if self.limit == "max_budget" else "429"
        if value == 0:
            return Expectation("status", (refusal,))
        return Expectation("status", forbidden=(refusal,)) if value is None else None


def _last_write(found: dict[str, Any]) -> dict[str, Any]:
    """When its settings changed: `updated_at` moves with every call that is paid for, and `updated_by` never does."""
    return {"at": moment(found.get("settings_updated_at"))}
