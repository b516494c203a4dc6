"""The real runners, run on an exported suite and judged by their results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.golden.endpoint import Model
from tests.systems import inspect_ai, promptfoo
from tests.systems.packages import node

CEILING = 200


@dataclass(frozen=True, slots=True)
class Ran:
    """What a runner counted: cases (or their repeats) that passed, failed, and could not be judged."""

    passed: int
    failed: int
    errors: int
    output: str = ""

    @property
    def ran(self) -> int:
        """How many were judged at all: none is no success."""
        return self.passed + self.failed


def install_runner(name: str) -> None:
    """Install a runner if it is not there; raises SystemMissing where this machine can't have it."""
    if name == "promptfoo":
        promptfoo.entry()
        node()
    elif name == "inspect":
        inspect_ai.program()


def environment(model: Model, name: str, **more: str) -> dict[str, str]:
    """Return what a suite is told about the endpoint."""
    told = {"LLM_BASE_URL": model.url, "LLM_MODEL": name, "LLM_API_KEY": "sk-test"}
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **told, **more}


def by_pytest(suite: Path, model: Model, name: str) -> Ran:
    """Run a suite with pytest itself, outside this checkout."""
    report = suite / "report.xml"
    command = [sys.executable, "-I", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "."]
    output = _run(command, suite, environment(model, name, PYTHONDONTWRITEBYTECODE="1"))
    from xml.etree import ElementTree

    found = ElementTree.parse(report).find("testsuite")
    assert found is not None
    tests, failed, errors = (int(found.get(what, "0")) for what in ("tests", "failures", "errors"))
    return Ran(tests - failed - errors, failed, errors, output)


def by_promptfoo(suite: Path, model: Model, name: str) -> Ran:
    """Run a suite with promptfoo; its exit code says nothing that its results do not say better."""
    results = suite / "results.json"
    command = [node(), str(promptfoo.entry()), "eval", "-c", "promptfooconfig.yaml", "-o", str(results), "--no-cache"]
    quiet = {**promptfoo.QUIET, "PROMPTFOO_CONFIG_DIR": str(suite / ".promptfoo")}
    output = _run([*command, "--no-table", "--no-progress-bar"], suite, environment(model, name, **quiet))
    assert results.exists(), output
    stats = json.loads(results.read_text())["results"]["stats"]
    return Ran(stats["successes"], stats["failures"], stats["errors"], output)


def by_inspect(suite: Path, model: Model, name: str) -> Ran:
    """Run a task with Inspect; its exit code is 0 whatever happens, so its log is read."""
    command = [str(inspect_ai.program()), "eval", "golden_task.py", "--model", f"openai-api/llm/{name}"]
    options = ["--log-format", "json", "--log-dir", "logs", "--display", "none", "--no-fail-on-error"]
    output = _run([*command, *options], suite, environment(model, name, INSPECT_DISABLE_MODEL_INFO="1"))
    log = json.loads(max((suite / "logs").glob("*.json"), key=lambda file: file.stat().st_mtime).read_text())
    samples: list[Any] = log.get("samples") or []
    values = [one["scores"]["fulfils_expectations"]["value"] for one in samples if one.get("scores")]
    broken = sum(1 for one in samples if one.get("error")) or int(log["status"] != "success" and not values)
    return Ran(values.count("C"), values.count("I"), broken, output + json.dumps(log.get("error")))


def _run(command: Sequence[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=CEILING, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout + done.stderr
