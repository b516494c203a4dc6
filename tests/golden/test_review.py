"""Would the golden set have caught it? There are three answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cockpit.domain.cases import Case, Check
from cockpit.golden.review import ABSENT, CAUGHT, MISSED, next_steps, review, there_before
from cockpit.playbooks.loader import load_profile
from tests.domain.lines import PAGE, opened
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


@pytest.mark.parametrize(
    ("mode", "added", "counts"),
    [
        ("live", "2026-06-12T02:13:00.000000Z", True),
        ("live", "2026-06-12T02:20:00.000000Z", False),
        ("live", "2026-08-01T00:00:00.000000Z", True),
        ("live", "", True),
        ("live", "lately", True),
        ("drill", "2026-06-12T02:20:00.000000Z", True),
    ],
)
def test_a_case_that_was_made_since_a_live_incident_began_was_not_there_before(
    mode: str, added: str, counts: bool
) -> None:
    state = opened(mode=mode).state
    assert bool(there_before([replace(OLD, added_at=added)], state, PAGE + timedelta(hours=1))) is counts


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
