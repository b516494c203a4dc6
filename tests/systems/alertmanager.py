"""Prometheus Alertmanager from Debian's package, taken apart in the cache: nothing is installed on the machine."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.failures import InstallFailed
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import fetch, found, run
from tests.systems.running import Launch, RunningSystem, http_ok, launch

PACKAGE = "prometheus-alertmanager"
WEBHOOK = f"http://{HOST}:9200/alertmanager"
"""Where alerts go when nothing else is said: the cockpit's own address."""

SHARED, HERE = b"/usr/share/prometheus/alertmanager", b"usr//share/prometheus/alertmanager"
"""Where Debian's build looks for its templates, compiled in; and the same, as long, below the folder it runs in."""


def recipe() -> Recipe:
    """Return how the package of this machine's Debian is taken apart, or what is installed already taken over.

    Raises:
        SystemMissing: this is no Debian, and there is no Alertmanager.
    """
    if shutil.which(PACKAGE):
        return Recipe("alertmanager", "installed", 1, take_over)
    apt = found("apt-cache", PACKAGE)
    version = re.search(r"^Version: (\S+)", run([apt, "show", "--no-all-versions", PACKAGE], folder=Path("/")), re.M)
    return Recipe("alertmanager", version[1].replace(":", "_") if version else "unknown", 5, unpack)


def take_over(folder: Path) -> None:
    """Use the program that is installed."""
    program(folder).parent.mkdir(parents=True)
    program(folder).symlink_to(found(PACKAGE, PACKAGE))


def unpack(folder: Path) -> None:
    """Fetch the package and take it apart."""
    fetch([found("apt-get", "apt"), "download", PACKAGE], folder=folder)
    package = next(folder.glob("*.deb"), None)
    if package is None:
        raise InstallFailed(f"apt-get download {PACKAGE} left no package in {folder}.")
    run([found("dpkg-deb", "dpkg"), "-x", str(package), str(folder)], folder=folder)
    package.unlink()
    binary = program(folder)
    binary.write_bytes(binary.read_bytes().replace(SHARED, HERE))


def program(folder: Path) -> Path:
    """Return where the program is in an install."""
    return folder / "usr" / "bin" / PACKAGE


def start(folder: Path, *, webhook: str = WEBHOOK, token: str = "", stay: bool = False) -> RunningSystem:
    """Start it; it sends each change at once, and what still fires every second.

    Args:
        folder: where its data and its configuration are.
        webhook: where it sends; `token` is what it shows there, made anew when empty.
        stay: whether it goes on when this process ends.
    """
    installed, port = install(recipe()), free_port()
    shown = token or secrets.token_hex(24)
    config = folder / "alertmanager.yml"
    config.touch(mode=0o600)
    config.write_text(json.dumps(configuration(webhook, shown)), "utf-8")
    url = f"http://{HOST}:{port}"
    command = [
        str(program(installed)), f"--config.file={config}", f"--storage.path={folder / 'data'}",
        f"--web.listen-address={HOST}:{port}", "--cluster.listen-address=",
    ]  # fmt: skip
    ready = f"{url}/-/ready"
    how = Launch(
        "alertmanager", url, command, folder, lambda: http_ok(ready), ceiling=30, stay=stay, cwd=installed
    )  # fmt: skip
    return launch(how, {"webhook": shown})


def configuration(webhook: str, token: str) -> dict[str, object]:
    """Return a configuration with one receiver (JSON is YAML)."""
    sent = {"url": webhook, "send_resolved": True, "http_config": {"authorization": {"credentials": token}}}
    return {
        "route": {
            "receiver": "cockpit", "group_by": ["alertname", "service"],
            "group_wait": "100ms", "group_interval": "1s", "repeat_interval": "1s",
        },
        "receivers": [{"name": "cockpit", "webhook_configs": [sent]}],
    }  # fmt: skip
