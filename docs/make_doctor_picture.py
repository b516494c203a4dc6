"""Takes the picture of a doctor that is not ready: `.venv/bin/python docs/make_doctor_picture.py`.

The kill switch is archived and takes two people where one is named. Nothing real is asked: the flag service is the
adapter's own fake, over HTTP on this machine. Needs the DejaVu Sans Mono font (Debian: fonts-dejavu-core).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cockpit_adapters.unleash.fake import FakeUnleash

from docs.make_pictures import PICTURES, save
from tests.adapters.served import Served
from tests.terminal import Size, Terminal

SETTINGS = """
[service]
name = "support"
approver = "Ada, +44 20 7946 0000"
fallback = "the contact form: runbook 7"
people = ["ada"]

[systems.flags]
adapter = "unleash"
url = "{url}"
token = "env:UNLEASH_TOKEN"

[levers.kill_switch]
system = "flags"
control = "flag:answers@development"
target = "off"
people = 2

[canary]
system = "flags"
control = "share:answers@development"
"""


def main() -> None:
    """Call the doctor on a terminal of 80 columns, and draw how it ends."""
    fake = FakeUnleash()
    fake.archive()
    with tempfile.TemporaryDirectory() as folder, Served(fake) as server:
        file = Path(folder) / "cockpit" / "cockpit.toml"
        file.parent.mkdir(mode=0o700)
        file.write_text(SETTINGS.format(url=server.url), "utf-8")
        file.chmod(0o600)
        env = {"XDG_CONFIG_HOME": folder, "UNLEASH_TOKEN": "user:picture", "TERM": "xterm-256color"}
        command = [sys.executable, "-m", "cockpit", "doctor", "--data", folder]
        with Terminal(command, Size(80, 40), env) as terminal:
            terminal.wait_for("ready", seconds=60)
            terminal.listen(1)
            save(terminal, PICTURES / "doctor.png")


if __name__ == "__main__":
    main()
