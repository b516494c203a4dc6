"""What cockpit.toml says about live systems: systems, levers, probes, signals, the service itself.

Importing this brings pydantic: do it where settings are read.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_REFERENCE = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|keyring:[^/]+/.+)")


def is_reference(text: str) -> bool:
    """Whether a text names a secret: `env:NAME`, `file:PATH` or `keyring:SERVICE/NAME`."""
    return _REFERENCE.fullmatch(text) is not None


def _reference(text: str) -> str:
    if text and not is_reference(text):
        # The text itself is not repeated: it may well be the secret.
        raise ValueError("a secret is named, not written: env:NAME, file:PATH or keyring:SERVICE/NAME")
    return text


SecretRef = Annotated[str, AfterValidator(_reference)]
"""Where a secret is to be found: `env:NAME`, `file:PATH`, `keyring:SERVICE/NAME`; empty for none."""

_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def _url(text: str) -> str:
    if text and not _URL.fullmatch(text):
        raise ValueError("an address looks like https://host/path, without a user, a query or a fragment")
    return text.rstrip("/")


Url = Annotated[str, AfterValidator(_url)]


class Table(BaseModel):
    """A table of cockpit.toml: unknown names are refused, and nothing of it is ever printed with a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)


class SystemOptions(Table):
    """What every system's table may say; an adapter adds its own by a subclass."""

    adapter: str = Field(min_length=1)
    """Which adapter speaks to it: `cockpit adapters` lists them."""
    url: Url = ""
    """Where it is reached; https, or http on this machine only unless `allow_http` is set."""
    token: SecretRef = ""
    """Where its token is found: env:NAME, file:PATH or keyring:SERVICE/NAME."""
    staging: bool = False
    """Whether it serves no customers: only such a system is ever given to a drill."""
    deadline_s: float = Field(default=5.0, gt=0, le=60)
    """How long one call may take in all, in seconds."""
    ca_file: str = ""
    """A file of certificates to trust besides the machine's own."""
    allow_http: bool = False
    """Whether http is fine beyond this machine: a network that encrypts by itself, for instance."""
    use_proxy: bool = False
    """Whether the environment's proxy may carry the calls, and with them the token."""


class ProofOptions(Table):
    """Where a lever's effect is seen on the wire, if not where its adapter says."""

    probe: str = ""
    """Which probe asks; by default the first."""
    carrier: str = ""
    """Where to look: `status`, `header:NAME`, `json:path.to.0.value` or `text`."""
    expect: list[str] = Field(default_factory=list)
    """What must be there, one of them; `{value}` and `{shown}` stand for what was written."""
    forbid: list[str] = Field(default_factory=list)
    """What must not be there."""
    answers: int = Field(default=20, ge=1, le=1000)
    """How many consecutive answers on fresh connections it takes."""


class LeverOptions(Table):
    """One rung of the ladder on a real system."""

    system: str
    """The system it is on."""
    control: str
    """What it sets there, in the adapter's own words: `alias:support`, `flag:answers@production`."""
    target: str = ""
    """What it sets it to when nobody says otherwise; `previous` for the version before the current one."""
    choices: list[str] = Field(default_factory=list)
    """Other targets worth offering."""
    share: float = Field(default=1.0, gt=0, le=1)
    """The part of the traffic it touches, 0 to 1."""
    reach: str = ""
    """Who is hit, in words, if not as the adapter says."""
    people: int = Field(default=1, ge=1, le=2)
    """How many people it takes: with 2, one proposes and another one approves."""
    proof: ProofOptions = ProofOptions()


class ProbeOptions(Table):
    """A request whose answers show which configuration is in force."""

    url: Url
    token: SecretRef = ""
    method: str = Field(default="POST", pattern="^(GET|POST)$")
    body: dict[str, Any] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    """More headers; a value may be a reference to a secret (env:…, file:…, keyring:…)."""
    deadline_s: float = Field(default=10.0, gt=0, le=120)
    allow_http: bool = False
    ca_file: str = ""


class SignalOptions(Table):
    """One number to watch, and the line it should not cross."""

    system: str
    measure: str
    """What the system calls it; `cockpit doctor` lists what it can measure."""
    label: str = ""
    unit: str = ""
    baseline: float | None = None
    """Its usual value; by default the median of what was measured before the incident."""
    threshold: float | None = None
    floor: bool = False
    """Whether below the line is bad."""
    harm: bool = False
    """Whether containment is judged on it."""


class CanaryOptions(Table):
    """Where a share of users is re-opened."""

    system: str
    control: str


class ChannelOptions(Table):
    """Where updates go: one system, and for whom."""

    system: str
    """The system that carries them."""
    audiences: list[Literal["team", "executives", "customers", "legal"]] = Field(min_length=1)
    """Which updates go there, by whom they are written for."""


