"""Hostile texts: control sequences, markup that acts or crashes, and characters that hide or reorder."""

from __future__ import annotations

import json
import os
from pathlib import Path

CONTROL = (
    "\x1b]52;c;UFdORUQ=\x07",
    "\x1b]52;c;UFdORUQ=\x1b\\",
    "\x1b]0;PWNED\x07",
    "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[99;1H",
    "\x1b[6n\x1b[c\x1b[>q",
    "\x1b[?1049l",
    "\x1bc",
    '\x1bP$q"p\x1b\\',
    "\x1b_Gi=1;AAAA\x1b\\",
    "\x1b[31mred\x1b[0m",
    "\x9b2J\x9d0;PWNED\x9c",
    "\x0e\x0f\x7f\x00\x05\x07\x08\x0b\x0c",
    "line\rover",
)
MARKUP = (
    "[@click=app.pwn('M1')]click[/]",
    "[@click=app.pwn('a[0]')]click[/]",
    "[ @click=app.pwn()]click[/]",
    "\\[@click=app.pwn()]click[/]",
    "[@click=app.quit]bye[/]",
    "[@click=screen.dismiss]bye[/]",
    "[link='http://evil.example']x[/]",
    "[link=http://evil.example]x[/link]",
    "[bold red on white]P0 RESOLVED[/]",
    "a [/nosuch] b [=x",
    "[type=x, v={'a[0]'}]",
    "[/",
    "[/]",
    "$who ${what} $$",
)
HIDDEN = (
    "abc\u202edcba\u202c \u2066x\u2069",
    "a\u200bb\u200dc\ufeffd\u00ade",
    "x\U000e0069\U000e0067\U000e006e\U000e006fy",
    "v\ufe0f\U000e0101\u180b",
    "lone \ud800 and \udfff",
    "e" + "\u0301" * 2_000,
    "\u2800\u3164\uffa0\u115f",
    "\ue000\U000f0000\U0010fffd",
    "\n" * 5_000,
    "\t" * 5_000,
    "x" * 50_000,
    "日本語" * 400,
    "👩‍👩‍👧‍👦🏳️‍🌈",
)
OWN = (*CONTROL, *MARKUP, *HIDDEN)


def collected() -> list[str]:
    """Read the public collections of hostile strings; empty where they are absent."""
    root = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("COCKPIT_SHARED_DATA", root.parent / "shared" / "data")) / "hostile"
    found: list[str] = []
    for file in sorted(folder.glob("*.json")):
        body = json.loads(file.read_text(encoding="utf-8"))
        lists = [body] if isinstance(body, list) else [one for one in body.values() if isinstance(one, list)]
        found += [text for texts in lists for text in texts if isinstance(text, str)]
    return found
