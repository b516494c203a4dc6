"""Texts of a filter as a question to the word index, and the exact check of what it answers.

The index knows whole words: `refund` finds "Refund." and not "refunded", `refund*` finds both, and a phrase in
quotes finds its words in order. What the index answers is then looked for in the texts as it was typed.
"""

from __future__ import annotations

from cockpit.domain.traces import TEXT, Term, TraceFilter, Wanted, fold


class Words:
    """The conditions of one filter on texts."""

    def __init__(self, query: TraceFilter) -> None:
        self.terms = [term for term in query.terms if term.key == TEXT and _asks(term)]
        self.question = " AND ".join(_alternatives(term) for term in self.terms if _is_indexed(term))
        """In the index's own language; empty where it can't help."""
        self.is_exact = all(_is_indexed(term) and all(map(_is_word, term.wanted)) for term in self.terms)
        """Whether what the index answers needs no check: single words are found exactly as they were typed."""

    def __bool__(self) -> bool:
        return bool(self.terms)

    def hold(self, text: str) -> bool:
        """Whether a trace's texts fulfil every condition."""
        folded = fold(text)
        return all(any(_bare(one) in folded for one in term.wanted) is not term.negated for term in self.terms)


def _asks(term: Term) -> bool:
    return any(_bare(one) for one in term.wanted)


def _is_indexed(term: Term) -> bool:
    return not term.negated and all(any(sign.isalnum() for sign in one.text) for one in term.wanted)


def _is_word(wanted: Wanted) -> bool:
    return wanted.text.isascii() and wanted.text.removesuffix("*").isalnum()


def _alternatives(term: Term) -> str:
    return "(" + " OR ".join(_phrase(one) for one in term.wanted) + ")"


def _phrase(wanted: Wanted) -> str:
    quoted = _bare(wanted).replace('"', '""').encode("utf-8", "replace").decode("utf-8")
    return f'"{quoted}"' + ("*" if wanted.text.endswith("*") else "")


def _bare(wanted: Wanted) -> str:
    return wanted.text.removesuffix("*") or wanted.text
