"""Writes the tables of keys in the documentation anew from the registry: `python3 dev.py tables` runs this too."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.test_docs import KEY_PAGES, KEY_ROW, ROOT, key_table


def rewritten(text: str) -> str:
    """Return a page with its table of keys as it should be."""
    lines: list[str] = []
    for is_row, group in groupby(text.splitlines(), key=lambda line: bool(KEY_ROW.match(line))):
        lines += key_table() if is_row else group
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages whose table is not as it should be."""
    for name in KEY_PAGES:
        page = ROOT / name
        old = page.read_text("utf-8")
        if rewritten(old) != old:
            page.write_text(rewritten(old), "utf-8")
            print(f"written: {name}")


if __name__ == "__main__":
    main()
