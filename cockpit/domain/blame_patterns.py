"""How sentences reproach, as patterns over marked sentences (see `people`)."""

from __future__ import annotations

from cockpit.domain.blame_words import (
    AGAINST,
    ANYBODY,
    BAD_DONE,
    DEEDS,
    DONE,
    DUTIES,
    FAULT,
    GAP,
    GUARDS,
    LONG_GAP,
    NOT,
    OTHER,
    OWNER,
    PERSON,
    ROLE,
    STAFF,
)

PATTERNS = (
    rf"{PERSON}(?: who [^,.]{{3,50}}?|, who [^,.]{{3,50}},)? had (?:already |once |simply |just |\w+ly )?"
    r"(?!practi\w+|trained|rehears|test|document|check|review|writ|asked|noticed|warned|reported|seen|"
    r"proposed|spotted|been (?!told|warned|asked|drinking)|already|two|three|no\b|to\b|the\b|an?\b|raised|"
    r"found|joined|"
    r"access|only|told us|offered|suggested|predicted|planned|agreed|begun|started|taken over|fixed|"
    r"restored|prepared|kept (?:a|the))(?:\w+ed|fallen|gotten|thrown|driven|chosen|written|left|put|set|"
    r"hidden|written|given|made|taken|forgotten|let|broken|sent|gone|cut|run)\b",
    rf"{PERSON} (?:\w+ly |had |has |just |then )*(?:switched|turned|disabled|removed|dropped|deleted|took|"
    rf"commented|deactivated|loosened|weakened|raised|lifted|skipped)(?: off| out| away)?(?: the| our| an?|"
    rf" all| one)?(?: \w+)? {GUARDS}\b",
    rf"{PERSON}(?: who [^,.]{{3,50}}?|, who [^,.]{{3,50}},) (?:\w+ly )?(?:{NOT} \w+|left |was (?:at|out|away|on))",
    rf"{OWNER} (?:\w+ ){{1,3}}?(?:caused|led to|cost|broke|delayed|triggered|ruined|wrecked|resulted in|"
    rf"sent us|misled|derailed|confused)\b",
    r"\b(?:neither|none|not one|few|half) of (?:them|the (?:\w+ )?¶+)(?: \w+ly| even| ever)? (?:checked|"
    r"tested|read|looked|noticed|asked|told|ran|thought|cared|reacted|\w+ed)\b",
    r"\b(?:the same|always the|those) (?:\w+ )?¶+ (?:who|that|again)\b|\b(?:more|less|only|"
    r"rather) interested in\b|\bbe(?:en)? (?:blamed|faulted|called out)\b",
    r"\b(?:someone|somebody)(?: (?:in|on|at|from) (?:the )?[\w¢¶-]+(?: [\w¢¶-]+)?)? (?:had |has |then |"
    r"must have |just |\w+ly )*(?!had|has|was|is|from|in|on|at|who|(?:report|notic|ask|call|join|answer|"
    r"post|complain|rang|help|offer|confirm|fix|restor)\w*)(?:\w+ed|left|put|set|gave|made|took|let|sent|"
    r"ran|wrote|cut|built|hid)\b",
    r"(?:\b(?:an?|some)(?: [\w-]+)?|\b(?:one|two|three|some) of (?:the|our)(?: [\w-]+)?) ¶+(?: (?:in|on|"
    r"at|from) (?:the )?[\w¢¶-]+)? (?:had |has |then |\w+ly )*(?:upload|publish|edit|chang|add|remov|"
    r"delet|push|merg|deploy|shipp|copi|enter|click|press|creat|grant|shar|typ|approv|updat|modifi|"
    r"install|enabl|disabl|renam|confirm|promot|past|import|export|start)(?:e?d)\b",
    rf"{PERSON} (?:\w+ )?(?:published|posted|sent|shared|uploaded|pasted|copied|exposed|mailed|forwarded|"
    rf"disclosed)(?: [^\s,]+){{0,5}} (?:customers?['’]?|users?['’]?|patients?['’]?|personal|private|"
    rf"confidential|secret|sensitive) (?:data|names?|details|keys?|lists?|records?|information|addresses)\b",
    rf"{PERSON} (?:\w+ )?(?:edited|changed|modified|altered|patched|touched)(?: \w+)? (?:the )?(?:live|prod\w*)\b",
    rf"\btook {ANYBODY}(?: [\w¢¶-]+)? (?:far |much |way |rather |over )?(?:too long|forever|ages|an age|"
    rf"(?:an|\w+) (?:hours?|minutes?|days?) (?:until|before|to (?:notice|react|wake|admit|realise|realize|"
    rf"answer|respond)))",
    r"\bthey (?:\w+ly )?(?:\w+ed|ran|went|put|made|let|left|took) (?:\S+ ){0,6}?(?:without|as usual|"
    r"anyway|behind|despite|instead of|blindly)\b",
    rf"{PERSON} (?:\w+ly )?(?:clicked|opened|fell for|answered) (?:on )?(?:the|an?) (?:\w+ )?(?:link|"
    rf"attachment|phishing|mail from)\b",
    rf"{PERSON} never (?!saw|received|got|had|needed|left|lost|again)\w+",
    rf"{OWNER} [^,.]{{1,60}}\b(?:bigger|larger|longer|harder|slower|more expensive|out of hand)\b",
    rf"{PERSON} (?!(?:see|get|receive|have|face|had|got|saw)\b)[^,.]{{1,60}}\b(?:too (?:many|few|much|little)|"
    rf"poor job|bad job|lousy job|a history of|"
    rf"one more time|yet another)\b",
    rf"{PERSON} (?:\w+ )?(?:is|are|was|were) (?:\w+ )?(?:responsible|accountable) for (?:the|this|"
    rf"our) (?:\w+ )?(?:loss|outage|leak|damage|mess|failure|incident|delay|mistake|downtime)\b",
    r"\bthey did it again\b|\b(?:mistake|error|fault)s? (?:of|by|that) (?:beginners|amateurs|novices)\b",
    rf"\b(?:at the insistence|on the orders?|under (?:the )?pressure|at the behest|at the request) (?:of|"
    rf"from) {ANYBODY}",
    rf"\bonly (?:after|when|once) .{{1,60}} did {PERSON}",
    r"\bnobody (?:bothered|thought|cared|dared|spoke up|questioned|took (?:the time|responsibility)|"
    r"felt responsible|wanted to)\b",
    r"\bshameful\w*|\bembarrass(?:ing|ment)\b|\bpathetic\w*|\blaughabl\w+|\bdilettant\w*|\bchildish\w*|"
    r"\bhalf-hearted\w*|\birresponsib\w+|\bthoughtless\w*|\binept\w*|\bclueless\w*",
    # somebody did it, or left it undone
    rf"(?:{ROLE}|\b(?:he|she|somebody|someone)\b|^¶+|§+(?: §+)?(?!['’]s?\b)|"
    rf"¢+(?!['’]))(?: and [§¤]+)? (?:(?:had|has|have|then|also|again|just|simply|even|\w+ly|himself|"
    rf"herself) )*(?:{OTHER}|undid|lost (?!the connection|access)|hit the|stole|swore|stuck to|"
    rf"spent (?:\w+ ){{1,3}}(?:on|in|arguing|chasing)|went missing|knew best|took (?:an? |\w+ )?(?:minutes|"
    rf"hours?|days?|week) to|drove|fell for|left no|left (?:his \w+|her \w+|their \w+|us|the(?! (?:bridge|call|"
    rf"room|channel|company|team|office|meeting))|his|her|their|"
    rf"everyone))\b",
    rf"\b(?:is|was|were|are|been|got|gets) (?:\w+ly )?{OTHER} by {ANYBODY}|\b(?:badly|poorly|ill|wrongly|"
    rf"hastily|carelessly)[- ]\w+ed by {ANYBODY}",
    r"\bwhoever (?!is on|is in|holds|wants|needs|has (?:the|a)|takes|picks|joins|leads|reads)\w+",
    rf"\bif only {PERSON}|\bnot (?:one|a single one|any) of (?:the|our)[^.]*¶+|{PERSON} (?:seems?|seemed|"
    rf"appears?|appeared) (?:\S+ ){{0,2}}(?:never|not|to have)",
    rf"{PERSON} (?:\w+ )?(?:accidentally|mistakenly|inadvertently|carelessly|recklessly|negligently|"
    rf"wrongly|blindly|hastily|foolishly|unilaterally|stubbornly|lazily|knowingly|deliberately|"
    rf"wilfully) \w+",
    rf"\b(?:outage|incident|leak|mess|failure|problem|this|it|all) (?:is|was) (?:all |"
    rf"entirely )?{OWNER} responsibility|\bthe wrong (?:person|man|woman|guy|choice)\b|\b(?:mostly|all|"
    rf"purely|only) {OWNER} (?:fault|doing)",
    rf"\bcause\b[^:]{{0,12}}: ?{ANYBODY}(?:$|[.,;!]|['’])|\b(?:cowboy|gung-ho|slapdash|half-baked|"
    rf"half-arsed|half-assed|ham-?fisted|cavalier|shoddy|botch)\b|"
    rf"\bwhen (?:the )?(?:interns?|¶+|people) (?:have|has|get|gets|can|are|is|don['’]t|do not)\b",
    rf"\b(?:blunder|carelessness|inattentiveness|indecision|forgetfulness|negligence|incompetence|laziness|"
    rf"haste|stubbornness|recklessness|mistake|complacency|inattention|arrogance|ignorance|impatience|"
    rf"breach of \w+|misconduct|inexperience)s? (?:of|from|in|with|by|among) {ANYBODY}|"
    rf"\bout of (?:\w+ )?(?:impatience|spite|laziness|boredom|vanity|pride|habit)\b",
    rf"{PERSON}{GAP} (?!guessed (?:that|right|correctly))(?:{DEEDS})\b(?<!never told that)",
    rf"{PERSON}{GAP} (?!(?:was|were|is|are|been) ?(?:not|n['’]t|never) (?:told|shown|given|paged|asked|informed|"
    rf"alerted))"
    rf"(?<!was )(?<!were )(?<!been ){NOT} (?:\w+ly |even |really |just |yet )?(?:{DUTIES}|[.!]?$)",
    rf"{PERSON} (?!(?:noticed|found|saw|reported|spotted|told|said|traced|fixed|corrected|discovered|"
    rf"explained|reverted|showed|proved|handled|caught|asked|flagged|stopped|undid)\b)(?:\w+ly |just |"
    rf"then |even )?(?:\w+ed|ran|set|put|took|gave|made|let|sent|"
    rf"wrote|began|went|did|chose|cut|built|has|have|had|was|were){LONG_GAP} (?:{AGAINST})\b",
    r"\bno ?(?:body|[ -]one) (?:on|in|at|from|of) (?:the |our )?(?:[\w-]+ ){0,2}[¶¢]+"
    r"(?![¶¢]| (?:was|were|is|had been) (?:paged|told|on|informed|alerted|notified|affected|asked|hurt)| (?:had|"
    r"has) (?:access|the|seen|met|heard|known)| could| can| received)",
    r"\b(?:nobody|no[ -]one) (?:in|on|at|from|of) (?:\S+ ){1,4}(?:thought|bothered|checked|looked|"
    r"noticed|read|raised|asked|told|tested|reviewed|questioned|stopped|spoke|said|cared|took|saw fit|"
    r"owned|picked)",
    r"\b(?:over-?eager|over-?zealous|over-?confident|inexperienced|unqualified|untrained|clueless|"
    r"distracted|ill-prepared|sleepy|hasty|impatient|"
    r"(?:halfway |half |reasonably |more )?(?:decent|competent|seasoned|attentive|careful|experienced|"
    r"diligent|professional|responsible)) (?:[\w-]+ )?¶+(?! (?:is|are) (?:named|listed))(?=\W*$|"
    r".*\b(?:would|could|had|did|do|pushed|promoted|merged|pulled|took|let|made|not|n['’]t|without|"
    r"when)\b)",
    rf"\b(?:it|this)(?:['’]s| is| was) (?:{ANYBODY}|he|she|they)(?![§¤¶¢]) who (?!(?:\w+ )?(?:found|"
    rf"spotted|noticed|fixed|saved|called|saw|caught|told|raised|asked|wrote|reported)\b)",
    rf"{PERSON} (?:must|needs? to|should|has to|have to|ought to|will have to|"
    rf"could)(?: \S+){{0,4}} (?:more care|careful|attention|attentive|better|learn|think|own up|"
    rf"apologi[sz]e|answer)",
    rf"(?:{PERSON}|{OWNER})(?: [^\s,]+){{0,8}}? (?:worse|badly|poorly|needless\w*|unnecessar\w+|shambles|"
    rf"a mess|chaos|fiasco|too late|only (?:himself|herself|themselves) to blame)\b",
    # a fault, and whose it is
    rf"{OWNER} (?:own |sheer |usual |utter |total |complete |simple |repeated |careless |hasty |late |"
    rf"poor )?{FAULT}\b(?!-)",
    rf"\b{FAULT}(?:,? \w+){{0,2}}? (?:by|on the part of) {ANYBODY}",
    rf"\b{FAULT} (?:in|of|from|within|among|with) {STAFF}",
    rf"\b{BAD_DONE}(?: \w+){{0,3}}? by {ANYBODY}",
    rf"\b(?:\w+ed|{DONE})(?: \w+){{0,3}}? by {ANYBODY}{LONG_GAP} (?:{AGAINST})\b",
    rf"\b(?:shambles|fiasco|farce|disgrace|disaster|chaos|corner-cutting|foot-dragging|slacking|sleeping|"
    rf"dithering|hand-?waving|infighting|guesswork)\b.* (?:by|of|from|in|among|at) (?:{STAFF}|"
    rf"the [\w-]+ group)|"
    rf"{STAFF}.*\b(?:shambles|fiasco|farce|disgrace|corner-cutting|foot-dragging|infighting)\b",
    rf"\b(?:word|talk|chat|conversation) with {ANYBODY} (?:responsible|involved|concerned|in question|"
    rf"about)|\b(?:serious|stern|quiet) word with",
    rf"^\W*by {ANYBODY}[^,]* (?:wrong|false|bad|untested|unreviewed)\b|"
    rf"\b(?:wrong|false|bad|untested|unreviewed) [\w-]+ (?:was|were|has been|had been|"
    rf"is) (?:\w+ly )?{DONE} by {ANYBODY}",
    rf"\b(?:fault|blame|responsib\w+|accountability|culprit|mistake|error|failure|problem|"
    rf"bottleneck)(?: for [\w -]{{1,40}}?)? (?:here )?"
    rf"(?:lies|lay|rests|falls|sits|is|was|belongs|goes)(?: \w+ly)?(?: with| on| to| at)? {ANYBODY}",
    rf"(?:is|was|['’]s|all|entirely|solely|squarely|mostly|mainly|purely|simply|largely|really) (?:down to|"
    rf"(?:the )?(?:fault|doing|work) of) {ANYBODY}",
    rf"\b(?:it|this|that|one)(?:['’]s| is| was) (?:all |entirely |squarely |mostly |partly )?(?:on|"
    rf"because of|due to|down to) {ANYBODY}",
    rf"\b(?:because of|due to|owing to|thanks to) {ANYBODY}(?![§¤¶¢])(?! for\b)(?! (?:¶+|[\w-]+) (?:for|we)\b)",
    rf"\b(?:blam(?:e|ed|ing)|faulted|finger at) {ANYBODY}",
    rf"{ANYBODY} (?:should|must|needs? to|has to|have to|will have to|ought to) be (?:spoken to|"
    rf"disciplined|sacked|retrained|held \w+|fired|replaced|reminded)",
    # what would have been, and who is asked
    rf"\b(?:if|had)(?: only)? {PERSON}(?! not (?:noticed|caught|spotted|seen|stepped|acted|pulled|raised|"
    rf"reverted))(?: [\w¶¢-]+){{0,3}}? (?:had|hadn['’]t|been|bothered|only|just|not|"
    rf"done|read|checked|looked|\w+ed|told|thought|taken|kept)\b(?=.* (?:would|could|might|wouldn|"
    rf"[\w]+['’]d)\b)",
    rf"\b(?:would|could|wouldn['’]t)\b.* (?:if|had) (?:only )?(?:{PERSON}|"
    rf"people)(?: [\w¶¢-]+){{0,3}}? (?:had|hadn['’]t|read|did|listened|looked|checked|asked|cared|\w+ed)\b",
    rf"\b(?:why|how)(?: on earth| the hell| the heck)? (?:did|could|was|were|has|had|would)(?:n['’]t|"
    rf" not)? (?:no ?one|nobody|anyone|anybody|{PERSON})",
    r"\bwhose (?:bright |brilliant |great )?(?:idea|decision|fault|job)\b|\bwho (?:on earth|the hell|"
    r"the heck|in their right mind)\b|\bwho (?:let|left|allowed|approved|pushed|merged|thought|signed|"
    r"forgot|changed|did)\b[^?]*\?",
    rf"\bwhat (?:was|were) (?:they|{PERSON}) thinking",
    # words that reproach by themselves
    r"(?:\b(?:human|user|pilot|finger)|¶+) (?:error|mistake|failure|trouble|slip|factor|lapse|oversight|"
    r"inattention)|\bcareless\w*|\bnegligen(?:t|tly|ce)\b|\bslopp(?:y|ily|iness)\b|\bincompeten\w*|\b(?:screw|"
    r"mess|cock)(?:ed)?[- ]up\b|"
    r"\breckless\w*|\blaz(?:y|iness|ily)\b|\bstupid\w*|\bidiot\w*|\bamateur\w*|\bunprofessional\w*|"
    r"\bdisgrace\w*|\binexcusable|\bunforgivable|\bcomplacen\w+|\bpebkac\b|\bfat[- ]finger\w*",
    r"\b(?:rookie|schoolboy|beginner['’]s|newbie|elementary|silly|stupid|dumb|unforced) (?:error|mistake|"
    r"slip)s?|\basleep at the wheel|\b(?:should|ought to)(?: really| all)? have known|\bkn[eo]w better|"
    r"\bheads (?:will|must|should) roll|"
    r"\bdisciplinary|\bat fault\b|\b(?:must|has to|have to) answer for|\blet down by|\bwithout thinking|"
    r"\bheld (?:accountable|responsible|to account)|\bbright idea|\bdereliction",
    r"(?<!to )\bblame (?:for|rests|lies|is|falls|goes|belongs)\b",
    r"\b(?:poor|bad|questionable|terrible|awful|appalling) (?:judge?ment|call\b|workmanship|discipline|"
    r"attitude|handover)|\b(?:lack|absence|want) of (?:discipline|care|attention|diligence|rigou?r|"
    r"ownership|professionalism|"
    r"commitment|common sense|respect|effort|competence|vigilance|concentration|responsibility)|"
    r"\b(?:insufficient|not enough|too little|inadequate|no) (?:care|attention|diligence|effort|"
    r"thought) (?:\w+ ){0,2}(?:taken|paid|given|shown|from|by|made|went)",
    r"\bbasic (?:care|diligence|professionalism|competence)|\bany competent|\bbe (?:arsed|bothered)\b|"
    r"\bcould(?:n['’]t)? care less|\b(?:did(?:n['’]t| not)|never|not even) bother|\bdo (?:his|her|"
    r"their) (?:job|homework)\b|"
    r"\bpull(?:ed)? (?:his|her|their) weight",
)

NO_BLAME = (
    r"\b(?:nobody|no one|no person|not|never|nor|none|no|(?:isn|wasn|aren)['’]t) (?:\w+ ){0,3}"
    r"(?:to blame|at fault|human error|careless\w*|negligen\w*|blame|fault|mistake of|(?:matter|question|"
    r"case|lack) of)"
    r"|\b(?:nobody|no one)['’]s (?:fault|mistake|doing)|\bpage faults?\b|\bblameless\w*|\bforgotten by no\b"
    r"|\b(?:could|can)(?: not|n['’]t) [^,.]*\b(?:because|since|,? as) (?:the|its|no|it|there|an?) (?![\w ]*[¶])"
)
