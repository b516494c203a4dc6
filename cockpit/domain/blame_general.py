"""How any sentence reproaches: who is spoken of, and a failing said of them in the same clause."""

from __future__ import annotations

from cockpit.domain.blame_lexicon import (
    BAD,
    DAMAGED,
    FAILINGS,
    HARM,
    IDIOMS,
    IRREGULAR,
    UNFIT,
    VERBS,
    VIRTUES,
    WORK,
    inflected,
)
from cockpit.domain.blame_words import ANYBODY, OWNER, PARTS, PERSON_WORDS

HUMAN = r"(?:[§¤¶¢]+|\b(?:he|she|him|his|her|you|your|someone|somebody|whoever|guys?|folks)\b)"
"""Anybody at all, in whatever part of a sentence."""
_SUBJECT = (
    rf"(?:\b(?:{PERSON_WORDS})\b|\b{PARTS}(?: (?!(?:the|an?|to|from|by|gave|let|told|made|was|is|were|are|"
    rf"be)\b)[\w&/'’¢¤¶-]+){{0,3}}? "
    r"¶+(?: ¶+)?(?!['’]s?\b)|(?:^|(?<=if )|(?<=because )|(?<=that )|(?<=but )|(?<=and ))(?:more )?¶+|§+(?: "
    r"§+)?(?: and [§¤]+)?(?!['’]s?\b)|"
    r"¢+(?!['’]))"
)
_WHO = (
    rf"(?:(?<!\bto )(?<!\bby )(?<!\bfrom )(?<!\bfor )(?<!\bwith )(?<!\bstopped ){_SUBJECT}|\bthe (?:two|three|"
    rf"four|pair|lot) of (?:them|you)\b|"
    rf"{OWNER} (?:[\w-]+ )?¶+(?!['’])|(?<=: )¶+)"
)
"""Who does something: nobody whom a preposition makes the object."""
_GOOD = (
    r"(?:noticed|found|saw|sees|reported|spotted|told|traced|fixed|corrected|discovered|explained|reverted|"
    r"showed|proved|"
    r"handled|caught|flagged|undid|thank\w*|praised?|helped|saved|confirmed|suspected|restored|repaired|"
    r"recovered|warned (?:us|of)|"
    r"cleaned|identified|ruled|contained|stopped|listed|owns?|will|asked|described|documented|added|wrote)"
)
_STOP = rf"(?:that|can|may|cannot|which|because|until|since|whose|where|so|whether|than|when|as|if|{_GOOD})"
_REACH = rf"(?:,? (?!{_STOP}\b)[^\s,]+){{0,8}}?,?"
"""Words between who is spoken of and the failing; none of them opens another clause or praises."""
_ADVERB = (
    r"(?:(?:\w+ly|simply|just|even|then|also|again|still|once|himself|herself|themselves|at no (?:point|time)) )*"
)
_WHERE = r"(?: (?:on|in|at|from|of|for) (?:the |our )?[\w¢¶-]+(?: [\w¢¶-]+)?)?(?:,? who [^,]{3,50},?)?"
_NO = (
    r"(?:(?:did|does|do|has|have|had|was|were|is|are|would|could|must|should)(?: not|n['’]t| never| at no point| "
    r"in no way)|"
    r"never|cannot|can['’]t|won['’]t)"
)
_EXCUSED = (
    r"(?:(?:\w+ly|yet|even|been|be|have|have been) )*(?:paged|alerted|told|informed|notified|given|shown|"
    r"affected|involved|"
    r"invited|included|asked|able|see\b|seen|know(?! what (?:he|she|they))\w*|decided|sure\b|reproduce|confirm|"
    r"notic|caught|catch|receive\w*|get\b|got\b|need\w*|have (?:access|an?|the|any|enough)|had|reach\b|find|"
    r"found|log\b|access|tell|distinguish|trained|named|listed|aware|"
    r"part\b|own\b|alone|affect|expect\w*|on (?:the|call|duty|shift)|see[n]?|blame|a\b|the (?:cause|reason)|made "
    r"aware|hear\w*|wait\b|lose|"
    r"rested|paid|staffed|allowed|connected|reachable by|copied|subscribed|in the (?:room|loop|rota)|responsible|"
    r"at fault|to\b)"
)
"""What people are kept from, which is no fault of theirs."""
_DUTY = (
    r"(?:bother|check|ask|tell|told|correct|question|challeng|speak|spoke|warn|verif|test|read|review|look|"
    r"listen|care|"
    r"think|thought|stop|object|own|escalat|document|mention|explain|rais|respond|answer|react|double-|prevent|"
    r"interven|"
    r"follow|clean|updat|writ|wrote|took|tak|pick|step)\w*"
)
_DAMAGE = rf"{_ADVERB}(?:{inflected(VERBS)}|{IRREGULAR})"

