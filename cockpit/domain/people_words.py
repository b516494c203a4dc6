"""Words that tell people from everything else a sentence begins with (see `people`)."""

from __future__ import annotations

WORKERS = """
moderator clerk accountant marketer recruiter salesman seller dispatcher curator trader nurse teacher courier cook
translator copywriter researcher auditor buyer sponsor stakeholder principal staffer admin administrator agency
analyst annotator apprentice approver approvers architect author bloke board boss buddy captain ceo chap chief
co-worker coder colleague colleagues commander committee consultant contractor counterpart coworker crew cto ctos
dba department deputy designer dev developer director editor employee engineer executive expert folk folks founder
freelancer gentleman guard guy guys head hire ic integrator intern joiner junior ciso cio cfo coo tam csm dpo noc
soc mlops secops dataops sysop group guild division labeller lad lady lead leadership maintainer man management
manager mate newbie newcomer office officer on-call oncall operator owner people person planner pm pms programmer
rep representative responder reviewer rookie scientist scribe secretary senior shift specialist squad sre sres staff
starter student supervisor sysadmin team teammate technician temp tester trainee vp watch watchman webmaster woman
writer
"""
"""What people are at work, alone and together."""

NO_NAMES = """
a about absolutely access according accordingly account accounts action actually ad additionally admission affected
africa after afterwards again agent agents airflow akamai alarm alas alert alertmanager alerts alignment all
allegedly almost also alternatively always amateur amazon america american an and android annoyingly another answer
answers anthropic any anybody anyone apac apart apathy api apis apologies app apparently approval approvals apps
april archive archives are argo argocd arguably around arrogance artifact artifacts as asia assistant assistants
async at attempt attempts audio august australia austria auth automatically autoscaler autoscaling availability away
azure back backend backends backlog backoff backup backups bad balancer bandwidth based basic basically batch
batches because bedrock before belgium benchmark berlin bespoke beta between beware bigger bigquery billing binary
blame blob block blocks blunder blunders bot botched both bots branch branches bravado brazil bridge britain british
broken browser budget budgets buffer buffers bug bugs build builds bundle bundles bungling bus but by bytes cache
caches calendar call caller callers calls can canada canary capacity captcha careless carelessness cassandra
catalogue cause causes celery certainly certificate certificates certs change changes channel channels charges chat
check checkout checks checksum checksums china chroma chrome chunk chunks circuit classic classifier claude cleanup
clearly click clickhouse clicks client clients clock clocks close cloudflare cluster clusters code codec cohere cold
collection collections column columns command commands comment comments commit commits comms companies compared
complaint complaints completely compliance compression compute conceit concerning config configs conflict conflicts
confluence connection connections connector connectors consequently console consul consumer consumers contained
containers context contexts control controls conversation conversations cookie cookies copies copy core cost costs
could coverage cpu crash crashes credential credentials credit credits cron cronjob crons crucially curiously
current currently cursor customer customers cutover daemon dagster dashboard dashboards data database databases
databricks datadog dataset datasets date dates day days dear debian debt deceit december decoder deepseek default
defaults defect defects defiance delay delays deliveries delivery delta demand denmark dependencies dependency
deploy deploys desktop despite detail details detection detector dev device devices did diff diffs disaster
disciplinary disk disks disregard distraction dithering dns do docker document documentation documents does domain
domains down downgrade downstream downtime dr draft drafts drain drift driver drivers drop drops dublin due during
dynamodb each early edge effect effects ego egos either elastic elasticsearch email embedding embeddings emea empty
encoder encryption endpoint endpoints england english entirely entries entry environment environments envoy error
errors essentially etcd eu europe european eval evals even event events eventually every everybody everyone
everything evidence evident evidently exactly example examples exception exceptions existing expired expiry export
exports externally extra failover failure failures faiss fallback fallbacks fan far fargate farm fastly feature
features february fedora feedback feeds few field fields file files filter filters finally finance fine finland
firefox firewall first first-line five fix fixed fixes flag flags flink flow flows flux folder folders folks folly
font for forecast foreign form format formats forms formula fortunately four france frankfurt frankly french friday
from frontend frontends full fun function functions funny further fuse fyi gate gates gateway gateways gemini gemma
generally generator geo german germany getting git github gitlab given global golden good google grafana grant graph
graphs great greed guardrail guardrails guys had hadoop haiku half handler handlers handover handovers haproxy
hardware has hash haste hasty have he header headers health heap heartbeat heartbeats hello helm here heroku
hesitancy hi high hindsight historically history honestly honeycomb hook hooks hopefully host hosts hot hotfix hour
hourly hours how however html http hubris human i icon identical identified identity idle ids if image images impact
import importantly imports in inadequate inbox incident incidents incompetent indeed index indexes india indices
inertia infra initially inputs insert inserts inside instance instances instead insufficient integration integrity
intercom interestingly internal internally internet investigation invoice invoices ip iphone ireland ironically is
issue issues istio it italy its jaeger january japan jenkins jira jitter job jobs json judge judged judges july june
just kafka key keys keyword keywords kibana kindly kubernetes label labels lack lag lambda langchain langfuse
language languages last late latency later lax laxity layer layers lazy leader leak leaks learnt legal less lesson
lessons let lets level levels lever levers libraries library licence license likely limit limits line lines link
links linux list lists litellm literally little llama llamaindex load loads lock locks log logic login logins logout
logs loki london long looker looks lookup lookups loop loops loss losses low luck luckily lucky machine machines
mail mails mainly manifest manual manually many map mapping maps march mariadb markdown marketing master match
matches may maybe meddling mediocre medium meeting meetings memcached memory merge merges message messages metabase
metadata metric metrics microservice microsoft middleware migration migrations milvus minus minute minutes mirror
mirrors misconfigured miss missing mistake mistakes mistral mitigation mitigations mixed mlflow mobile mode model
models modes module modules monday mongodb monitored month months more moreover most mostly mr mrs ms much multiple
mutex my mysql naivety name names native naturally near nearly negligence neither netherlands netlify network
networks never new next nginx nice nightly no nobody node nodes noise nomad nonchalance none nor normally norway not
note notes nothing notification notifications notion november now number numbers object objects obstinacy obviously
october oddly odds of off offset offsets often ohio ok okay okta old ollama omission on once one only openai
opensearch opentelemetry operations operator ops opsgenie opus or order orders oregon origin otel other others our
out outage outages outlook output outputs outside over overall overflow overnight oversight owing own owner owners
package packages packet packets page pager pagerduty pagers pages paging parallel parameter parameters paris parser
parsers part partial partition partitions partly passivity password passwords patch patches path paths patient
pattern patterns payload payloads payment payments peak peaks peer peers people per perhaps permission permissions
phoenix phone pinecone pipeline pipelines plan plans platform playbook please plugin plugins plus pod pods point
points poland policies policy poller pool pools poor port portkey ports portugal possibly postgres postgresql
postmortem predictably prefect prefix prefixes premature presto presumably previous previously price prices primary
prior probably probe probes problem problems process processes procrastination prod producer producers product
production prof profile profiles project projects prometheus promo promos promotion prompt protocol provider
providers proxies proxy ps public publisher pull push pushes python qdrant quality question questionable questions
queue queues quota quotas qwen rabbitmq rag rash rate rates raw read readiness reads really reason reasons recently
reckless record records recovery red redis refund refunds regarding regards regex region regions registry regression
regressions regrettable regrettably reindex release releases reliable reluctance remarkably remember remote renderer
replica replicas replies reply report reports request requests resolved resource resources response responses
responsibility rest restart restarts restore restores result results retention retries retrieval retriever
retrievers retry return returns revision right role roles rollback rollbacks rookie root roughly rounds route router
routers routes row rows rpc rule rules runbook runbooks runner runners runtime rushed sadly safety sales salesforce
same sample samples sandbox saturday scale scaling scan scanner scanners schedule scheduler schedules schema schemas
score scores scotland script scripts sdk search second secret secrets security seems segment segments sender
sendgrid sentry separately september sequence server servers service services session sessions several severity
shadow shame shard shards shared she sheer shipping shoddy shop shopper shoppers shops short shortcomings should
sidekiq signal signals signed signup silly similarly simply since singapore site sites size sizes sla slack slo
sloppily sloppiness sloppy sloth small snapshot snapshots snowflake so socket sockets software some somebody somehow
someone sometimes sonnet sorry source sources spain span spanish spans spark speech splunk sql stack staging stale
standby state states static statistics status statuspage step still storage store stores strangely stream streams
strings stripe structured stubborn stuff stupid stupidly subnet subsequently such suggestions sum summaries summary
sunday superset support supposedly surely surprise surprisingly swap sweden switch switches switzerland sydney sync
synthetic system systems table tableau tables tag tags tail tailscale tardy target targets task tasks team teams
telemetry temperature template templates tempo temporal temporary tenant tenants terms terraform test tests text
texts thankfully thanks that the then theory there these they third this those three threshold thresholds throttle
throttling throughput thursday ticket tickets time timeline timeout timeouts timer timers times titan tls to today
together token tokenizer tokens tokyo tomorrow tonight too tool tooling tools topic topics total totally trace
traces traefik traffic transaction transactions transcript transcripts translator transport trigger triggers trino
triton true truly trust tuesday tuning tunnel turnaround turns twilio two type types typical typically ubuntu ui uk
uncertain under undo unfortunately unilateral unit units unknown unleash unsurprisingly until up update updates
upgrade upgrades upload uploads upstream uptime url urls us usa usage user users usually valid validator validators
value values vanity variable variables vault vector vectors vendor vendors vercel verification version versioning
very video videos view views virtual vllm voice volume volumes vpn wait waiting wal wales warm warning warnings was
watchdog we weak weaviate web webhook webhooks website websocket wednesday week weeks well were what whatever when
where whether which while whisper who whoever whose why widget wiki window windows wire wishful with without woeful
workaround workarounds worker workers workflow workflows workload workloads worryingly would wrapper write writes
wrong yaml year years yes yesterday yet you your zendesk zero zipkin zone zones zookeeper zoom
"""
"""What sentences begin with, systems and places: capitals that are no names."""

LEADS = """
after again although and apparently as basically because before believe but clearly could did didn't frankly had
honestly how if is maybe miss mr mrs ms obviously only or perhaps really sadly said says since so that then think
thinks though typical unfortunately until was what when where whether which while why wish
"""
"""Words after which a subject follows."""
