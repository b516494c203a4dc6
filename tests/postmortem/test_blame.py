"""The blame linter on sentences labelled by hand, and what a finding says."""

from __future__ import annotations

import pytest

from cockpit.domain.blame import blame
from cockpit.postmortem.lint import lint
from tests.bench import bench_blame
from tests.bench.bench_blame import LEAST, REPORTED, figures, half


def test_labelled_sentences_are_told_apart() -> None:
    assert min(figures(half("tune"))) >= LEAST


@pytest.mark.parametrize("name", REPORTED)
def test_what_is_marked_in_texts_never_learnt_is_blame(name: str) -> None:
    precision, _ = figures(half(name))
    assert precision >= LEAST


@pytest.mark.parametrize(("label", "code"), [(True, 0), (False, 1)])
def test_the_bench_fails_with_the_sets_it_reports(monkeypatch: pytest.MonkeyPatch, label: bool, code: int) -> None:
    monkeypatch.setattr(bench_blame, "half", lambda name: [("Ben forgot the filter.", label or name == "tune")])
    assert bench_blame.main(False) == code


def test_the_set_is_large_balanced_and_split() -> None:
    tuned, reported = half("tune"), [one for name in REPORTED for one in half(name)]
    assert len({text for text, _ in (*tuned, *reported)}) == len(tuned) + len(reported)
    assert min(len(tuned), len(reported)) >= 120
    assert sum(label for _, label in reported) * 2 == len(reported)


@pytest.mark.parametrize(
    "text",
    [
        "The Acme index did not answer.",
        "Redis forgot the session.",
        "Priya Raman noticed it first and told the commander.",
        "The reviewer's tool failed to show the line.",
        "Every customer's answer was wrong.",
        "Nobody is to blame.",
    ],
)
def test_systems_and_what_responders_do_are_no_blame(text: str) -> None:
    assert list(blame(text)) == []


def test_a_reproach_has_its_place() -> None:
    text = "The index had no filter. Priya forgot to add one."
    (found,) = blame(text)
    assert text[found.start : found.end] == found.words == "Priya forgot"


@pytest.mark.parametrize(
    "text", ["Priya " * 20_000, "the " * 30_000 + "engineer", "a" * 100_000, "an engineer who " * 6_000]
)
def test_long_texts_take_no_long_time(text: str) -> None:
    assert list(blame(text)) == []


def test_the_lint_names_lines_and_leaves_the_timeline_s_quotes_alone() -> None:
    text = "## Timeline\n\n| x | Ben forgot the filter. |\n\n## Root cause\n\nBen forgot the filter.\n"
    assert [one.line for one in lint(text) if one.kind == "blame"] == [7]


def test_an_action_without_an_owner_or_a_date_is_found() -> None:
    rows = (
        "| A1 | x | **nobody yet** | 2026-06-20 | open |\n| A2 | y | ml | soon | open |\n"
        "| A3 | z | ml | 2026-06-20 | |"
    )
    text = f"## Action items\n\n| id | what | owner | due | state |\n|---|---|---|---|---|\n{rows}\n"
    assert [one.line for one in lint(text) if one.kind == "action"] == [5, 6]
