"""Clusters: planted causes are found, whatever the order; empty, single and hostile input does no harm."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.detect.clusters.cases import Case, case_of, verdict_of
from cockpit.detect.clusters.groups import REST, TOPIC, cluster
from cockpit.detect.clusters.leader import group_by_template, weights_of
from cockpit.detect.clusters.rates import Rate, compare, fisher, lift_of, wilson
from cockpit.detect.clusters.scope import layers_of, scope_of
from cockpit.detect.clusters.words import masked, words_of
from cockpit.domain.calls import CallTrace, Sign, ToolUse
from tests.detect.planted import START, passing, rand_index, soft, templated, together
from tests.examples import examples

TEXTS = st.lists(st.text(max_size=60), max_size=25)


def cases_of(texts: list[str], verdict: str = "wrong") -> list[Case]:
    """Make failing cases of texts."""
    return [Case(str(n), START + timedelta(seconds=n), text, verdict) for n, text in enumerate(texts)]


@pytest.mark.parametrize("seed", [11, *(pytest.param(seed, marks=pytest.mark.integration) for seed in (12, 13))])
def test_planted_causes_are_found(seed: int) -> None:
    cases, truth = templated(1_500, seed)
    sets = [words_of(one) for one in cases]
    assert rand_index(group_by_template(sets, weights_of(sets)), together(truth)) >= 0.9


@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_noise_is_left_over(noise: float) -> None:
    cases, truth = templated(1_000, 21, noise)
    rest = [one for one in cluster(cases).clusters if one.how == REST]
    left = set(rest[0].members) if rest else set()
    lost = sum(one.id in left for one, cause in zip(cases, truth, strict=True) if cause >= 0)
    assert lost <= 0.02 * len(cases)
    assert sum(len(one.members) for one in rest) >= 0.9 * sum(cause < 0 for cause in truth)


def test_what_is_shared_and_the_name() -> None:
    cases, _ = templated(1_500, 5)
    found = cluster(cases, passing(1_000, 6))
    names = [one.name for one in found.clusters]
    assert len(set(names)) == len(names)
    late = next(one for one in found.clusters if "order_lookup" in one.words)
    assert (late.verdict, late.shared[0].fact, late.shared[0].value) == ("error", "failed_tool", "order_lookup")
    assert late.shared[0].sure
    assert late.name.endswith("failed_tool order_lookup")
    assert late.first_seen < late.last_seen
    assert set(late.examples) < set(late.members)


def test_facts_without_a_cause_are_hardly_ever_called_sure() -> None:
    false = 0
    for seed in range(30):
        failing = [
            Case(one.id, one.at, "The very same wrong words", "wrong", one.facts) for one in passing(150, seed)
        ]
        false += any(shared.sure for shared in cluster(failing, passing(300, 1_000 + seed)).clusters[0].shared)
    assert false <= 4


def test_soft_topics_are_told_as_topics() -> None:
    cases, truth = soft(1_200, 3)
    found = cluster(cases)
    group = {member: number for number, one in enumerate(found.clusters) for member in one.members}
    assert {one.how for one in found.clusters} <= {TOPIC, REST}
    assert rand_index([group[one.id] for one in cases], together(truth)) >= 0.6


@settings(deadline=None, max_examples=examples(20))
@given(TEXTS, st.randoms(use_true_random=False))
def test_it_is_a_partition_whatever_the_order(texts: list[str], chance: random.Random) -> None:
    cases = cases_of(texts)
    found = cluster(cases)
    assert sorted(member for one in found.clusters for member in one.members) == sorted(one.id for one in cases)
    assert sum(one.size for one in found.clusters) == len(texts)
    mixed = list(cases)
    chance.shuffle(mixed)
    assert cluster(mixed) == found


def test_nothing_and_one() -> None:
    assert cluster([]).clusters == ()
    (only,) = cluster(cases_of(["Only once"])).clusters
    assert (only.size, only.how, only.shared) == (1, REST, ())


def test_hostile_texts_stay_out_of_names() -> None:
    bad = "\x1b]52;c;AAAA\x07 \u202egnp.exe boom"
    cases = [Case(str(n), START, bad * 3, "le\x1b[2Jak", (("prompt", "\x1b[31mv9\n"),)) for n in range(30)]
    found = cluster(cases, passing(60, 1))
    assert all(one.name.isprintable() for one in found.clusters)


def test_long_texts_cost_little() -> None:
    assert len(words_of(cases_of(["word " * 1_000_000])[0])) <= 3
    assert len(next(iter(masked("x" * 1_000_000)))) <= 24


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Order 4711 of 2026-01-05", ["order", "‹number›", "of", "‹number›"]),
        ("id 6fa459ea-ee8a-3ca4-894e-db77e160355e", ["id", "‹id›"]),
        ("Ask Anna. She knows", ["ask", "‹name›", "she", "knows"]),
        ("mail a.b@example.com or https://x.example/y", ["mail", "‹mail›", "or", "‹url›"]),
        ("返金処理", ["返金", "金処", "処理"]),
    ],
)
def test_masks(text: str, words: list[str]) -> None:
    assert list(masked(text)) == words


def test_no_heavy_import() -> None:
    program = "import sys, cockpit.detect.clusters.groups; assert 'numpy' not in sys.modules"
    program += " and 'httpx' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_verdicts_of_traces() -> None:
    trace = CallTrace("t", "s", START, START, answered="Hello", scores={"grounding": 0.2})
    assert verdict_of(trace) == ""
    assert verdict_of(trace, below={"grounding": 0.5}) == "low grounding"
    assert verdict_of(trace, [Sign("leak", "", None, 0.9), Sign("loop", "", None, 0.85)]) == "leak"
    assert verdict_of(trace, [Sign("leak", "", None, 0.3)]) == ""
    refused = [Sign("refusal", "", None, 0.97)]
    assert verdict_of(trace, refused) == ""
    assert verdict_of(CallTrace("t", "s", START, START, labels={"expect": "answer"}), refused) == "refusal"
    tools = (ToolUse("look", failed=True), ToolUse("look"))
    told = case_of(CallTrace("t", "s", START, START, error="boom", tools=tools, retrieved=True))
    assert {("tool", "look"), ("failed_tool", "look"), ("retrieval", "empty"), ("error", "boom")} <= set(told.facts)
    assert told.failed


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_rates(a: int, more: int, b: int, others: int) -> None:
    one, other = Rate(a, a + more), Rate(b, b + others)
    low, high = one.interval
    assert 0 <= low <= one.share + 1e-12
    assert low <= high <= 1
    assert 0 <= fisher(one, other) <= 1
    assert fisher(one, other) == pytest.approx(fisher(other, one), rel=1e-6)
    lift, (least, most) = lift_of(one, other)
    assert least <= lift <= most
    grown = lift_of(Rate(a + 1, a + more + 1), other)[0]
    assert grown >= lift - 1e-9


def test_figures_from_the_literature() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=2e-4)  # Newcombe 1998, table I
    assert fisher(Rate(1, 10), Rate(11, 14)) == pytest.approx(0.0027594, rel=0.02)  # a well-known table


def test_more_counts_make_it_surer() -> None:
    few, many = (compare([[("p", "x")]] * n + [[]] * n, [[("p", "x")]] * n + [[]] * (3 * n))[0] for n in (4, 60))
    assert (few.sure, many.sure) == (False, True)
    assert many.chance < few.chance


def test_scope() -> None:
    cases = [
        Case(
            str(n),
            START + timedelta(minutes=n),
            "",
            "wrong" if n >= 60 and n % 2 else "ok",
            (("tenant", "ab"[n % 4 // 2]), ("session", str(n // 4))),
        )
        for n in range(120)
    ]
    random.Random(1).shuffle(cases)
    scope = scope_of(cases)
    assert scope.since == START + timedelta(minutes=61)
    assert (scope.failing.part, scope.before.part, scope.sessions, scope.users, scope.tenants_hit) == (
        30,
        0,
        15,
        None,
        2,
    )
    assert {one.tenant: one.rate.part for one in scope.tenants} == {"a": 15, "b": 15}


def test_no_rise_where_there_is_none() -> None:
    chance = random.Random(4)
    rises = 0
    for _ in range(40):
        cases = [
            Case(str(n), START + timedelta(n), "", "wrong" if chance.random() < 0.1 else "ok") for n in range(300)
        ]
        rises += scope_of(cases).since is not None
    assert rises <= 2
    empty = scope_of([])
    assert (empty.since, empty.failing.interval, layers_of([])[0].facts) == (None, (0.0, 1.0), ())


def test_no_time_is_no_before() -> None:
    cases = [Case(f"{n:03}", START, "", "wrong" if n >= 60 else "ok") for n in range(120)]
    assert scope_of(cases).since is None


def test_layers() -> None:
    cases, _ = templated(600, 8, 0.0)
    cut = [one for one in cases if one.verdict == "cut"]
    layers = {one.name: one for one in layers_of([*cut, *passing(400, 2)])}
    assert layers["model"].speaks
    assert layers["model"].facts[0].value == "length"
    assert not layers["prompt"].speaks
    assert not layers["infra"].speaks
