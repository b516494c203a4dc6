"""Words that tell people from everything else a sentence begins with (see `people`)."""

from __future__ import annotations

WORKERS = """
moderator clerk accountant marketer recruiter salesman seller dispatcher curator trader nurse teacher courier cook
translator copywriter researcher auditor buyer sponsor stakeholder principal staffer
admin administrator agency analyst annotator apprentice approver approvers architect auditor author bloke board boss
buddy captain ceo chap chief co-worker coder colleague colleagues commander committee consultant contractor
counterpart coworker crew cto ctos dba department deputy designer dev developer director editor employee engineer
executive expert folk folks founder freelancer gentleman guard guy guys head hire ic integrator intern joiner junior
labeller lad lady lead leadership maintainer man management manager mate newbie newcomer office officer on-call
oncall operator owner people person planner pm pms programmer rep representative responder reviewer rookie scientist
scribe secretary senior shift specialist squad sre sres staff stakeholder starter student supervisor sysadmin team
teammate technician temp tester trainee vp watch watchman webmaster woman writer
"""
"""What people are at work, alone and together."""

NO_NAMES = """
a about access according account accounts action affected africa after again agent agents alarm alert alertmanager
alerts all almost also always amateur amazon america american an and android another answer answers anthropic any
anybody anyone apac apart api apis apologies app apparently approval apps april are argo around as asia assistant
assistants at audio august australia austria away azure back backup backups bad balancer based basic basically
because bedrock before belgium berlin between billing blame bot both bots branch branches brazil britain british
budget budgets build but by cache caches call caller callers calls can canada canary careless carelessness cause
causes certificate certificates change changes chat check checkout checks china chrome chunk chunks classic
classifier claude clearly client clients cloudflare cluster clusters cohere column columns comment comments commit
commits compliance concerning contained context contexts cost costs could customer customers dashboard dashboards
data date dates day days dear december deliveries delivery denmark deploy deploys desktop despite dev did
disciplinary disk disks do docker document documents does down downgrade dr dublin due during each early effect
effects either email embedding embeddings emea endpoint endpoints england english error errors eu europe european
eval evals even every everybody everyone everything failure failures far february few file files filter filters
finance finland firefox firewall first five fix fixed fixes flag flags folder folders folks for four france
frankfurt frankly french friday from fun further fyi gateway gateways gemini german germany git github gitlab given
good google grafana great guardrail guardrails guys had half has have he hello here hi high honestly host hosts
hotfix hour hours how however http human i identified if image images impact in incident incidents incompetent index
indexes india infra inside instead insufficient invoice invoices iphone ireland is issue issues it italy its january
japan jenkins job jobs json judge judges july june just kafka key keys kubernetes lack langfuse language languages
last late latency later lazy legal less let lets lever levers likely limit limits linux litellm little llama log
login logins logout logs london long looks low luckily machine machines mail mails many march marketing may maybe
meeting meetings memory merge merges metric metrics microsoft migration migrations minus minute minutes miss mistake
mistakes mistral mitigation mitigations mlflow mobile model models monday monitored month months more moreover most
mr mrs ms much my name names near nearly negligence neither netherlands network networks never new next nice no
nobody node nodes none nor norway not note notes nothing november now number numbers obviously october of off often
ohio ok okay old on once one only openai operator ops or order orders oregon other others our out outside over owing
own owner owners page pages paris part password passwords patch patches patient payment payments people perhaps
permission permissions phoenix phone platform playbook please plus pod pods poland policies policy poor portkey
portugal possibly postgres postgresql previous prior probably problem problems prod product production prof promo
promos prompt provider providers proxies proxy ps pull push pushes python question questions queue queues reason
reasons reckless redis refund refunds regarding region regions release releases replica replicas replies reply
report reports request requests resolved responsibility rest restore restores result results retries retrieval retry
return returns right role roles rollback rollbacks rookie root roughly route router routers routes row rows rule
rules runbook runbooks sadly sales same sample samples saturday schema schemas score scores scotland search second
secret secrets security seems september server servers service services session sessions several shame shard shards
she shop shopper shoppers shops short should signup silly since singapore site sites slack sloppiness sloppy
snapshot snapshots so some somebody someone sometimes sorry spain span spanish spans speech staging status
statuspage step still store stores stupid stupidly such summaries summary sunday support sweden switch switches
switzerland sydney table tables team template templates tenant tenants terraform test tests text texts thanks that
the then there these they third this those three thursday ticket tickets time timeline times to today together token
tokens tokyo tomorrow tonight too tool tools trace traces trust tuesday turns two typical uk under unfortunately
unleash until up update updates upgrade upgrades us usa user users usually value values vendor vendors version very
video videos voice wales was we web webhook wednesday week weeks well were what whatever when where whether which
while who whoever whose why with without workaround workarounds worker workers would wrong yaml year years yes
yesterday yet you your
"""
"""What sentences begin with, systems and places: capitals that are no names."""

LEADS = """
after again although and apparently as basically because before believe but clearly could did didn't frankly had
honestly how if is maybe miss mr mrs ms obviously only or perhaps really sadly said says since so that then think
thinks though typical unfortunately until was what when where whether which while why wish
"""
"""Words after which a subject follows."""
