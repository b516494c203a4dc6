"""The hook for the contract suite: over HTTP, and by its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.litellm_hook.fake import FakeHook, move

BAD = ("support", "route:", "tools:support", "blocked_words:both", "levers:support", "route: support", "")


def _put_down(folder: Path) -> Mapping[str, Any]:
    return {"file": str(folder / "levers.json")}


def _over_http(address: str, first: Any, want: Any, text: str) -> Specimen:
    return Specimen(
        "litellm_hook", label=address.partition(":")[0], fake=FakeHook, options={"token": "env:SPECIMEN_TOKEN"},
        address=address, first=first, want=want, text=text, carries_version=True, bad_addresses=BAD,
        elsewhere=lambda fake, value: move(fake.path, address, value),
    )  # fmt: skip


def specimens() -> Sequence[Specimen]:
    """Return one lever of every kind, and one by its file."""
    return (
        _over_http("route:support", None, "support-v1", "support-v1"),
        _over_http("killed:support", False, True, "on"),
        _over_http("share:support", 0, 5.0, "5 %"),
        _over_http("max_tokens:support", None, 200, "200"),
        _over_http("tools:support/search", "on", "off", "off"),
        _over_http("blocked_words:input", [], ["refund all", "wire"], "refund all, wire"),
        Specimen(
            "litellm_hook", label="file", prepare=_put_down, address="route:support", first=None, want="support-v1",
            text="support-v1", carries_version=True, bad_addresses=BAD,
            elsewhere=lambda folder, value: move(Path(folder) / "levers.json", "route:support", value),
        ),
    )  # fmt: skip
