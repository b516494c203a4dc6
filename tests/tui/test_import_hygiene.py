"""What may not be imported before the first frame stands: it would make everybody wait."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("numpy", "pydantic", "pydantic_settings", "sqlmodel", "sqlalchemy", "plotext", "faker", "yaml", "httpx")

SCRIPT = """
import json, sys
import cockpit.tui.app, cockpit.tui.launch
from cockpit.tui.screens.cockpit import CockpitScreen
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(script: str) -> set[str]:
    """Run a script in a fresh Python and return the modules it ended up with."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_app_imports_nothing_heavy() -> None:
    loaded = modules_after(SCRIPT)
    assert [name for name in HEAVY if name in loaded] == []


def test_the_app_imports_no_pane_that_is_filled_later_and_no_world() -> None:
    loaded = modules_after(SCRIPT)
    late = ("cockpit.simulator", "cockpit.journal", "cockpit.drill", "cockpit.session", "cockpit.tui.panes.levers")
    assert [name for name in late if name in loaded] == []
