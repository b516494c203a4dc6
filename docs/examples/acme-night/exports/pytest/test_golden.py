"""The golden set under pytest: every case is asked as often as it says, and enough of its answers have to pass.

Made by `cockpit fixture export --to pytest`; made anew, it is written over. Set LLM_BASE_URL, LLM_MODEL and, where one
is needed, LLM_API_KEY.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from golden_judge import case_plain, chat, expect  # noqa: E402
from golden_judge.cases import Heard  # noqa: E402

CASES = [
    case_plain.from_plain(json.loads(line))
    for line in (HERE / "golden.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]
TIMEOUT_S = float(os.environ.get("LLM_TIMEOUT_S", "60"))


def ask(case):
    """Ask the model once."""
    body = {"model": os.environ["LLM_MODEL"], "messages": chat.messages_of(case.given), **chat.parameters_of(case)}
    if case.given.tools:
        body["tools"] = chat.tools_of(case.given)
    address = os.environ["LLM_BASE_URL"].rstrip("/") + "/chat/completions"
    headers = {"content-type": "application/json"}
    if os.environ.get("LLM_API_KEY"):
        headers["authorization"] = f"Bearer {os.environ['LLM_API_KEY']}"
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        message = json.load(answer)["choices"][0]["message"]
    calls = [one["function"]["name"] for one in message.get("tool_calls") or []]
    return Heard(message.get("content") or message.get("refusal") or "", tuple(calls))


def test_there_are_cases():
    assert CASES, "a suite without a case would pass for nothing"


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case):
    wrong = [expect.failures(case.checks, ask(case), case.given) for _ in range(case.runs)]
    passed = sum(not one for one in wrong)
    reasons = sorted({reason for one in wrong for reason in one})
    assert passed / case.runs >= case.least, f"{case.line}: {passed} of {case.runs} answers pass; {reasons}"
