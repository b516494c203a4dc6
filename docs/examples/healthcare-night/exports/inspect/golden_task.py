"""The golden set under Inspect: one sample for every time a case is asked, scored by the cockpit's own judge.

Made by `cockpit fixture export --to inspect`; made anew, it is written over. Judge a run by its log: the command's exit
code is 0 in every case.
"""

import json
import sys
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser, GenerateConfig
from inspect_ai.scorer import CORRECT, INCORRECT, Score, accuracy, scorer, stderr
from inspect_ai.solver import generate, solver
from inspect_ai.tool import ToolDef, ToolParams

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from golden_judge import case_plain, chat, expect  # noqa: E402
from golden_judge.cases import Heard  # noqa: E402

ROLES = {"user": ChatMessageUser, "assistant": ChatMessageAssistant}


def samples():
    """Return the samples; a case that is asked several times is as many of them."""
    found = []
    for line in (HERE / "golden.jsonl").read_text("utf-8").splitlines():
        if not line.strip():
            continue
        plain = json.loads(line)
        case = case_plain.from_plain(plain)
        said = [ROLES.get(one["role"], ChatMessageSystem)(content=one["content"]) for one in chat.messages_of(case.given)]
        for number in range(1, case.runs + 1):
            name = case.id if case.runs == 1 else f"{case.id} ({number} of {case.runs})"
            found.append(Sample(id=name, input=list(said), target=case.wanted, metadata={"case": plain}))
    return found


@solver
def offer_tools():
    """Offer the tools of the sample's case; what they would answer is never asked for."""

    async def solve(state, generate):
        case = case_plain.from_plain(state.metadata["case"])

        async def unused(**_given):
            return ""

        state.tools = [
            ToolDef(unused, name=name, description=name, parameters=ToolParams()).as_tool() for name in case.given.tools
        ]
        return state

    return solve


@scorer(metrics=[accuracy(), stderr()])
def fulfils_expectations():
    """Hold an answer against what its case expects."""

    async def score(state, target):
        case = case_plain.from_plain(state.metadata["case"])
        calls = tuple(one.function for one in state.output.message.tool_calls or [])
        wrong = expect.failures(case.checks, Heard(state.output.completion or "", calls), case.given)
        return Score(value=INCORRECT if wrong else CORRECT, explanation="; ".join(wrong) or "every check passes")

    return score


@task
def golden():
    """The golden set."""
    return Task(
        dataset=MemoryDataset(samples(), name="golden"),
        solver=[offer_tools(), generate(tool_calls="none")],
        scorer=fulfils_expectations(),
        config=GenerateConfig(max_retries=1),
    )
