"""Secrets in an answer: keys and tokens by the marks their makers gave them, and key files."""

from __future__ import annotations

import re

from cockpit.domain.calls import Sign

NAME = "secret"

_KINDS: tuple[tuple[str, str], ...] = (
    ("an OpenAI-style key", r"sk-(?:proj-|ant-(?:api|admin)\d\d-|svcacct-|or-v1-|lf-)?[A-Za-z0-9_-]{20,220}"),
    ("a Stripe key", r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,120}"),
    ("a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255}"),
    ("a GitLab token", r"glpat-[A-Za-z0-9_-]{20,64}"),
    ("a Slack token", r"xox[abeoprs]-(?:\d+-)?[A-Za-z0-9-]{10,250}|xapp-\d-[A-Za-z0-9-]{20,250}"),
    ("an AWS key", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])"),
    ("a Google key", r"AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,300}"),
    ("a Hugging Face token", r"hf_[A-Za-z]{30,64}"),
    ("an npm token", r"npm_[A-Za-z0-9]{36}"),
    ("a SendGrid key", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}"),
    ("a signed token (JWT)", r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16,2000}"),
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    ("a password in an address", r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:[^\s/:@]{3,128}@[\w.-]{1,253}"),
)
_ANY = re.compile("|".join(f"(?P<k{at}>(?<![A-Za-z0-9_]){pattern})" for at, (_, pattern) in enumerate(_KINDS)))
_HINTS = (
    "sk-", "k_live_", "k_test_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "xapp-",
    "AKIA", "ASIA", "ABIA", "ACCA", "AIza", "ya29.", "hf_", "npm_", "SG.", "eyJ", "-----BEGIN", "://",
)  # fmt: skip
_BLANK = re.compile(r"(?i)x{5}|\*{3}|\.{3}|<|your|placeholder|redacted|changeme|\bpassword@|(\w)\1{7}")
"""What stands where a secret would stand."""
_SPECIMEN = re.compile(r"(?i)example|dummy|sample")
"""What documentation shows: told, but nobody is woken for it."""


def signs(answer: str) -> list[Sign]:
    """Return a sign for each secret in an answer; blanks to be filled in are none. No sign quotes a secret."""
    if not any(hint in answer for hint in _HINTS):
        return []
    return [
        Sign(NAME, f"the answer holds {_kind(found)}", found.span(), 0.4 if _SPECIMEN.search(found[0]) else 0.98)
        for found in _ANY.finditer(answer)
        if not _BLANK.search(found[0]) and _varied(found[0])
    ]


def _kind(found: re.Match[str]) -> str:
    return _KINDS[int((found.lastgroup or "k0")[1:])][0]


def _varied(value: str) -> bool:
    """Tell random characters from a run of words or of one letter."""
    tail = value[4:]
    drawn = any("0" <= one <= "9" for one in tail) or not tail.islower()
    return value.startswith("-----") or "://" in value or (len(set(tail)) >= 8 and drawn)
