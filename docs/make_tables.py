"""Writes tables in the documentation anew from their sources: `python3 dev.py tables` runs this too."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.test_docs import ADAPTERS, KEY_PAGES, KEY_ROW, ROOT, adapter_table, key_table


def rewritten(text: str) -> str:
    """Return a page with its table of keys as it should be."""
    lines: list[str] = []
    for is_row, group in groupby(text.splitlines(), key=lambda line: bool(KEY_ROW.match(line))):
        lines += key_table() if is_row else group
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages whose table is not as it should be."""
    for name in KEY_PAGES:
        _write(name, rewritten)
    _write("docs/adapters.md", _with_adapters)


def _with_adapters(text: str) -> str:
    rows = "\n".join(adapter_table())
    return ADAPTERS.sub(lambda _: f"<!-- adapters -->\n{rows}\n<!-- /adapters -->", text)


def _write(name: str, change: Callable[[str], str]) -> None:
    page = ROOT / name
    old = page.read_text("utf-8")
    if change(old) != old:
        page.write_text(change(old), "utf-8")
        print(f"written: {name}")


if __name__ == "__main__":
    main()
