"""Recorded answers: where adapters keep them, and how fakes get them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


def payload(adapter: str, name: str) -> Any:
    """Return a fresh copy of one recorded answer: JSON parsed, anything else as bytes."""
    content = (_HERE / adapter / "payloads" / name).read_bytes()
    return json.loads(content) if name.endswith(".json") else content
