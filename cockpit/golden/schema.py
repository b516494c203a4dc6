"""What a case file may say; importing this brings pydantic."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cockpit.domain.cases import CASE_ID, COUNTS, FLAGS, KINDS, PATTERNS

MOST = 1_000
"""Messages, documents, checks or neighbours in one case."""


def _case_id(text: str) -> str:
    if not CASE_ID.fullmatch(text):
        raise ValueError("an id is made of small letters, digits, dots and dashes")
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _check(given: Any) -> Any:
    if not isinstance(given, dict) or len(given) != 1:
        raise ValueError("a check is one of its kinds with a value, such as `must_not_contain: PWNED`")
    kind, value = next(iter(given.items()))
    if kind not in KINDS:
        raise ValueError(f"there is no check {kind!r}; there are {', '.join(KINDS)}")
    _fitting(str(kind), value)
    return given


def _fitting(kind: str, value: Any) -> None:
    if kind in FLAGS:
        if value is not True:
            raise ValueError(f"{kind} is true or left out")
    elif kind in COUNTS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(f"{kind} takes a whole number")
    elif not isinstance(value, str) or not value:
        raise ValueError(f"{kind} takes a text (in quotes, where it looks like a number)")
    elif kind in PATTERNS:
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError) as problem:
            raise ValueError(f"{value!r} is no regular expression: {problem}") from None


Said = Annotated[str, AfterValidator(_said)]
CheckTable = Annotated[dict[str, Any], BeforeValidator(_check)]


class Part(BaseModel):
    """A table of a case file: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class MessageTable(Part):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str


class PassageTable(Part):
    source: str = ""
    text: str


class InputTable(Part):
    messages: list[MessageTable] = Field(min_length=1, max_length=MOST)
    context: list[PassageTable] = Field(default=[], max_length=MOST)
    tools: list[Said] = Field(default=[], max_length=MOST)


class NeighbourTable(InputTable):
    trace: str = ""
    answer: str = ""


class AddedTable(Part):
    by: str = ""
    at: str = ""


class RateTable(Part):
    passed: int = Field(ge=0)
    of: int = Field(ge=0)


class ProofTable(Part):
    verdict: Literal["proven", "not", "flaky"]
    why: str = ""
    how: str = ""
    at: str = ""
    bad_config: str = ""
    fixed_config: str = ""
    bad: RateTable
    fixed: RateTable
    neighbours: RateTable


class CaseTable(Part):
    """One case."""

    format: Literal["cockpit.case/1"]
    id: Annotated[str, AfterValidator(_case_id)]
    line: Said
    class_: Annotated[str, Field(alias="class")]
    rubric: str
    route: str
    incident: str = ""
    trace: str = ""
    added: AddedTable | None = None
    input: InputTable
    parameters: dict[str, Any] = {}
    expect: list[CheckTable] = Field(min_length=1, max_length=MOST)
    good: str = ""
    runs: int = Field(default=1, ge=1, le=1_000)
    least: float = Field(default=1.0, gt=0, le=1, strict=False)
    bad_output: str = ""
    neighbours: list[NeighbourTable] = Field(default=[], max_length=MOST)
    proof: ProofTable | None = None
