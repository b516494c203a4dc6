"""How adapters are found: by the entry-point group `cockpit.adapters`; a package adds a line of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from cockpit.errors import BadInput
from cockpit.world.contract import Adapter

GROUP = "cockpit.adapters"
"""The entry-point group in which adapters announce themselves."""

BUILT_IN = {
    "simulator": "cockpit_adapters.simulator:SimulatorAdapter",
    "litellm": "cockpit_adapters.litellm:LiteLLMAdapter",
    "litellm_hook": "cockpit_adapters.litellm_hook:LiteLLMHookAdapter",
    "portkey": "cockpit_adapters.portkey:PortkeyAdapter",
    "futureagi": "cockpit_adapters.futureagi:FutureAGIAdapter",
    "cloudflare": "cockpit_adapters.cloudflare:CloudflareAdapter",
    "unleash": "cockpit_adapters.unleash:UnleashAdapter",
    "flagd": "cockpit_adapters.flagd:FlagdAdapter",
    "launchdarkly": "cockpit_adapters.launchdarkly:LaunchDarklyAdapter",
    "statsig": "cockpit_adapters.statsig:StatsigAdapter",
    "vercel": "cockpit_adapters.vercel:VercelAdapter",
    "phoenix": "cockpit_adapters.phoenix:PhoenixAdapter",
    "mlflow": "cockpit_adapters.mlflow:MLflowAdapter",
    "langfuse": "cockpit_adapters.langfuse:LangfuseAdapter",
    "braintrust": "cockpit_adapters.braintrust:BraintrustAdapter",
    "langsmith": "cockpit_adapters.langsmith:LangSmithAdapter",
    "promptlayer": "cockpit_adapters.promptlayer:PromptLayerAdapter",
    "git_table": "cockpit_adapters.git_table:GitTableAdapter",
    "statuspage": "cockpit_adapters.statuspage:StatuspageAdapter",
    "feed": "cockpit_adapters.feed:FeedAdapter",
    "google_status": "cockpit_adapters.google_status:GoogleStatusAdapter",
    "webhook": "cockpit_adapters.webhook:WebhookAdapter",
    "smtp": "cockpit_adapters.smtp:SmtpAdapter",
    "slack": "cockpit_adapters.slack:SlackAdapter",
    "alertmanager": "cockpit_adapters.alertmanager:AlertmanagerAdapter",
    "pagerduty": "cockpit_adapters.pagerduty:PagerDutyAdapter",
    "opsgenie": "cockpit_adapters.opsgenie:OpsgenieAdapter",
    "grafana_irm": "cockpit_adapters.grafana_irm:GrafanaIRMAdapter",
    "github": "cockpit_adapters.github:GitHubAdapter",
    "jira": "cockpit_adapters.jira:JiraAdapter",
    "linear": "cockpit_adapters.linear:LinearAdapter",
    "apprise": "cockpit_adapters.apprise:AppriseAdapter",
    "statuspage_own": "cockpit_adapters.statuspage_own:OwnPageAdapter",
}
"""Adapters of this distribution; listed even where it is run from a checkout that nobody installed."""


def adapter_names() -> tuple[str, ...]:
    """Return the names of all adapters that are there, sorted; imports none of them."""
    return tuple(sorted({entry.name for entry in _announced()} | set(BUILT_IN)))


def load_adapter(name: str) -> Adapter:
    """Import one adapter and make it.

    Raises:
        BadInput: there is none of that name, it can't be imported, or it does not keep the contract.
    """
    entry = next((entry for entry in _announced() if entry.name == name), None) or _built_in(name)
    if entry is None:
        known = "`cockpit adapters` lists those that there are"
        raise BadInput(f"there is no adapter {name!r}; {known}")
    try:
        made = entry.load()()
    except Exception as problem:  # a package of somebody else's may fail in any way it likes
        raise BadInput(f"adapter {name!r} ({entry.value}) can't be loaded: {problem}") from problem
    if not isinstance(made, Adapter):
        raise BadInput(f"adapter {name!r} ({entry.value}) lacks name, capabilities, tested, options or connect")
    return made


@cache
def _announced() -> Iterable[EntryPoint]:
    """Look once per process: it reads the metadata of every installed package, which takes a while."""
    return tuple(entry_points(group=GROUP))


def _built_in(name: str) -> EntryPoint | None:
    value = BUILT_IN.get(name)
    return EntryPoint(name, value, GROUP) if value else None
