"""Finds sentences that make a person or a team the reason; what a system did is no blame, whatever the verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.domain import lint_words

ADVICE = "say what in the system let it happen, not who did it"


@dataclass(frozen=True, slots=True)
class Reproach:
    """One reproach, from `start` to before `end` in the text."""

    start: int
    end: int
    words: str
    advice: str = ADVICE


_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\S)[^.!?;\n]+)*[.!?]?")

_JOB = (
    r"(?:engineer|developer|operator|intern|manager|contractor|colleague|on-?call|admin\w*|analyst|reviewer|author|"
    r"person|people|lead|employee|responder|team|staff|hire|programmer|architect|owner|approver|commander|IC|"
    r"maintainer|tester|vendor's \w+)s?"
)
_TEAM = r"(?:ops|support|operations|legal|security|devops|sre|marketing|sales|QA)"
_THING = (
    "The|This|That|These|Those|It|Its|We|Our|Nobody|Nothing|Retrieval|Monitoring|Alerting|Caching|"
    "Traffic|Search|Users|Customers|Answers|Requests|Everything|Some|All|Most|Staging|Production|Deploy|"
    "Rollback|Detection|Tests|Filter|Filters|Paging|Logging|There|What|Which|One|Two|Three|Both|None|"
    "Indexing|Moderation|Routing|Sampling|Billing|Chat|An|A|No|Each|Every|Human|User|Operator|Redis|"
    "Postgres|Kubernetes|Phoenix|Langfuse|Alertmanager|Grafana|Unleash|Portkey|LiteLLM|MLflow|Slack|"
    "Statuspage|Owners|Had|If|When|While|After|Before|Because|Updates|Errors|Latency|Cost"
)
"""Words that a sentence begins with and that are no names."""
_NAME = rf"(?-i:\b(?!(?:{_THING})\b)[A-ZÀ-Þ][a-zà-ÿ]+(?: [A-ZÀ-Þ][a-zà-ÿ]+)?\b)"
_SOMEBODY = (
    rf"(?:\b(?:he|she|they|you|someone|somebody|whoever)\b|"
    rf"\b(?:the|an?|our|one|another|your|people in the)(?: [\w'-]+){{0,3}}? {_JOB}\b|"
    rf"(?:^|(?<=because ))(?:the )?{_TEAM}\b|{_NAME})"
)
_BETWEEN = r"(?:(?: who| that)? (?:[\w-]+ ){0,4}?|,? )"
_ADVERB = (
    r"(?:(?:carelessly|recklessly|wrongly|never|again|simply|just|clearly|also|then|even|blindly|repeatedly|"
    r"stupidly) )*"
)
_SLIP = (
    r"(?:forgot|neglect(?:ed|s)|ignored|overlooked|missed|botched|skipped|broke|failed to|"
    r"did not (?:follow|read|check|test|notice|care|bother|think)|didn't \w+|(?:do|does) not care|don't care|"
    r"should(?: never| not)? have|shouldn't have|ought to have|could have (?:prevented|avoided|caught|known)|"
    r"misread|misconfigured|mistyped|typed the wrong|"
    r"panicked|wasted|screwed|messed|lied|let an? \w+|dropped the (?:ball|safety)|rubber-stamped|slept|assumed|"
    r"knew better|(?:was|were) (?:careless|sloppy|asleep|negligent|too (?:slow|lazy)|wrong to|incompetent|not paying|"
    r"to blame|at fault|reckless|warned|lazy)|wrote a bad|"
    r"(?:is|are) responsible for (?:this|the) (?:mess|failure|leak|outage)|"
    r"deleted|pushed straight|never (?:checked|tested|read|ran|looked))"
)
_PLAIN_ADVERB = r"\b(?:carelessly|recklessly|negligently|stupidly|sloppily)\b"
_WORD = (
    r"\b(?:human error|operator error|user error|careless\w*|negligen\w*|sloppy|incompeten\w*|screwed up|messed up|"
    r"reckless\w*|laz(?:y|iness)|stupid\w*|(?:to|the) blame (?:for|rests|lies|is|falls)|at fault|"
    r"(?:'s|s'|his|her|their) (?:own )?(?:fault|mistake|ignorance|incompetence|negligence|carelessness)|"
    r"disciplinary|(?:must|has to|have to) answer for|let down by|dropped the ball|asleep at the wheel|"
    r"without thinking|knew better|should have known)\b"
)
_BY = (
    r"\b(?:mistake|error|blunder|fault|edit|deploy|slip)s? (?:was |were )?(?:made )?by "
    rf"(?:the [\w -]{{0,20}}{_JOB}\b|{_NAME})"
)
_RESTS = (
    rf"\b(?:failure|fault|blame|mistake|error|culprit) (?:lies|rests|falls|is|was)(?: with| on)? "
    rf"(?:the (?:[\w-]+ ){{0,2}}{_JOB}\b|{_TEAM}\b|{_NAME})"
)
_HAD = rf"\b(?:if|had) {_NAME} (?:had |been |only )"
_ANY = re.compile(
    rf"{_WORD}|{_PLAIN_ADVERB}|{_BY}|{_RESTS}|{_HAD}|{_SOMEBODY}{_BETWEEN}{_ADVERB}{_SLIP}\b", re.IGNORECASE
)
_NO_BLAME = re.compile(
    r"\b(?:nobody|no one|no person|not|never|nor) (?:\w+ ){0,2}"
    r"(?:to blame|at fault|human error|careless\w*|negligen\w*)|"
    r"\b(?:nobody|no one)'s (?:fault|mistake)|\bpage faults?\b|\bblameless\b",
    re.IGNORECASE,
)


def blame(text: str) -> Iterator[Reproach]:
    """Find reproaches, one for each sentence: those of updates, and those that only a postmortem holds."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        if _NO_BLAME.search(words):
            continue
        if found := _ANY.search(words):
            yield Reproach(sentence.start() + found.start(), sentence.start() + found.end(), found[0].strip())
        elif told := next(lint_words.blame(words), None):
            yield Reproach(sentence.start() + told.start, sentence.start() + told.end, told.words)
