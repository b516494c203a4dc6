"""Would the golden set have caught it? There are three answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.domain.cases import Case, Check
from cockpit.golden.review import ABSENT, CAUGHT, MISSED, review
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
