"""The blame linter on sentences labelled by hand, and what a finding says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.blame import blame
from cockpit.domain.blame.model import BUCKETS, weights
from cockpit.domain.blame.tokens import NAME, WORKER, tokens
from cockpit.postmortem.lint import lint
from tests.bench import bench_blame
from tests.bench.bench_blame import LEAST, REPORTED, figures
from tests.bench.blame_sentences import Sentence, learnt, measured
from tests.bench.train_blame import WEIGHTS, lowest, made_from

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
FEW = 40
"""Every so manyth sentence of those learnt from is looked at here; the bench reads all."""


def test_what_was_learnt_from_is_told_apart() -> None:
    assert min(figures(learnt()[::FEW])) >= 0.95


@pytest.mark.parametrize(("name", "least"), [(REPORTED, LEAST), ("held-out", LEAST), ("set-13", 0.85)])
def test_most_of_what_is_marked_and_missing_in_strange_text_is_right(name: str, least: float) -> None:
    assert min(figures(measured(name))) >= least


@pytest.mark.parametrize("night", sorted(EXAMPLES.glob("*/postmortem.md")), ids=lambda file: file.parent.name)
def test_what_the_draft_says_by_itself_is_no_blame(night: Path) -> None:
    assert [one for one in lint(night.read_text("utf-8")) if one.kind == "blame"] == []


def test_the_weights_are_made_from_these_sentences_and_these_features() -> None:
    """Change either, and `python -m tests.bench.train_blame` has to be run again."""
    assert made_from() in WEIGHTS.read_text("ascii").splitlines()[2]
    assert len(weights().steps) == BUCKETS


def test_the_lowest_cost_is_found() -> None:
    import numpy as np

    goal, steep = np.array([3.0, -1.0]), np.array([1.0, 30.0])
    found = lowest(lambda at: (float(steep @ (at - goal) ** 2), 2 * steep * (at - goal)), np.zeros(2), rounds=20)
    assert found == pytest.approx(goal, abs=1e-3)


@pytest.mark.parametrize(("label", "code"), [(True, 0), (False, 1)])
def test_the_bench_fails_with_the_set_it_reports(monkeypatch: pytest.MonkeyPatch, label: bool, code: int) -> None:
    monkeypatch.setattr(bench_blame, "measured", lambda name: [Sentence(name, label, "Ben forgot the filter.")])
    monkeypatch.setattr(bench_blame, "learnt", lambda: [Sentence("x", True, "Ben forgot the filter.")])
    assert bench_blame.main([]) == code


def test_the_measured_set_is_large_balanced_and_apart() -> None:
    strange = measured(REPORTED)
    assert not {one.text for one in strange} & {one.text for one in learnt()}
    assert len({one.text for one in strange}) == len(strange) >= 120
    assert sum(one.blames for one in strange) == pytest.approx(len(strange) / 2, abs=len(strange) / 20)


@pytest.mark.parametrize(
    "text",
    [
        "The Acme index did not answer.",
        "Redis forgot the session.",
        "Priya Raman noticed it first and told the commander.",
        "The reviewer's tool failed to show the line.",
        "Every customer's answer was wrong.",
        "Nobody is to blame.",
        "",
        "…",
    ],
)
def test_systems_and_what_responders_do_are_no_blame(text: str) -> None:
    assert list(blame(text)) == []


def test_a_reproach_has_its_place() -> None:
    text = "The index had no filter. Priya forgot to add one."
    (found,) = blame(text)
    assert text[found.start : found.end] == found.words == "Priya forgot"


def test_what_a_line_of_a_list_begins_with_is_no_part_of_its_sentence() -> None:
    text = "- 02:14 Ben forgot the filter."
    (found,) = blame(text)
    assert found.words == "Ben forgot"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Silva's tool", [NAME, "'s", "tool"]),
        ("Mr. Okoro did it", ["mr", ".", NAME, "did", "it"]),
        ("The on-call engineer slept", ["the", WORKER, "slept"]),
        ("Deploying didn't help", ["deploying", "did", "n't", "help"]),
        ("ops was told; the ops dashboard", [WORKER, "was", "told", ";", "the", "ops", "dashboard"]),
    ],
)
def test_people_become_marks(text: str, words: list[str]) -> None:
    assert [token.word for token in tokens(text)] == words


@pytest.mark.parametrize(
    "text", ["Priya " * 20_000, "the " * 30_000 + "engineer", "a" * 100_000, "filter. " * 10_000]
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
