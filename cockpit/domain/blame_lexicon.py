"""Words of general English that say somebody failed, whoever it was and whatever was done."""

from __future__ import annotations

from collections.abc import Iterable

VERBS = """
abandon abdicate aggravate antagonise antagonize backpedal baulk balk blunder blurt bodge botch bulldoze bully bungle
butcher bypass circumvent clobber conceal contravene cripple dally dawdle daydream deceive defy delude derail destroy
disobey disregard distort dither dodge doze endanger err evade exacerbate exaggerate fabricate faff fake falsify
falter flounder flout flub fluff forget fudge fumble gamble goof hesitate hoodwink ignore imperil infringe intimidate
jeopardise jeopardize loiter mangle meddle mishandle muddle neglect nuke obfuscate omit overcomplicate
overestimate overlook overreach overreact overrule oversleep overstate overstep panic pester prevaricate procrastinate
renege ruin rush sabotage scoff shirk shrug sidestep skimp skip slack sleepwalk smuggle sneak snub snooze
squander stonewall subvert sulk tamper tinker trample trivialise trivialize undercut underestimate undermine underplay
underrate vacillate violate waffle waste whitewash withhold worsen wreck yolo
"""
"""What nobody is praised for, as it stands in a dictionary."""

IRREGULAR = (
    r"forgot(?:ten)?|broke|lied|hid|lost (?:his|her|their) \w+|overslept|overrode|overran|withheld|mis\w+(?:ed|es)|"
    r"misread|misheard"
)

FAILINGS = (
    r"(?:absent-mindedness|apathy|arrogance|blunders?|bravado|bungling|careless\w*|complacency|conceit|cowardice|"
    r"deceit|defiance|dereliction|dilatoriness|disinterest|dishonesty|disobedience|disorgani[sz]ation|disregard|"
    r"distraction|dithering|egos?|evasiveness|faux pas|folly|foolishness|foot-?dragging|forgetfulness|greed|haste|"
    r"hastiness|hesitation|hesitancy|hubris|idleness|ignorance|impatience|imprudence|impulsiveness|inaction|"
    r"inattention|inattentiveness|incompetence|indecision|indecisiveness|indifference|indiscipline|ineptitude|"
    r"inertia|"
    r"inexperience|insubordination|irresponsibility|laxity|laxness|laziness|lethargy|malpractice|meddling|"
    r"misconduct|"
    r"misjudge?ments?|mismanagement|missteps?|naivety|neglect|negligence|nonchalance|obstinacy|oversights?|"
    r"overconfidence|passivity|procrastination|recklessness|reluctance|rudeness|secretiveness|selfishness|"
    r"short-?sightedness|slackness|slip-?ups?|sloppiness|slowness|sluggishness|stubbornness|stupidity|tardiness|"
    r"thoughtlessness|tunnel vision|unwillingness|unpreparedness|unprofessionalism|vanity|wishful thinking|"
    r"(?:poor|bad|faulty|questionable|flawed|dubious|weak) (?:judge?ment|decisions?|choices?|calls?|planning|"
    r"communication|"
    r"leadership|management|discipline|workmanship|attitude|coordination|preparation))"
)
"""What is wrong with people, as nouns."""

