"""The whole app on a drill in which everybody writes hostile text, in a real pseudo-terminal."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hostile.payloads import CONTROL, HIDDEN, MARKUP
from tests.hostile.pty_app import PtyApp, foreign

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    text
    for text in (*CONTROL, *MARKUP, *HIDDEN)
    if len(text) < 3_000 and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
]
VISITS = (
    *("4", "\x1b[B", "\x1b[B", "\r", "\x1b[6~", "j", "\x1b", "\x1b", "d", "\t", "\x1b", "x", "/", "\x1b"),
    *("a", "s", "\x1b", "t", "\x1b", "l", "\x1b", "c", "\x1b", "r", "\x1b", "w", "\x1b", "?", "\x1b"),
    *("4", "Y", "\x1b", "S", "\x1b[B", "\r", "\x1b[B", "\x1b[B", "\t", "\x1b[6~", "y", "\x1b", "\x1b", "S"),
    *("/", "\t", "\t", "\x1b[A", "\x1b", "v", "\x1b[B", "\t", "\x1b[6~", "g", "\x1b", "\t", "\r"),
    *("1", "2", "3", "\r", "\x1b", "5", "6", "\x1b[B", "\t", "k", "\x1b"),
)


def hostile_scenario(folder: Path) -> Path:
    """Take a bundled scenario and put hostile words into every mouth."""
    body = yaml.safe_load((ROOT / "scenarios" / "injection-leak.yaml").read_text(encoding="utf-8"))
    ring = _Ring(TEXTS)
    body["title"] = "Orders [@click=app.quit]x[/] \x1b]0;PWNED\x07 \u202eleak"
    body["brief"] = ring.take()
    body["people"] = [f"Priya {text}" for text in MARKUP[:3]]
    for inject in body["injects"]:
        inject["text"], inject["sender"] = ring.take(), f"x{ring.take()}"[:80]
    body["feedback"]["texts"] = TEXTS
    for group in ("asks", "answers"):
        body["texts"][group] = {key: [f"x{text}" for text in TEXTS] for key in body["texts"][group]}
    for prompt in body["prompts"].values():
        prompt["note"] = ring.take()
    file = folder / "hostile.yaml"
    file.write_text(yaml.safe_dump(body, default_flow_style=False), encoding="utf-8")
    return file


class _Ring:
    def __init__(self, texts: list[str]) -> None:
        self._texts, self._next = texts, 0

    def take(self) -> str:
        self._next += 1
        return self._texts[self._next % len(self._texts)][:500]


def run(folder: Path, *arguments: Any) -> PtyApp:
    command = [sys.executable, "-m", "cockpit", "drill", str(hostile_scenario(folder)), "--speed", "30"]
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "adapters")])}
    return PtyApp([*command, "--data", str(folder / "data"), *arguments], size=(160, 45), env=env)


def copied(sequence: str) -> bool:
    """Whether a sequence is the cockpit's own copying of what reproduces a trace: ASCII JSON, packed."""
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", sequence)
    return found is not None and isinstance(json.loads(base64.b64decode(found[1]).decode("ascii")), dict)


@pytest.mark.integration
def test_a_drill_of_hostile_words_is_survived_on_every_screen(tmp_path: Path) -> None:
    with run(tmp_path) as app:
        app.wait_for("Signals")
        app.pump(1.5)
        for key in VISITS:
            app.send(key)
            app.pump(0.12)
            assert app.alive, (repr(key), app.raw[-3000:].decode("utf-8", "replace"))
        for size in ((80, 24), (20, 5), (100, 30)):
            app.resize(*size)
            app.pump(0.3)
            assert app.alive, (size, app.raw[-3000:].decode("utf-8", "replace"))
        assert [one for one in foreign(app.raw) if not copied(one)] == []
        wire = app.raw
    assert not [text for text in TEXTS if "\x1b" in text and text.encode() in wire]
