"""Takes the pictures of station 5: a finished drill whose worst answer becomes a proven case, and its postmortem.

Run by `python3 dev.py picture`. Draws as docs/make_pictures.py does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.make_pictures import PICTURES, save
from tests.golden.nights import INCIDENT, copied
from tests.terminal import Size, Terminal


def play(terminal: Terminal, folder: Path) -> None:
    """Make the case and prove it, name the alert, and look at the postmortem."""
    terminal.wait_for("L learn", INCIDENT, "not closed", seconds=60)
    terminal.press("end", "L", pause=1.0)
    terminal.wait_for("Next ▸ press c", seconds=30)
    terminal.press("c", pause=1.0)
    terminal.wait_for("enter do it", seconds=30)
    terminal.press("enter", pause=1.0)
    terminal.wait_for("Next ▸ press p", seconds=30)
    terminal.press("p", pause=1.0)
    terminal.wait_for("Next ▸ press a", seconds=60)
    save(terminal, folder / "learn.png")
    terminal.press("m", pause=1.0)
    terminal.wait_for("s sign", seconds=30)
    terminal.listen(1)
    save(terminal, folder / "postmortem.png")


def take(folder: Path) -> None:
    """Play, and take the pictures into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        data = copied(Path(scratch) / "data")
        env = {"TEXTUAL_ANIMATIONS": "none", "COCKPIT_THEME": "cockpit-dark", "XDG_CONFIG_HOME": scratch}
        with Terminal([sys.executable, "-m", "cockpit", "--data", str(data)], Size(120, 36), env) as terminal:
            play(terminal, folder)


if __name__ == "__main__":
    take(Path(sys.argv[1]) if sys.argv[1:] else PICTURES)