UNFIT = (
    r"(?:absent|aloof|arrogant|blase|careless|casual|cavalier|clueless|clumsy|cocky|complacent|confused|"
    r"defensive|derelict|dilatory|disengaged|dishonest|disorgani[sz]ed|distracted|dismissive|evasive|flippant|"
    r"foolish|"
    r"forgetful|hasty|heedless|hopeless|idle|ignorant|ill-?prepared|impatient|imprudent|impulsive|inattentive|"
    r"incompetent|"
    r"indecisive|indifferent|inept|inexperienced|irresponsible|lackadaisical|lax|lazy|lethargic|naive|negligent|"
    r"neglectful|nonchalant|oblivious|obstinate|obtuse|overconfident|passive|pig-?headed|pushy|rash|reckless|"
    r"reluctant|"
    r"remiss|rude|inexpert|high-handed|secretive|selfish|short-?sighted|slack|slapdash|slipshod|sloppy|sluggish|"
    r"stubborn|tardy|"
    r"tight-lipped|thoughtless|unaware|uncooperative|undisciplined|unfit|unhelpful|uninterested|unprepared|"
    r"unprofessional|unreasonable|silent|mute|tone-deaf|quiet about|unreliable|unresponsive|unwilling|unwise|"
    r"useless|wasteful|wrong to|"
    r"(?:too|overly) (?!many|few|much)(?:\w+ )?\w+|(?:fast |half )?asleep|"
    r"nowhere to be|out of (?:touch|line|order|(?:his|her|their|your) depth)|in (?:a|such a|too much of a) "
    r"(?:hurry|rush)|in (?:over )?(?:his|her|their) heads?|off (?:the mark|sick again)|on autopilot|missing in "
    r"action|"
    r"a no-?show|(?:regrettably,? |frankly,? |alas,? )?not (?:equal to|up to|present|there|at hand|in (?:his|her|"
    r"their) place|available)|caught (?:napping|off guard)|all over the place)"
)
"""What is wrong with people, as what they are said to be."""

BAD = (
    r"(?:abysmal|appalling|bad|baffling|botched|clumsy|deficient|deplorable|disappointing|dismal|erratic|faulty|"
    r"feeble|half-hearted|"
    r"hasty|ill-advised|ill-considered|ill-judged|ill-timed|inadequate|indefensible|ineffective|inexcusable|"
    r"insufficient|"
    r"lacking|lacklustre|lackluster|lamentable|lax|lazy|limited|lousy|mediocre|misguided|negligent|patchy|"
    r"perfunctory|poor|"
    r"poorly \w+|premature|questionable|rash|reckless|regrettable|reprehensible|scant|shocking|shoddy|slack|"
    r"sloppy|sub-?standard|"
    r"superficial|unacceptable|unilateral|uninformed|wrong|foolish|dubious|snap|selfish|careless|needless|"
    r"unnecessary|unhelpful|unimpressive|unprofessional|unsatisfactory|untimely|unwise|wanting|weak|woeful|"
    r"a (?:mistake|blunder|disgrace|disaster|shambles|farce|joke))"
)
"""What is said of work that somebody did not do well."""

WORK = (
    r"(?:actions?|analysis|approach|attention|attitude|behaviou?r|choices?|communication|conduct|coordination|"
    r"decisions?|"
    r"diagnosis|diligence|discipline|documentation|effort|engagement|execution|follow-?up|guess|handling|"
    r"handover|idea|judge?ment|leadership|"
    r"management|oversight|ownership|performance|planning|preparation|quick fix|reaction|response|review|"
    r"stewardship|supervision|"
    r"testing|thinking|understanding|work|workmanship)"
)

VIRTUES = (
    r"(?:attentive|alert|awake|aware|bright|candid|careful|cautious|circumspect|clear|clever|competent|concerned|"
    r"conscientious|considerate|consistent|cooperative|diligent|disciplined|exact|experienced|fast|focus\w*|"
    r"forthcoming|"
    r"forthright|frank|helpful|honest|impressive|interested|meticulous|mindful|open|organi[sz]ed|painstaking|"
    r"patient|"
    r"precise|prepared|proactive|professional|prompt|prudent|punctual|quick|ready|reliable|responsive|rigorous|"
    r"scrupulous|"
    r"sensible|serious|skilled|speedy|straight|stringent|tactful|thorough|thoughtful|timely|transparent|truthful|"
    r"vigilant|wise)"
)

