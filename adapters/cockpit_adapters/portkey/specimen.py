"""A config file to try the adapter on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cockpit.world.specimen import Specimen

CONFIG = """{
  "strategy": {"mode": "loadbalance"},
  "targets": [
    {"name": "primary", "virtual_key": "openai-main",  "weight": 1, "override_params": {"model": "support-v2"}},
    {"name": "backup",  "virtual_key": "openai-spare", "weight": 0, "override_params": {"model": "support-v1"}}
  ]
}
"""
_BAD = ("strategy.mode", "json:", "json:a..b", "json:targets.0.api_key", "yaml:a", "target:")


def specimens() -> Sequence[Specimen]:
    """Return a model pin and an order of targets."""
    return (
        Specimen(
            adapter="portkey", label="model", prepare=_prepared, address="json:targets.0.override_params.model",
            first="support-v2", want="support-v1", text="support-v1",
            elsewhere=_by_hand(lambda config, value: config["targets"][0]["override_params"].update(model=value)),
            carries_version=True, bad_addresses=_BAD,
        ),
        Specimen(
            adapter="portkey", label="order", prepare=_prepared, address="target:targets",
            first=["primary", "backup"], want=["backup", "primary"], text="backup, primary",
            elsewhere=_by_hand(lambda config, value: config["targets"].reverse()),
            carries_version=True, bad_addresses=_BAD,
        ),
    )  # fmt: skip


def _prepared(folder: Path) -> Mapping[str, Any]:
    file = folder / "portkey.json"
    file.write_text(CONFIG, "utf-8")
    return {"file": str(file)}


def _by_hand(change: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def by_hand(folder: Path, value: Any) -> None:
        file = folder / "portkey.json"
        config = json.loads(file.read_text("utf-8"))
        change(config, value)
        file.write_text(json.dumps(config), "utf-8")

    return by_hand
