"""Takes the pictures of the documentation from the running cockpit: `python3 dev.py picture`.

A drill is played on a pseudo-terminal, by keys, until the kill switch is proven; what the screen shows then is drawn
into PNG files. Needs the DejaVu Sans Mono font (Debian: fonts-dejavu-core).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.terminal import Size, Terminal

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT, POINTS = 10, 20, 16
GROUND, INK = "121212", "e0e0e0"
FONT = "DejaVuSansMono{}.ttf"
NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "e5e510", "blue": "2472c8", "magenta": "bc3fbc",
    "cyan": "11a8cd", "white": "e5e5e5", "brightblack": "666666", "brightred": "f14c4c", "brightgreen": "23d18b",
    "brightbrown": "f5f543", "brightblue": "3b8eea", "brightmagenta": "d670d6", "brightcyan": "29b8db",
    "brightwhite": "ffffff",
}  # fmt: skip
CODE = re.compile(r"to pull: type +((?:[A-Z] ){3}[A-Z])\b")
"""How a plan shows the code that has to be typed."""
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each of a braille character's dots, by bit."""


class Fonts(NamedTuple):
    """The two faces of the pictures."""

    regular: ImageFont.FreeTypeFont
    bold: ImageFont.FreeTypeFont


def load_fonts() -> Fonts:
    """Load the font, or say what to install and stop."""
    try:
        return Fonts(*(ImageFont.truetype(FONT.format(face), POINTS) for face in ("", "-Bold")))
    except OSError:
        raise SystemExit("there is no DejaVu Sans Mono font here: apt install fonts-dejavu-core") from None


def save(terminal: Terminal, file: Path) -> None:
    """Draw the screen of a terminal into a PNG file."""
    fonts, screen, size = load_fonts(), terminal.draw(), terminal.size
    picture = Image.new("RGB", (size.columns * WIDTH, size.rows * HEIGHT), f"#{GROUND}")
    pen = ImageDraw.Draw(picture)
    for row in range(size.rows):
        for column in range(size.columns):
            draw_cell(pen, column * WIDTH, row * HEIGHT, screen.buffer[row][column], fonts)
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(128).save(file, optimize=True)
    print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}  {file.stat().st_size // 1024} kB")


def draw_cell(pen: ImageDraw.ImageDraw, left: int, top: int, cell: Char, fonts: Fonts) -> None:
    """Draw one character with its colours."""
    ink, ground = colour(cell.fg, INK), colour(cell.bg, GROUND)
    if cell.reverse:
        ink, ground = ground, ink
    pen.rectangle((left, top, left + WIDTH - 1, top + HEIGHT - 1), fill=ground)
    if len(cell.data) == 1 and 0x2800 <= ord(cell.data) <= 0x28FF:
        draw_braille(pen, left, top, ord(cell.data) - 0x2800, ink)
    elif cell.data.strip():
        pen.text((left, top), cell.data, fill=ink, font=fonts.bold if cell.bold else fonts.regular)
    if cell.underscore:
        pen.line((left, top + HEIGHT - 2, left + WIDTH - 1, top + HEIGHT - 2), fill=ink)


def draw_braille(pen: ImageDraw.ImageDraw, left: int, top: int, dots: int, ink: str) -> None:
    """Draw the dots of a plot; few monospaced fonts have them."""
    for bit, (column, row) in enumerate(DOTS):
        if dots >> bit & 1:
            x, y = left + 2 + 5 * column, top + 2 + 5 * row
            pen.rectangle((x, y, x + 1, y + 1), fill=ink)


def colour(name: str, default: str) -> str:
    """Return a terminal's colour as Pillow writes it."""
    return f"#{default if name == 'default' else NAMED.get(name, name)}"


def play(terminal: Terminal) -> None:
    """Respond to the page: roles, severity, first answer, kill switch; then look at the traces that leaked."""
    terminal.wait_for("press a", seconds=30)
    for keys in (("a",), ("r", "enter"), ("s", "enter"), ("t", "enter")):
        terminal.press(*keys, pause=0.6)
        terminal.listen(1.5)
    pull_kill_switch(terminal)
    terminal.press("f", pause=0.6)
    terminal.press(*"verdict:leak", pause=0.05)
    terminal.press("enter", pause=0.6)
    terminal.wait_for("proven", seconds=60)
    terminal.press("c", "ctrl+s", "ctrl+s", pause=1.0)
    terminal.press("down", "down", pause=0.3)


def pull_kill_switch(terminal: Terminal) -> None:
    """Open the plan, take its picture, and type its code."""
    terminal.press("k", pause=1.5)
    shown = CODE.search(terminal.text())
    if shown is None:
        raise SystemExit(f"no plan with a code came up:\n{terminal.text()}")
    save(terminal, PICTURES / "plan.png")
    terminal.press(*shown[1].replace(" ", "").lower(), "enter", pause=0.4)


def main() -> None:
    """Play, and take the pictures."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seed", default="7")
    given.add_argument("--size", default="160x45")
    arguments = given.parse_args()
    columns, rows = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as data:
        env = {"TEXTUAL_ANIMATIONS": "none", "COCKPIT_THEME": "cockpit-dark", "XDG_CONFIG_HOME": data}
        command = [sys.executable, "-m", "cockpit", "drill", "injection-leak"]
        command += ["--seed", arguments.seed, "--speed", "4", "--as", "ada", "--data", data]
        with Terminal(command, Size(columns, rows), env) as terminal:
            play(terminal)
            terminal.listen(6)
            save(terminal, PICTURES / "cockpit.png")


if __name__ == "__main__":
    main()
