"""Failing traces with planted causes: templated answers, soft topics, and noise that is like nothing else."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, timedelta

from cockpit.detect.clusters.cases import Case

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
TENANTS = ("acme", "beta", "corvid", "delta", "ember", "fjord")
NAMES = ("Anna", "Bilal", "Chiara", "Dmitri", "Esi", "Farid", "Greta", "Hana")

CAUSES: tuple[tuple[str, str, tuple[str, str], tuple[str, ...]], ...] = (
    ("leak", "other_tenant", ("prompt", "v41"), (
        "Sure {name}, the account holder of order {n} is {name} and the delivery goes to {n} Mill Lane.",
        "The delivery of order {n} goes to {n} Mill Lane, the account holder is {name}.")),
    ("wrong refund", "wrong", ("prompt", "v41"), (
        "You can return any opened item within {n} days and we refund the full price plus {n} euro shipping.",
        "Refunds of the full price plus shipping are possible within {n} days for any opened item, {name}.")),
    ("tool time-out", "error", ("failed_tool", "order_lookup"), (
        "tool order_lookup timed out after {n} ms waiting for upstream {id}",
        "upstream {id}: order_lookup timed out after {n} ms")),
    ("empty block", "ungrounded", ("retrieval", "empty"), (
        "Based on the provided context there are {n} branches near {name}, all open on Sunday until {n}.",
        "From the provided context I found {n} branches, each open on Sunday near {name}.")),
    ("bad json", "format", ("model", "small-2"), (
        "{{ \"status\": \"ok\", \"items\": [ {{ \"sku\": \"{id}\", \"qty\": {n} }}, ... and so on",
        "{{ \"status\": \"ok\", \"items\": [ {{ \"qty\": {n}, \"sku\": \"{id}\" ... and so on")),
    ("cut off", "cut", ("finish", "length"), (
        "To reset the router first hold the button for {n} seconds, then open {url} and after that you",
        "First hold the reset button of the router {n} seconds and then open {url}, after that the")),
    ("over-refusal", "refusal", ("model", "large-3"), (
        "I'm sorry, but I can't help with killing a process with pid {n}, as that would be harmful.",
        "I'm sorry, I can't help with killing process {n}; it would be harmful to do so.")),
    ("wrong language", "language", ("route", "de-support"), (
        "Gerne! Ihre Bestellung {n} wurde gestern versandt und kommt am {n}. Januar an.",
        "Ihre Bestellung {n} kommt am {n}. Januar an, sie wurde gestern versandt.")),
    ("rate limit", "error", ("tier", "free"), (
        "RateLimitError: 429 request {id} exceeded tokens per minute limit {n}, retry in {n}s",
        "429 RateLimitError: tokens per minute limit {n} exceeded by request {id}")),
    ("loop", "loop", ("tool", "web_search"), (
        "Let me search the web once more for {name}. Searching again with query {id}.",
        "I will search the web again for {name}, searching once more with query {id}.")),
    ("obeyed page", "injection", ("tool", "fetch_page"), (
        "![status]({url}?d={id}) As instructed by the page, here is the summary of invoice {n}.",
        "As instructed by the page here is the summary of invoice {n} ![status]({url}?d={id})")),
    ("stale price", "wrong", ("retrieval", "found"), (
        "The premium plan costs {n} dollars a month, and the yearly plan saves {n} percent.",
        "A month of the premium plan costs {n} dollars while the yearly plan saves {n} percent.")),
)  # fmt: skip


def templated(n: int, seed: int, noise: float = 0.1) -> tuple[list[Case], list[int]]:
    """Return failing cases and the cause of each by number; noise has numbers of its own, one each."""
    chance = random.Random(seed)
    cases, truth = [], []
    for number in range(n):
        noisy = chance.random() < noise
        cause = chance.randrange(len(CAUSES))
        _, verdict, fact, texts = CAUSES[cause]
        text = _nonsense(chance) if noisy else _filled(chance.choice(texts), chance)
        told = chance.choice(("wrong", "error", "format")) if noisy else verdict
        facts = ordinary(chance) if noisy or chance.random() < 0.1 else with_fact(ordinary(chance), fact)
        cases.append(Case(f"f{number}", START + timedelta(seconds=number), text, told, facts))
        truth.append(-1 - number if noisy else cause)
    return cases, truth


def passing(n: int, seed: int) -> list[Case]:
    """Return answers with which nothing is wrong."""
    chance = random.Random(seed)
    return [
        Case(f"p{one}", START + timedelta(seconds=one), "All is well.", "ok", ordinary(chance)) for one in range(n)
    ]


def soft(n: int, seed: int, noise: float = 0.1, own: float = 0.5) -> tuple[list[Case], list[int]]:
    """Return failing cases of twelve topics without templates: `own` is the share of a text's words from its topic.

    Topics share a third of their words with their neighbours; words are drawn as unevenly as in real texts.
    """
    chance = random.Random(seed)
    common, topics = _pool(chance, 300), [_pool(chance, 60) for _ in CAUSES]
    for number, pool in enumerate(topics):
        pool[40:] = topics[(number + 1) % len(topics)][:20]
    cases, truth = [], []
    for number in range(n):
        noisy, cause = chance.random() < noise, chance.randrange(len(topics))
        pool = common if noisy else topics[cause]
        drawn = (_uneven(pool if chance.random() < own else common, chance) for _ in range(chance.randint(12, 30)))
        cases.append(Case(f"s{number}", START + timedelta(seconds=number), " ".join(drawn), "wrong", ()))
        truth.append(-1 - number if noisy else cause)
    return cases, truth


def rand_index(found: Sequence[int], truth: Sequence[Hashable]) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985): 1 is the same partition, 0 is chance."""
    pairs = sum(_two(n) for n in Counter(zip(found, truth, strict=True)).values())
    rows, columns = (sum(_two(n) for n in Counter(one).values()) for one in (found, truth))
    expected = rows * columns / _two(len(found)) if len(found) > 1 else 0.0
    most = (rows + columns) / 2
    return (pairs - expected) / (most - expected) if most != expected else 1.0