IDIOMS = (
    r"(?:asleep at the \w+|(?:beh[ia]nd|under) (?:his|her|their|our) back|off (?:his|her|their) own bat|on a whim|"
    r"(?:drop|dropped|dropping) the ball|(?:drag|dragged|dragging) (?:\w+ )?(?:feet|heels)|"
    r"(?:cut|cuts|cutting) (?:\w+ )?corners|(?:jump|jumped|jumping) the gun|(?:pass|passed|passing) the buck|"
    r"(?:blew|blows|blown|blowing) it|(?:screw|mess|muck|cock|foul|stuff|slip|trip)(?:s|ped|ed|ing)? (?:\w+ "
    r"){0,3}up|"
    r"(?:fell|falls|fall|falling) (?:\w+ )?(?:short of|asleep|behind)|below (?:the |our )?(?:par|standard|"
    r"expectations)|"
    r"(?:not |n['’]t )(?:\w+ )?(?:up to (?:\w+ )?(?:scratch|standard|par|the|it)|good enough|acceptable|on the "
    r"ball|"
    r"do (?:his|her|their|your) (?:job|bit|part|homework)|fit for)|"
    r"(?:much|a lot|something|everything|plenty) to be desired|"
    r"(?:took|takes|taking|taken) (?:it )?upon (?:him|her|them|your)sel\w+|(?:took|taking|takes) (?:a shortcut|"
    r"shortcuts|"
    r"(?:\w+ ){0,2}eyes? off|(?:his|her|their) (?:\w+ )?time|matters into)|"
    r"(?:turn|turned|turning) (?:a blind eye|a deaf ear)|(?:look|looked|looking) the other way|"
    r"(?:sat|sits|sitting|sit) on (?:it|the|his|her|their|this|that|a)|(?:sat|stood|sitting|standing) (?:idle|"
    r"idly|back|by|there|around)|"
    r"(?:brush|brushed|brushing|wave|waved|waving|shrug|shrugged) (?:\w+ ){1,4}(?:aside|off|away|through)|"
    r"(?:let|lets|letting) (?:\w+ ){1,4}(?:slip|slide|lapse|rot|fester|drift|down)|left (?:us|everyone|everybody|"
    r"the rest|others) |"
    r"(?:went|go|gone|going) (?:awol|rogue|missing|dark|ahead anyway|over (?:his|her|their) head)|"
    r"off the radar|(?:hop|hope|hoped|hoping) for the best|(?:rolled|rolling) the dice|(?:took|taking|takes) "
    r"(?:a chance|chances|the easy)|(?:tell|tells|told|telling|inform\w*|warn\w*|ask\w*|consult\w*|notif\w*) "
    r"(?:nobody|no[ -]one|none|not a soul)|(?:check\w*|test\w*|said|says|did|does|read) nothing|(?:left|leaves|"
    r"leaving) (?:it|this|that|the \w+) to (?:rot|fester|others|chance)|as (?:if|though) (?:nothing|it|there|the|"
    r"nobody|we)|with (?:little|no|scant|zero|insufficient|precious little|barely any) (?:regard|care|thought|"
    r"attention|concern|understanding|preparation)|(?:did|done|does|do|commit\w*|made|makes?|making) (?:(?:an?|"
    r"the|this|that|same|big|small|bad|serious|grave|costly) ){0,3}(?:errors?|mistakes?|blunders?|faults?|slips?|"
    r"typos?|confusion)|before (?:anyone|anybody|somebody|someone|a single|any) |had one job|(?:kept|keeps|keep) "
    r"(?!(?:monitor|watch|post|updat|work|check|try|look|track|measur|investigat|restart|retry|ask|send|"
    r"not)\w*ing)\w+ing\b|(?:his|her|their|your) head in the (?:sand|clouds)|outside (?:of )?(?:his|her|their|"
    r"your) (?:remit|authority|role)|beyond (?:his|her|their) (?:remit|authority)|(?:considers?|regards?|treats?|"
    r"treated|considered|regarded|sees?|saw) (?:\w+ ){1,4}(?:as )?(?:optional|a nuisance|a game|an afterthought|"
    r"unnecessary|a formality|beneath)|(?:overdo|overdid|outsmarted (?:him|her|them)sel\w+)|by (?:heart|memory|"
    r"guess\w*)|on (?:a hunch|gut feeling|impulse)|half a job|(?:not|n['’]t|never) (?:bat an eye|lift a finger|"
    r"lift(?:ed)? a finger)|"
    r"at the (?:wrong|worst) (?:time|moment)|no (?:business|right|authority|excuse|idea|clue)|"
    r"lost (?:the plot|his|her|their|sight|track)|all (?:mouth|talk)|(?:too|over) big for|"
    r"(?:couldn['’]t|could not|can['’]t|didn['’]t|did not|never) (?:even )?(?:be (?:bothered|arsed|troubled)|"
    r"bother\w*|care\w*)|"
    r"(?:not|n['’]t) (?:see|think|find|deem)\w* (?:it )?(?:fit|necessary|worth|important|appropriate)|"
    r"reflects? (?:very |so )?(?:badly|poorly) on|(?:knew|know|knows) (?:best|better|perfectly well|full well)|"
    r"(?:thought|thinks|figured|reckoned|imagined|fancied|decided|believed) (?:he|she|they|it|that|the|this|"
    r"nobody|no|"
    r"everyone)\b|without (?:authority|permission|authorisation|authorization|consent|approval|asking|telling|"
    r"checking|thinking|testing|looking|reading|reviewing|warning|bothering|a second|any|so much)|"
    r"(?:straight|directly|right) (?:in)?to (?:prod\w*|main|master|live)|"
    r"(?:no|zero|skipping|minus|sans) (?:review|tests?|testing|approval|rollback plan|ticket|heads-?up|warning|"
    r"notice|explanation|apology|handover|second pair)|unannounced|unreviewed|"
    r"on (?:a )?friday (?:night|evening|afternoon)|(?:five|ten|two|three|\d+) minutes before (?:leaving|going)|"
    r"worst possible|(?:made|making) (?:a (?:mess|hash|meal|fool|pig's ear)|(?:the )?wrong|(?:it|things|matters) "
    r"worse)|"
    r"(?:instead|rather) (?:of|than) \w+ing|(?:anyway|regardless|all the same|nonetheless|come what may)$|"
    r"(?:for|of) (?:no|whatever) (?:good )?reason|against (?:\w+ )?(?:advice|policy|the rules?|procedure|protocol)|"
    r"contrary to|in defiance|in spite of (?:\w+ )?(?:warning|advice|instruction)|despite (?:\w+ "
    r"){0,3}(?:warning|advice|"
    r"remind|instruction|told|ask|know|the freeze)\w*|(?:half|barely|hardly|scarcely) (?:read|look|check|test|"
    r"glanc|listen|"
    r"bother|awake|finish|tr(?:y|ied))\w*)"
)
"""What is said of people who failed; stands somewhere behind who did it."""