class PagerOptions(Table):
    """Who can be woken: one system, and whom it calls."""

    system: str
    """The system that pages them."""
    target: str = ""
    """Who is called, in the adapter's own words; by default whom the system calls by itself."""
    sources: list[str] = Field(default_factory=list)
    """The webhook sources whose alerts are pages of this system: they are acknowledged, noted and resolved there."""
    groups: list[str] = Field(default_factory=list)
    """Alertmanagers among the sources that page by this system themselves: it knows their groups by a hash."""
    audiences: list[Literal["team", "executives", "customers", "legal"]] = ["team"]
    """Which updates are written on its pages, by whom they are written for."""


class FailureOptions(Table):
    """One failure that the service is likely to have, and what is done about it."""

    name: str = Field(min_length=1)
    """What goes wrong, in words."""
    seen: list[str] = Field(default_factory=list)
    """What shows it: signals, pages of the detectors, or `alert:NAME` for an alert of another system."""
    levers: list[str] = Field(default_factory=list)
    """The levers that stop it, the first one first."""
    steps: str = ""
    """Where it is described what to do besides."""


class ServiceOptions(Table):
    """The application that the incidents are about."""

    name: str = "service"
    approver: str = ""
    """Who may decide to switch it off, and how they are reached."""
    fallback: str = ""
    """What users get when the AI is off, and where that is described."""
    people: list[str] = Field(default_factory=list)
    """Who can be handed a role."""
    expertise: dict[str, list[Literal["software", "ml", "data"]]] = Field(default_factory=dict)
    """What each of them knows: software (requests, tools, systems), ml (models, evals, prompts), data (retrieval)."""
    failures: list[FailureOptions] = Field(default_factory=list)
    """The failures that are likeliest, five or more, each with what shows it and what stops it."""


class RangeOptions(Table):
    """A drill on the team's own staging systems: where the stand-ins for provider and application are."""

    upstream: str = Field(default="127.0.0.1:9101", pattern=r"^[^:/]+:\d+$")
    """Where the misbehaving provider listens: the gateway's own configuration points there."""
    front: str = Field(default="127.0.0.1:9100", pattern=r"^[^:/]+:\d+$")
    """Where the application listens for probes."""
    url: Url = ""
    """The gateway's chat completions address; by default its system's url and /v1/chat/completions."""
    token: SecretRef = ""
    """The key the application calls the gateway with; by default its system's token."""
    model: str = "support"
    """The model or route the application asks the gateway for."""
    route: str = ""
    """Which route of the scenario the application serves; by default the first."""
    deadline_s: float = Field(default=30.0, gt=0, le=300)
    """How long the application waits for an answer, in seconds."""
    rate: float = Field(default=20.0, gt=0, le=500)
    """At most so many requests a second are really sent."""
    models: dict[str, str] = Field(default_factory=dict)
    """What the gateway asks the provider for, and which of the scenario's models that is."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """What the prompt registry says, and which of the scenario's prompts that is."""
    traces: str = Field(default="", max_length=500)
    """Where the application sends its traces: a staging system of [systems], or an address that takes OTLP."""
    start: dict[str, str] = Field(default_factory=dict)
    """What wired levers are set to before the drill begins, by lever; put back when it ends."""


ALERT_PARTS = ("title", "key", "delivery", "status", "service", "severity", "group", "session", "text", "started",
               "labels", "link")  # fmt: skip
"""Parts of an alert that `fields` may name."""


def _alert_fields(given: dict[str, str]) -> dict[str, str]:
    if wrong := sorted(set(given) - set(ALERT_PARTS)):
        raise ValueError(f"there is no {wrong[0]!r} in an alert; there are {', '.join(ALERT_PARTS)}")
    return given


class WebhookSource(Table):
    """One system whose alerts are taken in, at the path of its name."""

    kind: Literal["alertmanager", "grafana", "pagerduty", "unleash", "escalation", "json"]
    """What it sends."""
    secret: SecretRef = ""
    """Where the token or the signing secret that it shares with the cockpit is found."""
    auth: Literal["", "bearer", "hmac"] = ""
    """How it proves who it is; by default PagerDuty and Grafana sign, the others send a token."""
    open: bool = False
    """Whether it needs no secret; only where the cockpit listens on this machine alone."""
    signature_header: str = Field(default="", pattern="^[A-Za-z0-9-]*$")
    """With hmac, the header of the signature; by default Grafana's own, else X-Hub-Signature-256."""
    timestamp_header: str = Field(default="", pattern="^[A-Za-z0-9-]*$")
    """With hmac, the header of the time that is signed too, if there is one."""
    service: str = ""
    """Which application an alert is about when it does not say; by default that of [service]."""
    services: dict[str, str] = Field(default_factory=dict)
    """What the sender calls an application, and what it is called here."""
    service_label: str = "service"
    """The label that names the application."""
    per_minute: float = Field(default=120.0, gt=0, le=60_000)
    """At most so many requests a minute."""
    opens: list[str] = Field(default_factory=list)
    """Types of Unleash events that open an incident; all others are news on those that are open."""
    fields: Annotated[dict[str, str], AfterValidator(_alert_fields)] = Field(default_factory=dict)
    """With kind json, where in it each part is found, as dotted paths; `title` must be among them."""
    each: str = ""
    """With kind json, where the list of alerts is; left out, the body is one alert."""
    resolved: list[str] = Field(default_factory=lambda: ["resolved", "ok", "closed", "recovered"])
    """With kind json, words of `status` that say it is over."""


