"""A configuration for promptfoo: its own assertions, so that nothing but Node is needed.

Texts of a case may hold anything, promptfoo's template signs included; so what is said to the model and what answers
are held against travels as Base64, and no template ever sees it. The case itself goes along as metadata.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from cockpit.domain.case_plain import to_plain
from cockpit.domain.cases import Case, Check, Input
from cockpit.errors import ScenarioError
from cockpit.golden.chat import messages_of, parameters_of, tools_of
from cockpit.golden.export import Place, Written
from cockpit.golden.export.writing import case_of, folder_of, repeated, write_files
from cockpit.yaml import read_text, read_yaml

CONFIG = "promptfooconfig.yaml"
HOW = (
    "LLM_BASE_URL=http://127.0.0.1:4000/v1 LLM_MODEL=support LLM_API_KEY=… promptfoo eval "
    "-c {folder}/promptfooconfig.yaml -o results.json   (judge it by results.json: successes + failures > 0)"
)


def write(cases: Sequence[Case], place: Place) -> Written:
    """Write the configuration into a folder."""
    suites = files("cockpit.golden.export").joinpath("suites")
    made = {
        CONFIG: yaml.safe_dump(config_of(cases), sort_keys=False, allow_unicode=True, width=110),
        "golden_provider.cjs": suites.joinpath("golden_provider.cjs").read_text("utf-8"),
        "golden_checks.cjs": refusals() + suites.joinpath("golden_checks.cjs").read_text("utf-8"),
    }
    return Written(write_files(Path(place.where), made), how=HOW.format(folder=place.where))


def config_of(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the configuration."""
    return {
        "description": "The golden set: every incident's case. Made by `cockpit fixture export --to promptfoo`.",
        "prompts": ["{{input}}"],
        "providers": ["file://golden_provider.cjs"],
        "tests": [_test(case, name) for case, name in repeated(cases)],
    }


def _test(case: Case, name: str) -> dict[str, Any]:
    told = {"class": case.incident_class, "route": case.route, "rubric": case.rubric, "incident": case.incident}
    return {
        "description": name,
        "vars": {"input": _packed(question_of(case))},
        "metadata": {
            **{name: _untemplated(text) for name, text in told.items()},
            "least": case.least,
            "cockpit": _packed(to_plain(case)),
        },
        "assert": [_assertion(check, case) for check in case.checks],
    }


def _untemplated(text: str) -> str:
    """Return a text in which promptfoo finds nothing to fill in: it reads the environment for that."""
    return text.replace("{", "(").replace("}", ")")


def question_of(case: Case) -> dict[str, Any]:
    """Return what the endpoint is asked, but for the model."""
    tools = tools_of(case.given)
    return {"messages": messages_of(case.given), **parameters_of(case), **({"tools": tools} if tools else {})}


def _assertion(check: Check, case: Case) -> dict[str, Any]:
    """Return an assertion; its metric tells what was asked when it fails."""
    config = {"check": packed_check(check, case.given)}
    return {"type": "javascript", "value": "file://golden_checks.cjs", "metric": check.kind, "config": config}


def packed_check(check: Check, given: Input) -> str:
    """Return a check with all that judging by it needs, as the checks in JavaScript read it."""
    told: Mapping[str, Any] = {
        "kind": check.kind,
        "value": check.value,
        "asked": given.asked,
        "context": [one.text for one in given.context],
        "read": [turn.content for turn in given.turns],
    }
    return _packed(told)


def refusals() -> str:
    """Return the patterns by which refusals are told, as JavaScript."""
    from cockpit.detect.answer.refusal import _PATTERNS

    sources = [pattern.pattern.replace(r"\A", "^") for _, pattern in _PATTERNS]
    return f"const REFUSALS = {json.dumps(sources, indent=1)}.map((one) => new RegExp(one));\n"


def _packed(value: Any) -> str:
    return b64encode(json.dumps(value, ensure_ascii=True).encode()).decode()


def read(place: Place) -> list[Case]:
    """Read the cases of a configuration, each once however often it is asked.

    Raises:
        ScenarioError: a test is none that was exported.
    """
    file = folder_of(place.where, CONFIG)
    document = read_yaml(read_text(file), str(file))
    tests = document.data.get("tests") if isinstance(document.data, dict) else None
    if not isinstance(tests, list):
        raise ScenarioError("there is no list of tests in it", file=str(file), line=1)
    cases: dict[str, Case] = {}
    for number, test in enumerate(tests):
        case = _read_test(test, str(file), document.line(("tests", number)))
        cases.setdefault(case.id, case)
    return list(cases.values())


def _read_test(test: Any, file: str, line: int) -> Case:
    metadata = test.get("metadata") if isinstance(test, dict) else None
    packed = metadata.get("cockpit") if isinstance(metadata, dict) else None
    try:
        plain = json.loads(b64decode(str(packed or ""), validate=True))
    except (ValueError, RecursionError):
        hint = "Only what was exported comes back."
        raise ScenarioError("this test holds no case of the cockpit", file=file, line=line, hint=hint) from None
    return case_of(plain, file, line)
