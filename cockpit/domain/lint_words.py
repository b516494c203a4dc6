"""What a text says that it should not: a cause nobody has proven, and a person to blame; each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a text, from `start` to before `end`; what is missing has no place (0, 0)."""

    kind: str
    start: int
    end: int
    words: str
    advice: str

    def place(self, text: str) -> str:
        """Write where it is as line:column, or an empty text for what is missing."""
        if not self.end:
            return ""
        before = text[: self.start]
        return f"{before.count(chr(10)) + 1}:{self.start - (before.rfind(chr(10)) + 1) + 1}"


_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\S)[^.!?;\n]+)*[.!?]?")
_DOING = r"(was |were |is |been |be )?"
_CLAIM = re.compile(
    r"(?<!report )(?<!reports )(?<!complaint )(?<!complaints )(?<!page )(?<!alert )(?<!question )"
    rf"\b({_DOING}(caused|triggered|brought about) by|(result(ed|s|ing)?|stem(med|s)?|came|comes|originated) from|"
    r"due to (?!be\b|go\b|send\b|start\b|end\b|finish\b|publish\b)|because( of)?|owing to|thanks to a|as a result of|"
    r"(the |our |a )?(root )?cause (is|was|turned out|lies|has been)|(the )?culprit (is|was)|"
    r"(led|leads) to|(is|was|were|are) (the reason|responsible|behind)\b|introduced (the|this|a) \w+|"
    r"(traced|tracked|pinned) (it |this |the \w+ )?(back |down )?to|"
    r"it (is|was) (a|an|the) [\w -]{2,30} (change|bug|deploy|release|update|migration|template|index|config\w*) that|"
    r"(?<=\w )(caused|triggered) (it|this|the|these|an?|all|our|some|customers?|users?))\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(may|might|could|likely|unlikely|probabl[ey]|possibl[ey]|perhaps|suspect\w*|believe|appears?|seems?|think|"
    r"assum\w+|hypothes[ie]s|theory|unknown|unclear|whether|if|"
    r"not (yet )?(known|confirmed|established|proven|clear)|"
    r"(do not|don't|does not) (yet )?know|no evidence|investigating|looking into|checking|still open|open question|"
    r"(has|have) not (yet )?been|isn't known|yet to be|pointing to|points to|candidate|potential(ly)?|"
    r"rul(ed|ing) out|"
    r"not caused|was not|were not|is not|wasn't|cannot say|can't say|too early)\b|\?",
    re.IGNORECASE,
)
_OUR_REASON = re.compile(
    r"^\W*(\w+ )?(we|i|operations|the team|it is|it was|this update|the (feature|assistant|switch|route|filter|cap)|"
    r"answers are|please)\b[^,]*$",
    re.IGNORECASE,
)
"""Before "because", this says why somebody acts, not why it broke."""

_SOMEBODY = (
    r"(he|she|somebody|someone|(the|an?|our|one|another|your)( [\w-]+){0,2} (engineer|developer|operator|intern|"
    r"manager|contractor|colleague|on-?call|admin\w*|analyst|reviewer|team|vendor|author|person|lead|employee|responder)s?|"
    r"they|you|people (in|at|from) \w+|whoever)"
)
_NO_NAME = (
    r"(?!(?:The|This|That|These|It|We|Nobody|Nothing|Retrieval|Monitoring|Alerting|Caching|Traffic|Search|Users|"
    r"Customers|Answers|Requests|Everything|Some|All|Most|Staging|Production|Redis|Postgres|Kubernetes|Phoenix|Langfuse|"
    r"Alertmanager|Grafana|Unleash|Portkey|Deploy|Rollback|Detection|Evaluation|Tests|Filters?|Paging|Logging|There|What|"
    r"Which|Who|One|Both|None|Indexing|Moderation|Routing|Sampling|Summaries|Billing|Search|Chat|Support)\b)"
)
_NAME = rf"\b{_NO_NAME}[A-Z][a-z]+( [A-Z][a-z]+)?"
_SLIP = (
    r"(never |again |simply |just |clearly |also |then |carelessly |wrongly )*"
    r"(forgot|forgets|neglected|ignored|overlooked|missed|botched|skipped|broke|failed to|did not|didn't|"
    r"should( never)? have|should not have|shouldn't have|ought to have|could have|pushed|merged|shipped|"
    r"deployed|deleted|removed|approved|misread|misconfigured|typed|let|messed|screwed|"
    r"was (careless|sloppy|asleep|negligent|too slow|wrong|not paying))\b"
)
_BLAME = (
    re.compile(
        r"\b(human error|operator error|user error|(is|are|was|were) (entirely |partly |mainly |solely )?"
        r"(to blame|at fault|responsible for the (outage|incident|leak|mess|mistake))|blames? (on|lies|the|is)|"
        r"careless\w*|negligen\w*|sloppy|sloppiness|incompeten\w*|screwed up|messed up|reckless\w*|lazy|laziness|"
        r"stupid\w*|"
        r"(his|her|their|'s|s') (own )?(fault|mistake|error|carelessness|failure|blunder)|fault of|"
        r"(mistake|error|blunder) (made )?by (the|a|an|our|one|[A-Z])|should have known|knew better|"
        r"thanks to ([A-Z]\w+|the \w+ team)'s?|couldn't be bothered|didn't bother|never bothered)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|(?<=\s)){_SOMEBODY} {_SLIP}", re.IGNORECASE),
    re.compile(rf"{_NAME} {_SLIP}"),
    re.compile(rf"\b(pushed|merged|approved|deployed|broken|deleted|removed|missed|overlooked|ignored) by {_NAME}\b"),
)
_NO_BLAME = re.compile(
    r"\b(nobody|no one|none|not|no) (\w+ ){0,2}(is|was|are|to blame|at fault|human error|fault of|blame|the fault)\b"
    r"|\b(isn't|wasn't|aren't) (to blame|at fault)\b|\bpage fault|\bdefault\b",
    re.IGNORECASE,
)


def unproven_causes(text: str) -> Iterator[Flaw]:
    """Find causes stated as fact, one for each sentence; a hedged or denied one is none."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        claim = _CLAIM.search(words)
        if claim is None or _HEDGE.search(words) or _only_why_we_act(words, claim):
            continue
        yield _flaw("cause", sentence.start(), claim, "say “we suspect”, or leave the cause out until it is proven")


def blame(text: str) -> Iterator[Flaw]:
    """Find people blamed, one for each sentence."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        found = [match for pattern in _BLAME if (match := pattern.search(words))]
        if found and not _NO_BLAME.search(words):
            first = min(found, key=lambda match: match.start())
            yield _flaw("blame", sentence.start(), first, "say what happened in the system, not who did it")


def _only_why_we_act(words: str, claim: re.Match[str]) -> bool:
    because = claim.group().lower() in ("because", "because of")
    return because and bool(_OUR_REASON.search(words[: claim.start()]))


def _flaw(kind: str, offset: int, match: re.Match[str], advice: str) -> Flaw:
    return Flaw(kind, offset + match.start(), offset + match.end(), match.group().strip(), advice)
