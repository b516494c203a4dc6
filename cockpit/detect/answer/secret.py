"""Secrets in an answer: keys and tokens by the marks their makers gave them, and key files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cockpit.domain.calls import Sign

NAME = "secret"

_ADDRESS = "a password in an address"
_KINDS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("an OpenAI-style key", "-", ("sk-",),
     r"(?:proj-|ant-(?:api|admin)\d\d-|svcacct-|or-v1-|lf-)?[A-Za-z0-9_-]{20,220}"),
    ("a Stripe key", "_", ("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[A-Za-z0-9]{16,120}"),
    ("a GitHub token", "_", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{36,255}"),
    ("a GitHub token", "_", ("github_pat_",), r"[A-Za-z0-9_]{60,255}"),
    ("a GitLab token", "-", ("glpat-",), r"[A-Za-z0-9_-]{20,64}"),
    ("a Slack token", "-", ("xox",), r"[abeoprs]-(?:\d+-)?[A-Za-z0-9-]{10,250}"),
    ("a Slack token", "-", ("xapp-",), r"\d-[A-Za-z0-9-]{20,250}"),
    ("an AWS key", "A", ("AKIA", "ASIA", "ABIA", "ACCA"), r"[A-Z2-7]{16}(?![A-Z0-9])"),
    ("a Google key", "AI", ("AIza",), r"[A-Za-z0-9_-]{35}"),
    ("a Google key", "y", ("ya29.",), r"[A-Za-z0-9_-]{20,300}"),
    ("a Hugging Face token", "_", ("hf_",), r"[A-Za-z]{30,64}"),
    ("an npm token", "_", ("npm_",), r"[A-Za-z0-9]{36}"),
    ("a SendGrid key", "S", ("SG.",), r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}"),
    ("a signed token (JWT)", "J", ("eyJ",),
     r"[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16,2000}"),
    ("a private key", "-----", ("-----BEGIN ",), r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    (_ADDRESS, "@", ("://",), r"[^\s/:@]{1,64}:[^\s/:@]{3,128}@[\w.-]{1,253}"),
)  # fmt: skip
"""What it is, a text that is looked for first since it is rare or found fast, how it begins, and how it goes on."""
_COMPILED = tuple(
    (what, mark, starts, re.compile("(?:" + "|".join(map(re.escape, starts)) + ")" + rest))
    for what, mark, starts, rest in _KINDS
)
_SCHEME = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9+.-]{1,20}\Z")
LONGEST_SCHEME = 21
_BLANK = re.compile(r"(?i)x{5}|\*{3}|\.{3}|<|your|placeholder|redacted|changeme|\bpassword@|(\w)\1{7}")
"""What stands where a secret would stand."""
_SPECIMEN = re.compile(r"(?i)example|dummy|sample")
"""What documentation shows: told, but nobody is woken for it."""


def signs(answer: str) -> list[Sign]:
    """Return a sign for each secret in an answer; blanks to be filled in are none. No sign quotes a secret."""
    found, end = list[Sign](), 0
    for first, last, what in sorted(_finds(answer)):
        value = answer[first:last]
        if first >= end and not _BLANK.search(value) and _varied(value):
            certainty = 0.4 if _SPECIMEN.search(value) else 0.98
            found.append(Sign(NAME, f"the answer holds {what}", (first, last), certainty))
        end = max(end, last)
    return found


def _finds(answer: str) -> Iterator[tuple[int, int, str]]:
    """Yield where something begins and ends that looks like a secret, and what."""
    for what, mark, starts, pattern in _COMPILED:
        if mark not in answer:
            continue
        for start in starts:
            at = answer.find(start)
            while at >= 0:
                first = _begins(answer, at, what)
                found = pattern.match(answer, at) if first is not None else None
                if found and first is not None:
                    yield first, found.end(), what
                at = answer.find(start, at + len(start))


def _begins(answer: str, at: int, what: str) -> int | None:
    """Return where a find begins, an address with its scheme; None in the middle of a word."""
    if what == _ADDRESS:
        scheme = _SCHEME.search(answer, max(0, at - LONGEST_SCHEME), at)
        return scheme.start() if scheme else None
    before = answer[at - 1 : at]
    return None if before.isascii() and (before.isalnum() or before == "_") else at


def _varied(value: str) -> bool:
    """Tell random characters from a run of words or of one letter."""
    tail = value[4:]
    drawn = any("0" <= one <= "9" for one in tail) or not tail.islower()
    return value.startswith("-----") or "://" in value or (len(set(tail)) >= 8 and drawn)