GENERAL = (
    # somebody, and a failing
    rf"{_WHO}{_WHERE}{_REACH} (?:{inflected(VERBS)}|{IRREGULAR})\b(?! by\b)",
    rf"{_WHO}{_WHERE}{_REACH} {IDIOMS}",
    rf"{_WHO}{_WHERE}{_REACH} (?:is|are|was|were|be|been|being|seem\w*|appear\w*|look\w*|sound\w*|prov\w+|"
    rf"remain\w*|act\w*|"
    rf"got|gets|became|felt)(?: to be| rather| quite| very| so| simply| just| frankly,?| a bit| somewhat| "
    rf"\w+ly)*,? {UNFIT}\b",
    rf"{_WHO}{_WHERE}{_REACH} (?:less than|not (?:exactly|particularly|especially|really|very|at all|quite|so|"
    rf"sufficiently|enough|overly|"
    rf"altogether)|n['’]t (?:exactly|particularly|really|very|so|enough)|hardly|scarcely|barely|far from|"
    rf"anything but|insufficiently|"
    rf"never) (?:\w+ )?{VIRTUES}\b",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:{_NO}) (?!{_EXCUSED})\w+",
    rf"\b(?:(?:and|but|then|yet) |, )(?:{_ADVERB})(?:(?:did|has|had)(?: not|n['’]t)|never) (?!{_EXCUSED})\w+.* "
    rf"(?:by|with|to|from) {ANYBODY}$",
    rf"\b(?:nobody|no[ -]one|not (?:one|a soul)|none of (?:them|us|you|the ¶+))(?: (?:in|on|at|from|of) (?:\S+ "
    rf"){{1,4}}?| )"
    rf"(?:{_ADVERB})(?:had |has |would |did |wanted to |saw fit to |dared (?:to )?|bothered (?:to "
    rf")?)?{_DUTY}\b(?! by)",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:should|ought to|could|might|was (?:supposed|meant|expected) to|were "
    rf"(?:supposed|meant|expected) to|"
    rf"had (?:only|merely|just) to|needed only)\b(?: \w+){{0,2}}? ?(?:have|['’]ve|have been|only|"
    rf"\w+)\b(?=.*\b(?:have|instead|but)\b)",
    rf"{_WHO}{_REACH} (?:fail|neglect|omit|forg[eo]t|refuse|decline|refrain|hesitate|struggle)\w* (?:to|from)\b",
    rf"{_WHO}{_REACH} (?:made|set|put|picked|chose|used|took|gave|pushed|shipped|entered|typed|wrote|loaded|"
    rf"pressed|ran|hit|sent|pulled|"
    rf"selected|applied|makes|sets|picks|pushes|ships|pastes|pasted|merged|merges)(?: \S+){{0,4}} (?:wrong|"
    rf"incorrect|faulty|broken|bad|"
    rf"untested|invalid|erroneous)\w*",
    r"^\W*(?:\d\S*:?\s*)?(?:[§¤]+|.*¶+) (?:pushes|merges|ships|deploys|deletes|drops|pulls|turns off|disables|"
    r"kills|leaves|goes|walks)\b"
    r".*(?:,|w/o|without|[-–—]) (?:no|w/o|without|zero|again|alone|and (?:goes|leaves))\b",
    # a failing, and whose
    rf"{OWNER} (?:[\w-]+ ){{0,3}}{FAILINGS}\b",
    rf"\b{FAILINGS}(?: \w+){{0,2}}? (?:of|by|from|in|among|amongst|within|on the part of|at|with) {ANYBODY}",
    rf"\b(?:through|by|from|out of|due to|because of|owing to|thanks to|sheer|pure|plain|down to|simple) (?:the |"
    rf"a |an )?(?:\w+ )?{FAILINGS}\b(?=.*{HUMAN})",
    rf"\b(?:a |the |such )?{UNFIT} (?:[\w-]+ )?¶+",
    rf"{OWNER} (?:[^\s,]+ ){{1,4}}?{DAMAGED}\b",
    rf"\b(?:by|through|at the hands of|in the hands of|left to) {ANYBODY}(?: \w+){{0,3}} (?:{IDIOMS}|who "
    rf"{_DAMAGE})",
    rf"\b(?:handled|managed|done|run|executed|tested|reviewed|written|communicated|configured|prepared|led) "
    rf"(?:\w+ )?(?:badly|poorly|"
    rf"carelessly|sloppily|with (?:a |an )?(?:complete |total |utter )?(?:lack|want|absence|disregard)).*{HUMAN}",
    rf"\b(?:lack|want|absence|dearth|shortage) of (?:\w+ )?(?:accountability|attention|care|caution|commitment|"
    rf"common sense|"
    rf"communication|competence|concentration|courage|diligence|discipline|effort|foresight|initiative|interest|"
    rf"judge?ment|"
    rf"leadership|ownership|preparation|professionalism|respect|responsibility|rigou?r|thought|urgency|vigilance)\b"
    rf"(?! \w+ (?:allow|let|made))(?=.*{HUMAN})",
    rf"\b(?:fault|doing|mistake|error|failure|handiwork|work|responsibility|blame|carelessness) of (?:the "
    rf")?{ANYBODY} (?:that|who|for|to)\b",
    rf"\b(?:is|was|it['’]s|this) (?:the |a )?(?:fault|error|mistake|failure) (?:of|by|from) {ANYBODY}",
    rf"{ANYBODY}{_REACH} (?:must|should|has to|have to|needs? to|ought to|will have to|is to|are to) (?:\w+ "
    rf")?(?:bear|carry|shoulder|"
    rf"accept|take|answer|own up|explain|justify|apologi[sz]e)",
    # what came of somebody
    rf"^(?!.*\b(?:went away|stopped|shorter|ended|fell|quick\w*|smaller|limited|gone|solved|over|"
    rf"only)\b).*\b{HARM}\b.*\b(?:because|since|as|for) {_WHO}{_WHERE} {_ADVERB}(?!{_GOOD}|had (?:no|an?|to)\b|"
    rf"(?:was|were|is|are|has|had|"
    rf"got) (?:not )?(?:{_EXCUSED}|asleep by|\w+ing on another))\w+(?:ed|es|s|t|d|ew|ook|ook|ent|an|ut|id)\b",
    rf"\b(?:due|owed|attributable|attributed|traced(?: back)?|down|owing) to (?:the )?(?:\w+ )?(?:failure|"
    rf"mistake|error|decision|"
    rf"refusal|reluctance|inability|slip|action|actions|conduct|behaviou?r)s? (?:of|by|from) {ANYBODY}",
    rf"\b(?:stem\w*|result\w*|aros\w|arising|originat\w+|came|follow\w*|sprang) (?:from|with|out of) (?:\w+ "
    rf")?{OWNER} ",
    rf"\b(?:avoid|prevent|foresee)able\b.*{HUMAN}|{HUMAN}.*\b(?:avoid|prevent|foresee)able\b",
    rf"\b(?:had|if)(?: only)? {_WHO}{_WHERE}(?! not (?:{_GOOD}|\w+ed))(?: [^\s,]+){{1,9}}.*\b(?:would|could|"
    rf"might|wouldn['’]t|\w+['’]d)\b(?! have been (?:\w+ )?worse)",
    rf"\b(?:would|could|might|wouldn['’]t|we['’]d)\b.*\b(?:had|if)(?: only)? {_WHO} (?!had not|hadn)",
    # irony
    rf"\b(?:thanks|thank you|kudos|bravo|props|congrat\w+|well done|hats off|credit|cheers|applause|respect|"
    rf"shout-?out)\b.*{HUMAN}.*\bfor "
    rf"(?:not|never|only|forgetting|{_DAMAGE})",
    rf"\b(?:guess|suppose|assume|presumably|apparently|evidently|clearly|obviously|seems|seemingly|looks like|"
    rf"turns out|somehow|in (?:his|her|"
    rf"their) wisdom|naturally|of course)\b,? (?:that )?{_WHO}{_WHERE} (?:\w+ )?(?:thought|figured|felt|decided|"
    rf"reckoned|believ\w+|"
    rf"fancied|considered|had|has|never|didn|did not|knew|found|preferred|missed|could)",
    rf"\b(?:apparently|evidently|clearly|obviously|seemingly|somehow|surely)\b.*\b(?:beneath|below|beyond|above|"
    rf"too much (?:to ask|for)|optional"
    rf"|asking too much).*{HUMAN}|\b(?:beneath|too much (?:trouble|work|effort) for|beyond) {ANYBODY}",
    rf"{_WHO}{_WHERE}.*\b(?:as usual|as per usual|per usual|as ever|as always|yet again|once again|once more|"
    rf"strikes? again|, again|at it again|surprise,? surprise|"
    rf"how typical|of all people|bless|big surprise|go figure|no surprise)\b[^\w]*$",
    rf"\b(?:as usual|as per usual|per usual|as ever|as always|yet again|typical\w*|surprise,? surprise|classic|"
    rf"unsurprisingly|predictably|inevitably),? {_WHO}",
    r"\b(?:once (?:again|more)|again),? (?:\w+ ){0,6}(?:clean|tidy|mop|pick|clear|sweep)\w* up (?:after|"
    r"behind|for)",
    rf"\b(?:clean|tidy|mop|clear|sweep)\w* up (?:after|behind) {ANYBODY}|\bleft (?:us|me|others|the rest) to "
    rf"(?:clean|tidy|mop|deal|pick)",
    r"^\W*(?:\w+ ){0,3}who (?!is|was|are|were|owns?|has|have|had|can|could|will|would|should|may|needs?|did|does|"
    r"do|to\b|else\b)\w+\b[^?]*\?",
    rf"\b(?:lol|lmao|smh|facepalm|sigh|ugh|ffs|duh|jeez|omg|wtf)\b.*(?:[¶§¢]+) (?!{_GOOD}|and\b)\w+",
    r"\b(?:bright spark|genius|wizard|hero|mastermind|einstein|rocket scientist|star performer)s? (?:in|on|at|"
    r"from|of|who|that)\b|"
    r"\b(?:brilliant|genius|inspired|great|stellar|bang-up|fine|top|excellent|superb|nice) (?:work|job|idea|"
    r"thinking|move|plan)[^\w]*$(?<=\.\.\.)",
    rf"{HUMAN}.*\b(?:told|warned|reminded|asked)\b.*\b(?:twice|repeatedly|times|before|already)\b.*\b(?:and|but|"
    rf"yet|still)\b.*\b(?:anyway|still|"
    rf"regardless|nothing|again|you|shipped|did)\b",
    rf"\b(?:one|we|i|you) (?:might|could|would) (?:\w+ )?(?:have )?(?:expect|hope|assume|think|thought)\w* "
    rf"{ANYBODY}",
    rf"\b(?:it )?(?:is|was) {OWNER} (?:job|duty|task|responsibility|role) to\b",
    rf"^\W*(?:by|through|for|from|with) (?:the )?{FAILINGS} of",
    rf"{_WHO} (?:on duty |in charge )?(?:\w+ly )?(?:un\w+able|asleep|absent|missing|late|gone|silent|"
    rf"unresponsive|nowhere|away|clueless|confused|offline)\b",
    rf"\b(?:no|zero|not a|hardly any|little) (?:reply|answer|response|handover|notes?|warning|review|word|sign|"
    rf"update|reaction|help|explanation|apology|"
    rf"follow-?up|ownership|communication|heads-?up|test|checks?|questions?)(?: \w+)? (?:from|by|of) "
    rf"{ANYBODY}(?!['’])",
    r"\b(?:some|another|which|what) (?:genius|wizard|bright spark|clown|joker|smart alec\w*|clever clogs|hero|"
    r"idiot|muppet|expert)\b",
    rf"\b(?:surprise,? surprise|guess what|guess who|shocker|newsflash|spoiler)\b.*{HUMAN}|\b(?:usual|prime|"
    rf"main) suspects?\b",
    rf"\bof course,? {_WHO}|\bnot for the first time\b.*{HUMAN}|{HUMAN}.*\b(?:not for the first time|of all "
    rf"people)\b|\bfor the (?:second|third|fourth|\w+th) time\b.*{HUMAN}",
    rf"\b(?:for (?:other|lesser|little) (?:people|¶+)|optional|a nuisance)\b.*{HUMAN}",
    rf"{OWNER} (?:[\w-]+ ){{0,2}}{WORK}\b.* (?:{BAD}\b|{IDIOMS})",
    rf"\b{BAD} (?:[\w-]+ )?(?:{WORK}|[¶¢]+) (?:of|by|from|in|among|on the part of|within|at|on) {ANYBODY}",
    rf"{OWNER} (?:\w+ )?{BAD} (?:[\w-]+ )?(?:{WORK}|[¶¢]+)",
    rf"\b(?:responsib\w+|blame|fault|accountab\w+|guilt|cause|onus)\b.* (?:rests?|lies?|sits?|falls?|belongs?|be "
    rf"laid|laid|ascribed|assigned|attributed|go|goes) (?:\w+ )?"
    rf"(?:with|on|upon|to|at the (?:door|feet) of|at) {ANYBODY}",
    rf"\b(?:breakdown|collapse|failure|absence|lapse|gap|shortfall|deficit|erosion) (?:of|in) (?:discipline|"
    rf"communication|leadership|supervision|trust|judge?ment|"
    rf"diligence|attention|oversight|care|vigilance|ownership)\b.*{HUMAN}",
    rf"\b(?:mess|chaos|damage|debris|shambles|what|havoc)(?: that)? {_WHO} (?:had )?(?:left|made|caused|created|"
    rf"broke|did|wrought)",
    rf"{_WHO}{_REACH} (?:told|warned|informed|reminded|aware|advised)\b[^,.]* (?:and|but|yet) (?!{_GOOD}|then|"
    rf"was|is|so)\w+(?:ed|s|t|k|d)\b",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:blew|broke|clung|crept|fell|fled|flung|forbade|hid|lied|misread|quit|sank|"
    rf"slept|slid|snuck|spoilt|"
    rf"stole|swore|threw|tore|trod|withheld)\b",
    rf"\b(?:regret|deplor|disappoint|unaccept|surpris|baffl|astonish|unfortunat|incomprehens|inexplicab|lament|"
    rf"scandal|puzzl|concern|inexcus|odd|"
    rf"strange|pity|shame|remarkabl)\w*.{{0,25}}? that {_WHO} (?!{_GOOD}|(?:was|were|had) (?:not )?{_EXCUSED})",
    rf"\b(?:regrettably|unfortunately|sadly|alas|disappointingly|inexplicably|incredibly|unbelievably|"
    rf"bafflingly),? {_WHO} (?!{_GOOD}|(?:was|were|had|is|could|did)"
    rf"(?: not)? (?:{_EXCUSED}|ill|sick|away|on|\w+ing on))",
    rf"\b(?:little|no|scant|insufficient|zero|precious little|inadequate) (?:regard|care|thought|attention|"
    rf"effort|attempt|interest|concern|consideration|"
    rf"preparation|supervision)\b(?! should| is needed).*{HUMAN}",
    rf"\b(?:on {OWNER} watch|under {OWNER} (?:watch|leadership|command|management|supervision)|courtesy of "
    rf"{ANYBODY}|ask {ANYBODY} (?:why|how|about)|"
    rf"have {ANYBODY} to thank|(?:can|may) thank {ANYBODY}|{OWNER} fingerprints|shame on|at {OWNER} door)",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:need|needs|could use|deserves?|would do well|might want|may wish|might wish|"
    rf"may want) (?:an? |to |some )?(?:\w+ )?"
    rf"(?:reminder|training|lesson|day off|talking|learn|read|remember|rethink|look in|reflect|refresher|grow)",
    rf"{_WHO}{_WHERE} {_ADVERB}(?!{_GOOD}|(?:was|were|is|had|has|saw|replaced|removed|got|received|had been|said|"
    rf"says|asked|wrote|noted|thinks|thought|agreed|believe[ds]|from|stated|remarked|mentioned)\b)\w+(?:ed|t|d|e|"
    rf"n|k|s)(?: (?!that|which|because|{_GOOD}|not)[^\s,]+){{0,5}} "
    rf"(?:wrong|wrongly|incorrect|incorrectly|erroneous|faulty|untested|invalid|backwards|upside down|"
    rf"prematurely|too (?:late|early|soon|fast|quickly|slowly|hastily))\b",
    rf"\b(?:guilt\w*|culpab\w+|culprit|blameworthy|scapegoat)\b.*{HUMAN}|{HUMAN}.*\b(?:guilt\w*|culpab\w+|"
    rf"blameworthy|culprit)\b",
    rf"{HUMAN}.*\b(?:cannot|can['’]t|could not|never|not|n['’]t) be (?:trusted|relied|left alone|excused|"
    rf"counted)\b",
    rf"{_WHO} (?:and [§¤]+ )?being {ANYBODY}",
    rf"\b(?:neither|none|not one)(?: of (?:them|us|you))? (?:even )?{_DUTY}\b(?! by)(?=.*)(?<!test)(?<!check)",
    rf"{_WHO}{_WHERE} must (?:surely |clearly |simply )?have (?:\w+ly )?(?:known|seen|noticed|forgotten|been|"
    rf"thought|missed|left|hit)\b",
    r"\bwith (?:only )?(?:a little|a bit|some|slightly|a modicum of|even|just|an ounce of)?(?: of)? ?(?:more|"
    r"greater|better|basic|minimal)? ?(?:care|attention|diligence|thought|"
    r"foresight|planning|common sense|effort|vigilance|prudence)\b.*\b(?:would|could|might)\b",
    rf"{_WHO}.*\b(?:little|no|scant|zero|precious little|hardly any|not much) (?:interest|regard|care|thought|"
    rf"attention|effort|concern|urgency|remorse|initiative|"
    rf"understanding|respect|patience|appetite) (?:in|for|to|about|of|when|into)\b",
    rf"\b(?:i|we|you) (?:\w+ )?(?:told|warned|asked|reminded|begged|advised) {ANYBODY}.*\b(?:times|twice|"
    rf"repeatedly|not to|again|before|already|weeks ago|in \w+$)",
    rf"{_WHO}{_WHERE} (?:\w+ ){{0,2}}(?:more|rather|only|too) (?:interested|concerned|busy|keen|focus\w+|worried|"
    rf"occupied|bothered|intent)\b",
    rf"\b(?:errors?|faults?|guilt|mistakes?|blame|responsibility) (?:is|was|are|were|be|comes?|came) (?:all |"
    rf"only |mainly )?(?:of|from|by|with|on) {ANYBODY}",
    rf"{_WHO}{_WHERE} (?:is|are|was|were) (?:\w+ly |rather |quite |so |too |very )?(?!un(?:able|affected|der|til|"
    rf"ited|iversal)|in(?:formed|volved|vited|to|terviewed|troduced|structed|ternal|"
    rf"terrupted|cluded|dependent|deed|side|stalled|spired)?\b|im(?:pacted|portant|pressed|proved|mediate)|"
    rf"dis(?:connected|cussing|patched|tributed))"
    rf"(?:un|in|im|ir|dis|ill-)\w+(?<!ing)\b",
    rf"{_WHO}{_REACH} {BAD} (?:[\w-]+ )?{WORK}\b",
    rf"{_WHO}{_REACH} (?:push|press|lobb|clamou?r|hurr|agitat)\w* (?:for|to have|through)\b",
    rf"{_WHO}{_WHERE} (?:is |was |were |are )?(?:on|at|away on|off on) (?:vacation|holiday|leave|lunch|the beach|"
    rf"a plane|a break|his phone|her phone)\b.*\b(?:no|without|nobody|when|while|during|instead)\b",
    rf"{_WHO}{_REACH} (?:saw|sees|felt|feels|had|has|found) no (?:need|reason|point|intention|interest|qualms|"
    rf"plan|excuse|urgency|harm|problem in|value)\b",
    rf"{OWNER} (?:[\w-]+ ){{0,2}}(?:{WORK}|changes?|commits?|explanations?|repl(?:y|ies)|answers?|estimates?|"
    rf"excuses?|reports?|code|account|notes|advice|instructions?|"
    rf"deploys?|deployments?|prompts?|scripts?)\b.* (?:is|was|were|are|has been|have been|seems?|remains?|"
    rf"looks?) (?:\w+ )?(?:never|not (?!the|on|in|yet|at|affected|part|involved)|hardly|"
    rf"scarcely|anything but|far from|un(?!til|der|affected|changed)\w+|in(?:adequate|complete|correct|accurate|"
    rf"sufficient|comprehensible|consistent)|{BAD})\b",
    rf"{_WHO}{_WHERE} (?:must|should|may|ought to|needs? to|has to|have to)(?: \w+ly)? (?:never|stop|finally|"
    rf"learn|grow|start|remember|realise|realize|respect|keep (?:his|her|their))\b",
    rf"{_WHO}{_WHERE} (?:must|should|may|can) not (?!{_EXCUSED})\w+",
    rf"{_WHO}{_WHERE} (?:just|simply) (?:had|has|have) to\b|\b(?:would|['’]d) (?:\w+ )?(?:be|have been) (?:nice|"
    rf"great|helpful|lovely|good|useful|something) if .*{HUMAN}",
    rf"\blet['’]s (?:just )?say\b.*{HUMAN}|\bnot (?:exactly |really )?(?:a masterpiece|a triumph|(?:his|her|"
    rf"their) finest|our finest|rocket science|a great look|ideal)\b|"
    rf"\b(?:please|kindly) (?:explain|tell|teach|remind|inform|show)\b.*{HUMAN}.*\b(?:what|how|that|why|to|"
    rf"not)\b|\banother day,? another\b",
    rf"{_WHO}{_REACH} before (?:even |ever )?(?:reading|checking|testing|asking|looking|reviewing|verifying|"
    rf"waiting|thinking|understanding|finishing|telling|warning|consulting|informing)\b",
    rf"{_WHO}[^.]*\b(?:has|have|had) yet to\b|{_WHO}[^.]*\bstill (?:has|have|had|did|does|do)(?: not|n['’]t)\b",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:chose|opted|elected|preferred|picked|went for|took|trusted)(?: for| in)? "
    rf"(?:the |an? )?(?:easy|quick|cheap|lazy|wrong|comfort\w*|short|fast|convenient|simple|easier|quicker|"
    rf"cheaper|default|to (?!roll|wait|restore|keep|revert|stop|close|pause))\b",
    rf"{_WHO}{_REACH} (?:lies|excuses|nonsense|rubbish|garbage|fairy tales|half-truths|guesswork|games|theatre|"
    rf"theater)\b",
    rf"\b(?:result|consequence|product|outcome|fruit|upshot) of (?!(?:the|an?) (?:fix|rollback|quick|prompt|"
    rf"good))[^,.]*(?:decision|choice|action|move|idea|insistence|request|wish|desire|order|conduct|attempt|"
    rf"{WORK})\w* (?:of|by|from|in) .*?{ANYBODY}",
    r"\b(?:weakness(?:es)?|shortcomings?|deficienc(?:y|ies)|failings?|inadequac(?:y|ies)|incapacity|"
    r"misbehaviou?r|breach(?:es)?|violations?|non-?compliance|shortfalls?|"
    rf"lapses?|errors? of judge?ment) (?:in|of|by|on|within|among)\b.*(?:by|of|in|from|on|among) {ANYBODY}(?!['’])",
    rf"{_WHO}{_WHERE} {_ADVERB}let (?!us\b|(?:\S+ ){{1,4}}know\b|go of|me\b)",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:left|went (?:home|off|offline|out)|logged off|disappeared|clocked off|signed "
    rf"off|walked (?:off|out|away))\b(?:.*\b(?:early|although|though|despite|while|"
    rf"offline|blind|without|during|halfway|in the middle|anyway|unfinished)\b)",
    rf"{_WHO}{_WHERE}(?<!\byou)(?<!\beverybody)(?<!\beveryone) (?:was|were|is|are) (?!(?:still |already "
    rf")?(?:investigat|work|look|handl|watch|monitor|wait|runn|restor|test|check|roll|talk|fix|deploy|build|writ|"
    rf"read|follow|prepar|us|do|"
    rf"migrat|updat|trac|debugg|travell|driv|lead|review|compar|hold|draft|help|gett|be|try|join|tak|go|see|ask|"
    rf"mov|chang|add|return|commut|clos|open|own|miss|triag|restart|rebuild|hand|gather|mean|miss)ing)"
    rf"(?:still )?(?!ongoing|during|morning|evening|nothing|something|anything)\w+ing\b",
    rf"{_WHO}{_REACH} (?<!was )(?<!were )(?<!been )(?<!is )not (?:even |properly |yet )?(?:tested|reviewed|"
    rf"checked|approved|verified|announced|documented|signed)\b",
    rf"\b(?:nobody|no one) (?:but|except|other than|apart from) {ANYBODY}|\bonly {ANYBODY} (?:knew|knows|"
    rf"understood|understands)\b",
    r"¶+ (?:mia|awol|afk|ooo|blind|nowhere|drunk|hung ?over|unprepared|clueless)\b",
    rf"{_WHO}{_WHERE} {_ADVERB}(?:sign|approv|merg|accept|wav|click|ok|agree)\w*(?: off)? (?:\w+ )?(?:blind|"
    rf"unread|unseen|sight unseen|half-asleep)\b",
    r"\b(?:thought|assumed|believed|hoped|figured|reckoned) (?:that )?(?:someone|somebody|others|anyone|another|"
    r"the other)\b",
)
