"""Real parts that bad answers go through: LiteLLM, Phoenix and Alertmanager, and the commands between them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.systems import RunningSystem, start
from tests.systems.litellm import PRICE
from tests.systems.loopback import HOST, free_port
from tests.systems.staging import PROMPT, furnish_registry

ROOT = Path(__file__).resolve().parents[2]
NIGHT = ROOT / "scenarios" / "injection-leak.yaml"
TOKEN = "alertmanager-token-of-one-test"
PROJECT = "support-bot"
T = TypeVar("T")

CONFIG = """
responder = "ada"

[service]
name = "support-assistant"

[systems.gateway]
adapter = "litellm"
url = "{litellm}"
token = "env:LITELLM_KEY"
staging = true
deadline_s = 20.0

[systems.observed]
adapter = "phoenix"
url = "{phoenix}"
token = "env:PHOENIX_KEY"
project = "{project}"
staging = true
deadline_s = 20.0

[levers.revert_prompt]
system = "observed"
control = "tag:{prompt}@production"
target = "previous"

[range]
upstream = "{host}:{upstream}"
front = "{host}:{front}"
model = "support"
rate = 6.0
traces = "observed"

[range.prompts]
"{v40}" = "v40"
"{v41}" = "v41"

[traces]
sources = ["observed"]
poll_s = 1.0

[watch]
alertmanager = "{alertmanager}"

[webhooks]
listen = "{host}:{webhooks}"

[webhooks.sources.alertmanager]
kind = "alertmanager"
secret = "env:AM_TOKEN"
per_minute = 6000

[known.tenants]
acme = ["acme"]
beta-shop = ["beta-shop"]
gamma = ["gamma"]
delta-co = ["delta-co"]
"""


def until(look: Callable[[], T | None], seconds: float, what: str) -> T:
    """Wait until something is there."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.25)
    return found


@dataclass
class Command:
    """A command of the cockpit that runs until it is ended, and the lines it has printed."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Read until it ends."""
        assert self.process.stdout
        self.lines.extend(line for line in self.process.stdout)

    def told(self) -> list[dict[str, Any]]:
        """Return the lines that are JSON."""
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]


@dataclass
class House:
    """Everything up, the prompt at its calm version, and nobody asking yet."""

    folder: Path
    litellm: RunningSystem
    phoenix: RunningSystem
    alertmanager: RunningSystem
    prompts: dict[str, str]
    stack: ExitStack

    @property
    def env(self) -> dict[str, str]:
        """What commands need to know."""
        told = {
            "XDG_CONFIG_HOME": str(self.folder / "config"), "LITELLM_KEY": self.litellm.tokens["master"],
            "PHOENIX_KEY": self.phoenix.tokens["admin"], "AM_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        return {**os.environ, **told}

    def argv(self, *arguments: str, data: str = "data") -> list[str]:
        """Return a command line of the cockpit."""
        return [sys.executable, "-m", "cockpit", *arguments, "--data", str(self.folder / data)]

    def run(self, *arguments: str, data: str = "data") -> Command:
        """Run a command until the test is over."""
        process = subprocess.Popen(
            self.argv(*arguments, data=data), env=self.env, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        command = Command(process)
        threading.Thread(target=command.read, daemon=True).start()
        self.stack.callback(ended, process)
        return command

    def answer(self, *arguments: str) -> Any:
        """Return what a command prints as JSON."""
        done = subprocess.run(
            self.argv(*arguments, "--json"), env=self.env, cwd=ROOT, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout or "null")

    def move_prompt(self, version: str) -> None:
        """Put the tag of production on a version, as a colleague does."""
        headers = {"authorization": f"Bearer {self.phoenix.tokens['admin']}"}
        url = f"{self.phoenix.url}/v1/prompt_versions/{self.prompts[version]}/tags"
        httpx.post(url, json={"name": "production"}, headers=headers, trust_env=False, timeout=30).raise_for_status()


def ended(process: subprocess.Popen[str]) -> None:
    """End a command as Ctrl-C does, and for good when it does not."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Bring the systems up."""
    upstream, front, webhooks = (free_port() for _ in range(3))
    with ExitStack() as stack:
        route = {"model": "openai/sonnet-4-5@0929", "api_base": f"http://{HOST}:{upstream}/v1", "api_key": "sk-none"}
        config = {
            "model_list": [{"model_name": "support", "litellm_params": {**route, **PRICE}}],
            "litellm_settings": {"num_retries": 0},
            "router_settings": {"num_retries": 0, "disable_cooldowns": True},
            "general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY"},
        }
        litellm = stack.enter_context(start("litellm", folder=folder / "litellm", config=json.dumps(config)))
        phoenix = stack.enter_context(start("phoenix", folder=folder / "phoenix", auth=True))
        url = f"http://{HOST}:{webhooks}/alertmanager"
        pager = stack.enter_context(start("alertmanager", folder=folder / "am", webhook=url, token=TOKEN))
        _, prompts = furnish_registry(phoenix.url, phoenix.tokens["admin"])
        made = House(folder, litellm, phoenix, pager, prompts, stack)
        settings = folder / "config" / "cockpit" / "cockpit.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(CONFIG.format(
            litellm=litellm.url, phoenix=phoenix.url, alertmanager=pager.url, host=HOST, upstream=upstream,
            front=front, webhooks=webhooks, project=PROJECT, prompt=PROMPT, **prompts,
        ))  # fmt: skip
        made.move_prompt("v40")
        yield made


def night_by_prompt(folder: Path) -> Path:
    """Return the leaking night as a scenario in which it is the newer prompt that lets strangers' data through."""
    text = NIGHT.read_text("utf-8")
    changed = {
        "prompt: [v39, v40, v41]}": "prompt: [v41]}",
        "add: {leaked: 0.004}": "add: {leaked: 0.35}",
        "index: shared-3, model:": "index: shared-3, prompt: v41, model:",
    }
    for before, after in changed.items():
        assert before in text
        text = text.replace(before, after)
    file = folder / "leaks-by-prompt.yaml"
    file.write_text(text, "utf-8")
    return file
