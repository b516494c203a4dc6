"""A file of flags to try the adapter on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cockpit.world.specimen import Specimen

FLAGS = """{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "answers": {
      "state": "ENABLED",
      "variants": {"on": true, "off": false},
      "defaultVariant": "on"
    },
    "other":   {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off"}
  }
}
"""
_BAD = ("answers", "flag:", "share: answers", "flag:answers@production", "switch:answers")


def specimens() -> Sequence[Specimen]:
    """Return a kill switch and a canary."""
    return (
        Specimen(
            adapter="flagd", label="flag", prepare=_prepared, address="flag:answers", first=True, want=False,
            text="off", elsewhere=_by_hand, carries_version=True, bad_addresses=_BAD,
        ),
        Specimen(
            adapter="flagd", label="share", prepare=_prepared, address="share:answers", first=100, want=5,
            text="5 %", elsewhere=_by_hand, carries_version=True, bad_addresses=_BAD,
        ),
    )  # fmt: skip


def _prepared(folder: Path) -> Mapping[str, Any]:
    file = folder / "flags.json"
    file.write_text(FLAGS, "utf-8")
    return {"file": str(file)}


def _by_hand(folder: Path, value: Any) -> None:
    file = folder / "flags.json"
    document = json.loads(file.read_text("utf-8"))
    entry = document["flags"]["answers"]
    share = value if not isinstance(value, bool) else 100 if value else 0
    entry.pop("targeting", None)
    entry["defaultVariant"] = "on" if share == 100 else "off"
    if 0 < share < 100:
        entry["targeting"] = {"fractional": [["on", share], ["off", 100 - share]]}
    file.write_text(json.dumps(document), "utf-8")
