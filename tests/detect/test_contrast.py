"""A failing trace beside a passing one: what is marked, and that both texts can be read back from the marks."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from cockpit.detect.contrast import ADDED, CHANGED, MISSING, SAME, contrast, mark_words
from cockpit.domain.calls import CallTrace, Chunk, Message, ToolUse
from tests.detect.planted import START

PASSING = CallTrace(
    "p", "test", START, START, prompt="v40", model="m", tenant="acme", answered="You have 14 days.",
    messages=(Message("system", "Be kind."), Message("user", "How long?")),
    chunks=(Chunk("terms.md", "14 days", 0.9), Chunk("faq.md", "Ask us", 0.5)),
    tools=(ToolUse("look", "{}", "1"), ToolUse("send", "{}", "ok")), parameters={"temperature": 0.0, "seed": 1},
)  # fmt: skip
FAILING = replace(
    PASSING, id="f", prompt="v41", answered="You have 30 days.",
    messages=(Message("system", "Be very kind."), Message("user", "How long?")),
    chunks=(Chunk("terms.md", "14 days", 0.4), Chunk("secret.md", "Contract of Beta Ltd", 0.8)),
    tools=(ToolUse("look", "{}", "", failed=True),), parameters={"temperature": 0.7},
)  # fmt: skip


def test_what_differs() -> None:
    found = contrast(FAILING, PASSING, ("acme", "beta"))
    assert [(one.name, one.failing, one.passing) for one in found.fields if one.differs] == [("prompt", "v41", "v40")]
    told = [(one.name, one.failing, one.passing) for one in found.parameters]
    assert told == [("seed", "", "1"), ("temperature", "0.7", "0.0")]
    assert [(one.how, one.source, one.tenant) for one in found.chunks] == [
        (CHANGED, "terms.md", ""), (ADDED, "secret.md", "beta"), (MISSING, "faq.md", ""),
    ]  # fmt: skip
    assert found.chunks[0].moved == 0.4 - 0.9
    assert [(one.how, one.name) for one in found.tools] == [(CHANGED, "look"), (MISSING, "send")]
    answer = found.texts[-1]
    assert [(one.failing, one.passing) for one in answer.marks if one.how == CHANGED] == [("30", "14")]
    assert [(one.about, one.differs) for one in found.texts] == [("system", True), ("user", False), ("answer", True)]


def test_a_trace_is_like_itself() -> None:
    found = contrast(PASSING, PASSING)
    assert not any(one.differs for one in (*found.fields, *found.parameters))
    assert not any(one.differs for one in found.texts)
    assert {*(one.how for one in found.chunks), *(one.how for one in found.tools)} == {SAME}


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_can_be_read_back(failing: str, passing: str) -> None:
    marks, cut = mark_words(failing, passing)
    assert not cut
    assert "".join(one.failing for one in marks) == failing
    assert "".join(one.passing for one in marks) == passing
    assert all((one.failing == one.passing) is (one.how == SAME) for one in marks)


def test_huge_texts_are_cut_and_say_so() -> None:
    began = perf_counter()
    marks, cut = mark_words("a b " * 200_000, "b a " * 200_000)
    assert cut
    assert sum(len(one.failing) for one in marks) < 5_000
    assert perf_counter() - began < 30
