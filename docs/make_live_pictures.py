"""Takes the pictures of a live incident in doubt: `python3 dev.py picture` runs this too.

The systems are stand-ins in a file, so that they can be made to misbehave at the right moment: a second worker that
goes on serving the old prompt, a flag service that does not answer, a colleague who moves a value. Takes a minute.
Needs the DejaVu Sans Mono font (Debian: fonts-dejavu-core).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.make_pictures import CODE, PICTURES, save
from tests.live.toys import changing, make_system, serving
from tests.terminal import Size, Terminal

OLD_FOR_S = 9.0
"""How long the second worker goes on with the old values."""
WITH_TOYS = """
from cockpit.world import registry
registry.BUILT_IN["toy"] = "tests.live.toys:ToyAdapter"
from cockpit.__main__ import main
raise SystemExit(main())
"""
SETTINGS = """
[service]
name = "support"
approver = "Ada, +44 20 7946 0000"
fallback = "the contact form: runbook 7"

[systems.prompts]
adapter = "toy"
file = "{file}"

[systems.flags]
adapter = "toy"
file = "{file}"
slow_s = 90
deadline_s = 2.0

[levers.revert_prompt]
system = "prompts"
control = "prompt:support-system"
target = "previous"

[levers.kill_switch]
system = "flags"
control = "flag:answers"
target = "off"

[canary]
system = "prompts"
control = "share:answers"

[probes.chat]
url = "{url}"

[signals.error_pct]
system = "prompts"
measure = "bad"
label = "wrong answers"
unit = "%"
threshold = 5
harm = true
"""


def respond(terminal: Terminal) -> None:
    """Take command, call the severity, answer the first question, freeze the evidence."""
    terminal.wait_for("LIVE", "call it", seconds=60)
    for keys in (("r", "enter"), ("s", "enter"), ("t", "enter"), ("e",)):
        terminal.press(*keys, pause=0.6)
        terminal.listen(1.5)


def pull(terminal: Terminal, *keys: str) -> None:
    """Open a plan, and type its code."""
    terminal.press(*keys, pause=0.6)
    terminal.wait_for("to pull: type", seconds=60)
    terminal.listen(0.5)
    shown = CODE.search(terminal.text())
    if shown is None:
        raise SystemExit(f"no plan with a code came up:\n{terminal.text()}")
    terminal.press(*shown[1].replace(" ", "").lower(), "enter", pause=0.2)


def play(terminal: Terminal, system: Path, folder: Path) -> None:
    """Work the incident until a worker, a service and a colleague have all misbehaved."""
    respond(terminal)
    pull(terminal, "l", "home", "enter")
    terminal.wait_for("PULLED, NOT PROVEN", seconds=30)
    terminal.listen(4)
    save(terminal, folder / "live-workers.png")
    terminal.wait_for("● proven", seconds=120)
    with changing(system) as state:
        state["values"]["prompt:support-system"] = "v3"
        state["version"] += 1
    terminal.wait_for("SOMEBODY ELSE MOVED IT", seconds=60)
    save(terminal, folder / "live-moved.png")
    pull(terminal, "k")
    terminal.wait_for("UNKNOWN WHETHER A PULL", seconds=90)
    terminal.listen(9)
    save(terminal, folder / "live-unknown.png")


def take(folder: Path) -> None:
    """Play, and take the pictures into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        values: dict[str, Any] = {"flag_answers": True, "prompt_support-system": "v3"}
        system = make_system(home / "systems.json", **values)
        with serving(system, 0.0, OLD_FOR_S) as url:
            (home / "cockpit").mkdir()
            (home / "cockpit" / "cockpit.toml").write_text(SETTINGS.format(file=system, url=url), "utf-8")
            env = {"TEXTUAL_ANIMATIONS": "none", "COCKPIT_THEME": "cockpit-dark", "XDG_CONFIG_HOME": str(home)}
            title = "the assistant shows other customers' orders"
            command = [sys.executable, "-c", WITH_TOYS, "open", title, "--as", "ada", "--data", str(home / "data")]
            with Terminal(command, Size(120, 36), env) as terminal:
                play(terminal, system, folder)


if __name__ == "__main__":
    take(PICTURES)
