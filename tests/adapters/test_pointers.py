"""Names that point to versions of prompts: how they are written, and when a change is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.answers import moment, part
from cockpit_adapters.hosted import looked
from cockpit_adapters.langfuse.system import GRAMMAR as LANGFUSE
from cockpit_adapters.mlflow.system import GRAMMAR as MLFLOW
from cockpit_adapters.phoenix.system import GRAMMAR as PHOENIX
from cockpit_adapters.pointers import Grammar, Pointer, described, in_force, version_number
from cockpit_adapters.promptlayer.system import GRAMMAR as PROMPTLAYER
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Moved, Unreachable, Unsure
from cockpit.world.contract import Reading, Write

GRAMMARS = (PHOENIX, MLFLOW, LANGFUSE, PROMPTLAYER)
grammars = pytest.mark.parametrize("grammar", GRAMMARS, ids=("phoenix", "mlflow", "langfuse", "promptlayer"))


@grammars
@given(data=st.data())
def test_what_the_rule_allows_is_read_back_as_it_was_written(grammar: Grammar, data: st.DataObject) -> None:
    prompt = data.draw(st.from_regex(grammar.prompts, fullmatch=True))
    name = data.draw(st.from_regex(grammar.names, fullmatch=True).filter(lambda text: "@" not in text))
    if grammar.reserved and grammar.reserved.fullmatch(name):
        with pytest.raises(BadInput, match="own"):
            grammar.read(f"{grammar.kind}:{prompt}@{name}")
    else:
        assert grammar.read(f"{grammar.kind}:{prompt}@{name}") == Pointer(prompt, name)


@grammars
@given(text=st.text(max_size=60))
def test_any_text_is_an_address_or_refused(grammar: Grammar, text: str) -> None:
    try:
        found = grammar.read(text)
    except BadInput:
        return
    assert f"{grammar.kind}:{found}" == text


@grammars
def test_what_is_no_address_is_answered_with_one(grammar: Grammar) -> None:
    with pytest.raises(BadInput) as caught:
        grammar.read("support-system")
    assert f"{grammar.kind}:support-system@production" in caught.value.hint


@grammars
@pytest.mark.parametrize("name", ["a?b=c", "a#b", "a%2Fb", "a\nb", "..", ".", ""])
def test_nothing_that_would_change_the_url_is_taken(grammar: Grammar, name: str) -> None:
    if grammar is MLFLOW and name in ("..", "."):
        assert grammar.read(f"alias:{name}@production").prompt == name  # it travels as a parameter, not in the path
        return
    with pytest.raises(BadInput):
        grammar.read(f"{grammar.kind}:{name}@production")


@pytest.mark.parametrize("name", ["latest", "LATEST", "v3", "V12"])
def test_aliases_that_mlflow_keeps_for_itself_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="can't be moved"):
        MLFLOW.read(f"alias:support@{name}")


@given(st.integers(1, 999_999_999), st.sampled_from(["{}", "v{}", "V{}", " {} "]))
def test_a_version_is_read_as_people_say_it(number: int, how: str) -> None:
    assert version_number(how.format(number)) == number


@pytest.mark.parametrize("text", ["", "0", "v0", "-1", "1.5", "latest", "v", "٣", "1" * 40])
def test_what_is_no_version_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        version_number(text)
    assert "previous" in caught.value.hint


@pytest.mark.parametrize(
    ("before", "current", "wanted", "there"), [(2, 2, 1, False), (2, 1, 1, True), (None, 2, 1, False)]
)
def test_a_change_is_due_unless_it_is_there(before: int | None, current: int, wanted: int, there: bool) -> None:
    assert in_force(Write("label:a@b", wanted, "k", before=before), Reading(current)) is there


def test_a_third_version_is_left_alone_and_both_are_named() -> None:
    with pytest.raises(Moved, match=r"was 2 when this was planned, it is 3 \(v3 \(odd\)\) now"):
        in_force(Write("label:a@b", 1, "k", before=2), Reading(3, shown="v3 (odd)"))


def test_a_look_without_a_clear_answer_means_that_nothing_was_sent() -> None:
    def unclear() -> str:
        raise Unsure("no answer within 5.0 s")

    with pytest.raises(Unreachable, match="the change was not sent: no answer"):
        looked(unclear)


@pytest.mark.parametrize("row", [None, [], "x", {}, {"version": "1"}, {"version": True}, {"version": None}])
def test_a_field_of_another_kind_is_no_answer(row: Any) -> None:
    with pytest.raises(Unsure, match="version"):
        part(row, "version", int)


def test_moments_are_in_utc_and_nonsense_is_none() -> None:
    assert moment("2026-11-21T03:12:09+01:00") == datetime(2026, 11, 21, 2, 12, 9, tzinfo=UTC)
    assert moment("2026-11-21T02:12:09Z") == moment("2026-11-21T02:12:09")
    assert moment("yesterday") is None


def test_words_of_others_are_cleaned_before_they_name_a_version() -> None:
    assert described(2, "") == "v2"
    assert "\x1b" not in described(2, "\x1b[2Jgone\n")
