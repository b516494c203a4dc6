"""What reaches the provider, in the scenario's words: which model was asked for, and with which prompt and tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.simulator.config import Config
from cockpit.simulator.schema.scenario import Scenario


class Glossary:
    """Translates between the team's names and the scenario's."""

    def __init__(self, scenario: Scenario, models: Mapping[str, str], prompts: Mapping[str, str]) -> None:
        self._scenario = scenario
        self._models = dict(models)
        self._prompts = dict(prompts)
        self._texts = {self.system_text(name): name for name in scenario.prompts}

    def model(self, name: str) -> str:
        """Return the scenario's model for what a gateway asks the provider for; empty when nobody has said which."""
        meant = self._models.get(name, name)
        return meant if meant in self._scenario.models else ""

    def prompt(self, shown: str) -> str:
        """Return the scenario's prompt for what the registry says; empty when nobody has said which.

        Registries show versions as `v2 (what is new in it)`: naming the `v2` is enough.
        """
        number = shown.partition(" ")[0]
        meant = self._prompts.get(shown) or self._prompts.get(number) or number
        return meant if meant in self._scenario.prompts else ""

    def system_text(self, prompt: str) -> str:
        """Return what the application sends as its system message under one of the scenario's prompts."""
        found = self._scenario.prompts[prompt]
        return found.text or f"[{prompt}] {found.note}"

    def seen(self, body: Mapping[str, Any], standing: Config) -> Config:
        """Return the configuration that a request carries, over the one that stands where it says nothing."""
        changes: dict[str, Any] = {}
        if model := self.model(str(body.get("model", ""))):
            changes["model"] = model
        if prompt := self._prompt_in(body):
            changes["prompt"] = prompt
        if isinstance(body.get("temperature"), int | float):
            changes["temperature"] = float(body["temperature"])
        if isinstance(body.get("max_tokens"), int):
            changes["max_tokens"] = int(body["max_tokens"])
        offered = _tool_names(body)
        changes["tools"] = tuple((name, "on" if name in offered else "off") for name, _ in standing.serving.tools)
        return standing.having(**changes)

    def _prompt_in(self, body: Mapping[str, Any]) -> str:
        for message in body.get("messages") or ():
            if isinstance(message, dict) and message.get("role") == "system":
                text = str(message.get("content", ""))
                if found := next((name for known, name in self._texts.items() if known and known in text), ""):
                    return found
        return ""


def _tool_names(body: Mapping[str, Any]) -> set[str]:
    tools = body.get("tools") or ()
    return {str(one.get("function", {}).get("name", "")) for one in tools if isinstance(one, dict)}