class WebhookOptions(Table):
    """How alerts of other systems come in: `cockpit serve-webhooks`."""

    listen: str = Field(default="127.0.0.1:9200", pattern=r"^[^:/]+:\d{1,5}$")
    """Where it listens, as host:port."""
    max_kb: int = Field(default=1024, ge=1, le=16_384)
    """The longest body taken, in KiB."""
    window_min: float = Field(default=60.0, gt=0, le=10_080)
    """How long after an alert a kindred one still joins its incident, in minutes."""
    match: list[str] = Field(default_factory=lambda: ["alertname"])
    """Labels that two alerts on one service must share to be kindred when the sender does not group them."""
    sources: dict[str, WebhookSource] = Field(default_factory=dict)
    """Who may send, by a name of your own."""


class AxisOptions(Table):
    """One judgement as an axis: its name where it was recorded, and its scale."""

    rubric: str = Field(min_length=1)
    """What the recorder calls it."""
    worst: float = 0.0
    """The score that becomes 1."""
    best: float = 1.0
    """The score that becomes 5; smaller than `worst` where a low score is good."""


def _axis(given: Any) -> Any:
    return {"rubric": given} if isinstance(given, str) else given


NamedAxis = Annotated[AxisOptions, BeforeValidator(_axis)]
Axis = Literal["grounding", "safety", "adherence", "plan"]


class KnownOptions(Table):
    """What a team tells the detectors about itself."""

    tenants: dict[str, list[str]] = Field(default_factory=dict)
    """Names and ids by tenant: what no other tenant's answer may hold."""
    own: list[str] = Field(default_factory=list)
    """Mail addresses, telephone numbers and the like that the business prints about itself."""
    canaries: list[str] = Field(default_factory=list)
    """Words planted to be seen where they must not be."""
    file: str = ""
    """A YAML file that holds the same; beside cockpit.toml unless it begins with /."""


class TracesOptions(Table):
    """Where recorded answers are read from, besides those that are sent or imported."""

    sources: list[str] = Field(default_factory=list)
    """Systems whose traces are brought into the archive, by their names in [systems]."""
    poll_s: float = Field(default=15.0, ge=1, le=3600)
    """How often they are asked, in seconds."""
    lookback_min: float = Field(default=15.0, ge=1, le=1440)
    """How much of what was read is read again now and then, in minutes: for late spans, judgements, skewed clocks."""
    late_min: float = Field(default=120.0, ge=0, le=10_080)
    """How old traces are at most when they are read once more for late judgements, in minutes; 0 for never."""
    first_min: float = Field(default=120.0, ge=1, le=43_200)
    """How far back the first reading of a source goes, in minutes."""
    before_min: float = Field(default=120.0, ge=1, le=1440)
    """How long before its opening an incident's traces begin, in minutes: what was usual is measured there."""
    services: list[str] = Field(default_factory=list)
    """What the application is called in its traces; by default as in [service]."""
    unnamed: bool = True
    """Whether traces that name no service are the application's."""
    axes: dict[Axis, NamedAxis] = Field(default_factory=dict)
    """Which recorded judgement stands for each axis: grounding, safety, adherence, plan."""
    below: dict[str, float] = Field(default_factory=dict)
    """The line of each judgement, on the recorder's own scale; under it an answer fails."""
    lines: dict[str, float] = Field(default_factory=dict)
    """Lines of signals from traces, by the signal's name, in place of those the profile's thresholds give."""
    harm: list[str] = Field(default_factory=lambda: ["leaks_per_min", "failing_pct"])
    """Signals from traces that containment is judged on, as long as traces come in."""
    regulated: list[str] = Field(default_factory=list)
    """Routes on which wrong answers are a matter of law or health: medical, financial, legal."""
    baseline: str = ""
    """A baseline of `cockpit baseline record` that answers are held against while an incident runs."""


class WatchOptions(Table):
    """Where `cockpit watch` sends its pages."""

    alertmanager: Url = ""
    """The Alertmanager that pages go to, instead of opening incidents themselves."""
    token: SecretRef = ""
    """Where the token is found that it asks for, if it does."""
    allow_http: bool = False
    """Whether http is fine beyond this machine."""
    ca_file: str = ""
    """A file of certificates to trust besides the machine's own."""


class LiveOptions(Table):
    """Everything about live systems; system tables are checked by their adapters."""

    service: ServiceOptions = ServiceOptions()
    systems: dict[str, dict[str, Any]] = Field(default_factory=dict)
    levers: dict[str, LeverOptions] = Field(default_factory=dict)
    probes: dict[str, ProbeOptions] = Field(default_factory=dict)
    signals: dict[str, SignalOptions] = Field(default_factory=dict)
    canary: CanaryOptions | None = None
    range: RangeOptions = RangeOptions()
    traces: TracesOptions = TracesOptions()
    known: KnownOptions = KnownOptions()
    channels: dict[str, ChannelOptions] = Field(default_factory=dict)
    pagers: dict[str, PagerOptions] = Field(default_factory=dict)
