"""Takes the pictures of an incident on real systems: `python3 dev.py systems staging`, then this file.

A range is played on a pseudo-terminal, by keys, on the staging systems that are up: prompt back, kill switch, proof,
canary. Takes about five minutes. Needs the DejaVu Sans Mono font (Debian: fonts-dejavu-core).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.make_pictures import CODE, PICTURES, save
from tests.systems.staging import recall
from tests.systems.state import run_folder
from tests.terminal import Size, Terminal

SPEED = "12"
"""A range's clock can't be hurried once it runs, and the fix takes twenty-two of its minutes."""
PUT_BACK_S = 20.0


def respond(terminal: Terminal) -> None:
    """Acknowledge, take command, call the severity, answer the first question, freeze the evidence."""
    terminal.wait_for("press a", seconds=120)
    for keys in (("a",), ("r", "enter"), ("s", "enter"), ("t", "enter"), ("e",)):
        terminal.press(*keys, pause=0.6)
        terminal.listen(1.5)


def look_around(terminal: Terminal) -> None:
    """See what changed, and what the card says."""
    for key, name in (("w", "changed"), ("m", "card")):
        terminal.press(key, pause=0.6)
        terminal.listen(3)
        save(terminal, PICTURES / f"range-{name}.png")
        terminal.press("escape", pause=0.6)


def pull(terminal: Terminal, *keys: str, picture: str = "") -> None:
    """Open a plan, and type its code."""
    terminal.press(*keys, pause=0.6)
    terminal.wait_for("to pull: type", seconds=60)
    terminal.listen(0.5)
    shown = CODE.search(terminal.text())
    if shown is None:
        raise SystemExit(f"no plan with a code came up:\n{terminal.text()}")
    if picture:
        save(terminal, PICTURES / picture)
    terminal.press(*shown[1].replace(" ", "").lower(), "enter", pause=0.2)


def contain(terminal: Terminal) -> None:
    """Switch the assistant off; take pictures while the wire is asked, and when it has answered."""
    pull(terminal, "k", picture="range-plan.png")
    terminal.press("5", pause=0.2)
    terminal.listen(2.5)
    save(terminal, PICTURES / "range-pulled.png")
    terminal.wait_for("NOT CONTAINED YET", seconds=120)
    terminal.listen(1)
    save(terminal, PICTURES / "range-proven.png")
    terminal.wait_for("CONTAINED since", seconds=240)


def reopen(terminal: Terminal) -> None:
    """Wait for the fix, and look at the way back."""
    terminal.wait_for("Shipped", seconds=240)
    terminal.press("o", pause=1.0)
    terminal.listen(2)
    save(terminal, PICTURES / "range-canary.png")


def play(terminal: Terminal) -> None:
    """Work the incident, from the page to the canary."""
    respond(terminal)
    look_around(terminal)
    pull(terminal, "l", "enter")
    terminal.listen(8)
    contain(terminal)
    reopen(terminal)


def leave(terminal: Terminal) -> None:
    """Quit, and wait until the systems are put back."""
    terminal.press("escape", "q", pause=0.5)
    terminal.listen(PUT_BACK_S)


def main() -> None:
    """Play, and take the pictures."""
    staging = recall(run_folder("staging"))
    with tempfile.TemporaryDirectory() as data:
        env = {"TEXTUAL_ANIMATIONS": "none", "COCKPIT_THEME": "cockpit-dark", "XDG_CONFIG_HOME": str(staging.config)}
        command = [sys.executable, "-m", "cockpit", "range", "injection-leak", "--gateway", "gateway"]
        with Terminal([*command, "--speed", SPEED, "--as", "ada", "--data", data], Size(160, 45), env) as terminal:
            try:
                play(terminal)
            finally:
                leave(terminal)


if __name__ == "__main__":
    main()