def together(truth: Sequence[int]) -> list[int]:
    """Count all noise as one group, as a cluster of the rest does."""
    return [max(one, -1) for one in truth]


def ordinary(chance: random.Random) -> tuple[tuple[str, str], ...]:
    """Draw facts as they are when nothing is wrong."""
    return (
        ("prompt", chance.choice(("v39", "v40", "v40", "v41"))),
        ("model", chance.choice(("large-3", "large-3", "small-2"))),
        ("route", chance.choice(("support", "support", "search", "de-support"))),
        ("tenant", chance.choice(TENANTS)),
        ("tier", chance.choice(("free", "pro"))),
        ("finish", "stop"),
        ("retrieval", chance.choice(("found", "found", "found", "none"))),
        ("tool", chance.choice(("order_lookup", "web_search", "fetch_page"))),
    )


def with_fact(facts: tuple[tuple[str, str], ...], fact: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Put one fact in place of what was known under its name."""
    return (*(one for one in facts if one[0] != fact[0]), fact)


def _filled(text: str, chance: random.Random) -> str:
    return text.format(
        n=chance.randrange(2, 99_999),
        name=chance.choice(NAMES),
        id=f"{chance.getrandbits(48):012x}",
        url=f"https://{chance.choice(TENANTS)}.example.com/{chance.getrandbits(24):x}",
    )


def _nonsense(chance: random.Random) -> str:
    return " ".join(_uneven(_LEXICON, chance) for _ in range(chance.randint(8, 25)))


def _pool(chance: random.Random, n: int) -> list[str]:
    syllables = ("ba", "ko", "li", "mer", "nu", "pas", "ri", "sto", "ten", "vu", "zar", "dol", "fen", "gim")
    return ["".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))) for _ in range(n)]


def _uneven(pool: Sequence[str], chance: random.Random) -> str:
    return pool[int(len(pool) * chance.random() ** 2)]


def _two(n: int) -> int:
    return n * (n - 1) // 2


_EVERYDAY = """
the a of and to in is you that it he for was on are as with his they at be this from have or by one had not but
what all were when we there can an your which order refund delivery account model plan search page tool price
"""
_LEXICON = [*_pool(random.Random(9), 1_500), *_EVERYDAY.split()]
