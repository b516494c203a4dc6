"""What texts say that they should not, each with its place; here, causes that nobody has proven."""

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


SENTENCE = re.compile(r"(?=\S)(?:[^.!?;\n]|\.(?=\S)){1,300}[.!?]?")
"""One sentence; what goes on for longer is read in pieces, so that no text takes long."""
_BY = r"caused|triggered|produced|provoked|brought (?:about|on)|set off|sparked|driven|explained"
_CHANGE = (
    r"(?:change|deploy(?:ment)?|release|migration|update|upgrade|push|edit|roll-?out|re-?index|bug|"
    r"misconfiguration|typo|"
    r"leak|patch|switch|merge|regression|overflow|loop|outage|failure|expiry|config(?:uration)?|template|sync)"
)
_DAMAGE = (
    r"(?:broke|breaks|crash(?:ed|es)|corrupt(?:ed|s)|kill(?:ed|s)|mess(?:ed|es)|wip(?:ed|es)|doubl(?:ed|"
    r"es)|slow(?:ed|s)|"
    r"ma(?:de|kes)|t(?:ook|akes)(?: \w+){0,3} (?:down|out)|knock(?:ed|s)|block(?:ed|s)|stopp?(?:ed|s)|"
    r"confus(?:ed|es)|le(?:t|ts) )"
)
_NEWS = r"(?:update|call|meeting|report|message|delay|pause|switch|question)"
_CLAIM = re.compile(
    r"(?<!report )(?<!reports )(?<!complaint )(?<!complaints )(?<!page )(?<!alert )(?<!question )"
    rf"\b((was |were |is |been |be )?({_BY}) by|(result(ed|s|ing)?|stem(med|s)?|came|comes?|originat(ed|"
    rf"es)) from|originat(ed|es) (in|at|with)|"
    r"rooted in|attributable to|(is|was|are|were|it['’]s|boils|boiled|comes|came) (all |mostly |mainly |"
    r"simply )?down to|"
    r"due to (?!human error|be\b|go\b|send\b|start\b|end\b|finish\b|publish\b)|because( of)?|owing to|"
    r"thanks to a|as a result of|"
    r"(happened|occurred|broke|failed|fails) since (?!\d)|(the |our |a )?(root )?cause (is|was|turned out|"
    r"lies|has been) (?!(yet |now |still |being )?(confirmed|known|found|established|published|clear|"
    r"proven|settled|under|being|not|still|open|unclear|unknown|being))|"
    r"(root )?cause( of (the|this) \w+| \w+)?:(?! ?(tbd|open|\?|n/a|none|unknown))|(the )?culprit( is|"
    r" was|:)|(led|leads)( \w+){0,2} to|"
    rf"(the )?reason (for|why|that|behind) (?!the (\w+ )?{_NEWS})[^.:]{{1,60}}?( is| was|:)|"
    r"reason ([\w'’-]+ ){2,8}(is|was) that|"
    r"(are|is|was|were) (the reason|responsible|behind|(the|a) (direct )?(result|consequence|"
    r"effect) of)\b|introduced (the|this|a) \w+|"
    r"(traced|tracked|pinned|nailed|narrowed) (it |this |(the )?(\w+ ){1,3})?(back |down )?(to|on)|"
    r"put (it|this) down to|"
    r"it (is|was) (a|an|the) [\w -]{2,30} (change|bug|deploy|release|update|migration|template|index|config\w*) that|"
    r"it (is|was) (the|our|a|an) [\w' -]{2,40}? (who|that|which) (?!(is|was|are|we|you|they|the)\b)\w+(ed|"
    r"es|s|oke|ook|ade)\b|"
    r"(came|comes|come) about (by|through)|(go|goes|went|going|dates?) back to (?!(normal|work|v?\d|"
    r"you)\b)|hence|which explains|explains (the|why|what)|"
    r"did (it|this)[.!]|found the (problem|bug|fault|issue|cause):|(the |a )trigger was|(is|was|were|are|"
    r"as) the (\w+ )?(trigger|culprit|source|origin|explanation)|(underlying|actual|real|core) (issue|"
    r"problem|fault|reason):|"
    r"has to do with|have to do with|follows from|kicked off by|at the (root|bottom) of|"
    r"the source of (the|this|it)|(which|that)( is|['’]s) why (?!we\b|i\b)|thus|"
    r"turn(s|ed) out (that )?(it|this) (was|is)|turned out to be|(it|this) (was|is) [\w' -]{2,40} after all|"
    r"is what (took|caused|broke|made|did|brought)|(is|was) why (?!we\b|i\b)|(all|it|everything) (started|"
    r"began) with|"
    rf"{_CHANGE}( \w+){{0,5}} {_DAMAGE}|{_CHANGE}( \w+){{0,5}} (is|was) to blame|"
    r"(?<=\w )(caused|triggered) (it|this|the|these|an?|all|our|some|customers?|users?))(?:\b|(?<=: )|(?<=:))",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(may|might|could|likely|unlikely|probabl[ey]|possibl[ey]|perhaps|suspect\w*|believe|appears?|seems?|think|"
    r"assum\w+|hypothes[ie]s|theory|unknown|unclear|whether|if|"
    r"not (yet )?(known|confirmed|established|proven|clear)|"
    r"(we|i|they|nobody|and) (do not|don['’]t|does not) (yet )?know|no evidence|investigating|"
    r"looking into|checking|still open|open question|"
    r"(has|have) not (yet )?been|isn't known|yet to be|pointing to|points to|candidate|potential(ly)?|"
    r"rul(ed|ing) out|"
    r"not caused|was not|were not|is not|wasn't|cannot say|can['’]t say|too early|the next (update|call|"
    r"report|meeting))\b|\?",
    re.IGNORECASE,
)
_OUR_REASON = re.compile(
    r"^\W*(\w+ )?(we|i|operations|the team|it is|it was|this update|the (next \w+|feature|assistant|"
    r"switch|route|filter|cap)|"
    r"answers are (off|held|paused|limited|checked)|please)\b[^,]*$",
    re.IGNORECASE,
)
"""Before "because", this says why somebody acts, not why it broke."""


def unproven_causes(text: str) -> Iterator[Flaw]:
    """Find causes stated as fact, one for each sentence; a hedged or denied one is none."""
    for sentence in SENTENCE.finditer(text):
        words = sentence.group()
        claim = _CLAIM.search(words)
        if claim is None or _HEDGE.search(words) or _only_why_we_act(words, claim):
            continue
        yield _flaw("cause", sentence.start(), claim, "say “we suspect”, or leave the cause out until it is proven")


def _only_why_we_act(words: str, claim: re.Match[str]) -> bool:
    because = claim.group().lower() in ("because", "because of")
    return because and bool(_OUR_REASON.search(words[: claim.start()]))


def _flaw(kind: str, offset: int, match: re.Match[str], advice: str) -> Flaw:
    return Flaw(kind, offset + match.start(), offset + match.end(), match.group().strip(), advice)