DAMAGED = (
    r"(?:broke|breaks|breaking|killed|kills|took (?:\w+ ){1,3}(?:down|out|offline)|tanked|wrecked|trashed|ruined|"
    r"sank|"
    r"doubled our|cost us|costs us|caused(?! no)|led to (?!the (?:fix|cause|rollback|recover|right)|an? fix)|"
    r"prolonged|worsened|delayed|triggered|derailed|exposed|leaked|"
    r"let us down|"
    r"hurt|made (?:\w+ ){1,3}worse|left (?:us|everyone|customers|\w+ customers))"
)
HARM = (
    r"(?:outages?|incidents?|leaks?|breach(?:es)?|loss(?:es)?|mess|downtime|overruns?|impact|failures?|faults?|"
    r"delays?|defects?|"
    r"problems?|issues?|bugs?|damage|errors?|trouble|regressions?|disaster|disruption|spill|overspend|bills?|"
    r"burned|burnt|down|"
    r"suffered|hurt|hit|lost|broke|here|cause)"
)


def inflected(words: str) -> str:
    """Return a pattern of all forms of verbs that are bent by rule."""
    return "(?:" + "|".join(_forms(words.split())) + ")"


def _forms(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        if word.endswith("e"):
            yield word[:-1] + "(?:e[ds]?|ing)"
        elif word.endswith("y") and word[-2] not in "aeou":
            yield word[:-1] + "(?:y|ies|ied|ying)"
        else:
            yield word + f"(?:e?s|(?:{word[-1]}|k)?(?:ed|ing))?"
