"""Would the golden set have caught it? There are three answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.cases import Case, Check
from cockpit.golden.review import ABSENT, CAUGHT, MISSED, next_steps, review
from cockpit.playbooks.loader import load_profile
from tests.golden.making import leak_case

TELLS = (Check("must_not_match", "(?i)retrieved context"),)
BLIND = (Check("must_not_contain", "PWNED"),)
OLD = replace(leak_case("an-older-one"), incident="INC-0000", checks=TELLS)


@pytest.mark.parametrize(
    ("old", "answer", "caught"),
    [
        (OLD, CAUGHT, ("an-older-one",)),
        (replace(OLD, checks=BLIND), MISSED, ()),
        (replace(OLD, route="/sizing"), ABSENT, ()),
        (replace(OLD, route=""), CAUGHT, ("an-older-one",)),
        (replace(OLD, incident_class="latency"), ABSENT, ()),
        (replace(OLD, incident="INC-0001"), ABSENT, ()),
        (replace(OLD, id=leak_case().id), ABSENT, ()),
    ],
)
def test_the_three_answers(old: Case, answer: str, caught: tuple[str, ...]) -> None:
    found = review("INC-0001", "pii_leak", [leak_case()], [old], load_profile("default"))
    assert (found.answer, found.caught_by) == (answer, caught)
    assert found.asks


def test_a_class_that_another_profile_calls_otherwise_is_the_same() -> None:
    old = replace(OLD, incident_class="jailbreak")
    bad = [replace(leak_case(), incident_class="guardrail_bypass")]
    assert review("INC-0001", "guardrail_bypass", bad, [old], load_profile("default")).answer == CAUGHT


def test_cases_of_the_class_elsewhere_are_named() -> None:
    found = review("INC-0001", "pii_leak", [leak_case()], [replace(OLD, route="/sizing")], load_profile("default"))
    assert (found.had, found.elsewhere) == ((), ("an-older-one",))


@pytest.mark.parametrize(
    ("old", "kept", "proven", "steps"),
    [
        (OLD, True, True, ["golden run"]),
        (replace(OLD, checks=BLIND), True, True, ["edit golden/an-older-one.yaml", "golden run"]),
        (replace(OLD, route="/sizing"), True, True, ["golden run"]),
        (replace(OLD, route="/sizing"), True, False, ["fixture prove INC-0001", "golden run"]),
        (
            replace(OLD, route="/sizing"),
            False,
            False,
            ["fixture add INC-0001", "fixture prove INC-0001", "golden run"],
        ),
    ],
)
def test_each_answer_says_what_to_do_now(old: Case, kept: bool, proven: bool, steps: list[str]) -> None:
    own = leak_case() if proven else replace(leak_case(), proof=None)
    found = review("INC-0001", "pii_leak", [own], [old], load_profile("default"), kept=kept)
    told = next_steps(found, "INC-0001", "golden")
    assert len(told) == len(steps)
    assert all(words in step for words, step in zip(steps, told, strict=True))
