"""Every cockpit.toml that the documentation shows can be used as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.settings import read_settings
from cockpit.world.fleet import read_options
from cockpit.world.registry import BUILT_IN, load_adapter

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^ *```toml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
OTHERS = "[project"
"""What only other files than cockpit.toml say."""


def examples() -> Iterator[tuple[str, str]]:
    """Return every example with its place."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "adapters").rglob("*.md")]
    for page in sorted(pages):
        for number, body in enumerate(FENCE.findall(page.read_text("utf-8"))):
            if OTHERS not in body:
                yield f"{page.relative_to(ROOT).as_posix()}#{number}", body


@pytest.mark.parametrize(("place", "text"), examples(), ids=[place for place, _ in examples()])
def test_an_example_can_be_used(place: str, text: str) -> None:
    for name, table in read_settings(text, Path(place)).systems.items():
        if table["adapter"] in BUILT_IN:  # others stand for one of the reader's own
            read_options(name, load_adapter(table["adapter"]), table)
