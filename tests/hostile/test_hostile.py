"""Every own widget under hostile text, in a real pseudo-terminal, judged by the bytes on the wire."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.hostile.payloads import MARKUP, OWN, collected
from tests.hostile.pty_app import PtyApp, foreign

HOST = str(Path(__file__).with_name("host.py"))
BATCH = 12
SIZE = (100, 30)
REPLIES = (
    "\x1b[?1;2c",
    "\x1b[>65;6800;1c",
    "\x1b[3;5R",
    "\x1b]11;rgb:1212/1212/1212\x1b\\",
    "\x1b]52;c;UFdORUQ=\x07",
    "\x1b]lkyky\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP>|tmux 3.3a\x1b\\",
    "\x1b[200~safe\x1b[201~ky",
    "\x1b[?2026;2$y",
)
"""What terminals answer to questions that hostile text may have asked; Textual hands most on as keys."""
LEAVING = b"\x1b[?1049l"


def batches(texts: list[str], size: int = BATCH) -> list[list[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def play(folder: Path, rounds: list[list[str]], *, click: bool) -> PtyApp:
    """Show every batch in one program, click all over it, and leave it with F9."""
    file = folder / "batches.json"
    file.write_text(json.dumps(rounds), encoding="ascii")
    app = PtyApp([sys.executable, HOST, str(file)], size=SIZE, env={"PYTHONPATH": str(Path.cwd())})
    with app:
        app.wait_for("READY")
        for place in range(len(rounds)):
            app.send("\x1b[20~")
            app.wait_for(f"DONE-{place}.")
            if click:
                _click_everywhere(app)
        app.send("\x1b[20~")
        status = app.exit_status()
    assert status == 0, app.raw[-3000:].decode("utf-8", "replace")
    return app


def _click_everywhere(app: PtyApp) -> None:
    for row in range(1, SIZE[1], 2):
        for column in range(3, SIZE[0], 16):
            app.send(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
    app.pump(0.3)


def needles(texts: list[str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in texts if "\x1b" in text or "\x9b" in text]


def test_no_payload_reaches_the_terminal_or_acts(tmp_path: Path) -> None:
    judge_own(tmp_path, batches(list(OWN), 4 * BATCH))


@pytest.mark.integration
def test_no_payload_that_is_wholly_on_the_screen_reaches_the_terminal_or_acts(tmp_path: Path) -> None:
    small = [text for text in OWN if len(text) < 1_000]
    judge_own(tmp_path, batches(small) + [[text] for text in OWN if len(text) >= 1_000])


def judge_own(tmp_path: Path, rounds: list[list[str]]) -> None:
    app = play(tmp_path, rounds, click=False)
    assert foreign(app.raw) == []
    # Leaving the alternate screen is one payload and Textual's own last word.
    assert {needle: count for needle in needles(list(OWN)) if (count := app.raw.count(needle))} == {LEAVING: 1}
    assert not (tmp_path / "pwned").exists()


def test_no_click_on_outside_text_acts(tmp_path: Path) -> None:
    app = play(tmp_path, batches(list(MARKUP)), click=True)
    assert foreign(app.raw) == []
    assert not (tmp_path / "pwned").exists()


def judge_collection(folder: Path, texts: list[str]) -> None:
    app = play(folder, batches(texts, 45), click=False)
    assert foreign(app.raw) == []
    assert [needle for needle in needles(texts) if len(needle) > 2 and needle in app.raw] == []


@pytest.mark.integration
def test_the_worst_of_the_public_collections(tmp_path: Path) -> None:
    texts = [text for text in gathered() if not (text.isascii() and text.isprintable()) or "\x1b" in text]
    judge_collection(tmp_path, texts[:90])


@pytest.mark.integration
def test_public_collections_of_hostile_strings(tmp_path: Path) -> None:
    judge_collection(tmp_path, gathered())


def gathered() -> list[str]:
    texts = collected()
    if not texts:
        pytest.skip("the collections of hostile strings (data/hostile/*.json) are not on this machine")
    return texts


def test_answers_of_the_terminal_do_not_end_or_confirm_anything(tmp_path: Path) -> None:
    file = tmp_path / "batches.json"
    file.write_text("[]", encoding="ascii")
    with PtyApp([sys.executable, HOST, str(file)], env={"PYTHONPATH": str(Path.cwd())}) as app:
        app.wait_for("READY")
        for answer in REPLIES:
            app.send(answer)
            app.pump(0.15)
        assert app.alive
        assert foreign(app.raw) == []
        app.send("\x1b[20~")
        assert app.exit_status() == 0


@pytest.mark.parametrize("wire", ["\x1b[5i", "\x1b]0;x\x07", "\x1bc", "\x9b2J", "\u202e", "\x1bP$q\x1b\\", "\x07"])
def test_the_judge_of_the_wire_has_teeth(wire: str) -> None:
    assert foreign(f"\x1b[1;1H\x1b[0mfine{wire}".encode()) != []
