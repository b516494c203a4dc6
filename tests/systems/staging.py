"""A team's staging systems, all real: LiteLLM with two workers, Phoenix and Unleash, furnished for a drill.

`python3 dev.py systems staging` brings them up and writes a cockpit.toml for them; `dev.py systems down` ends them.
The prompt `support-system` has two versions, v40 and v41, and its tag `production` is on v41. The flag `llm-answers`
is on for everybody. The route `support` goes to the model `sonnet-4-5@0929`, the route `support-small` to
`haiku-4-5@1001`: both are served by whatever listens where a range's provider does, or by a stand-in.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.errors import BadInput
from tests.systems.cache import cache_root
from tests.systems.catalogue import start
from tests.systems.kept import ROOT
from tests.systems.litellm import PRICE
from tests.systems.loopback import HOST, free_port
from tests.systems.running import Launch, RunningSystem, http_ok, launch
from tests.systems.state import Process, State, load, run_folder, save, up

NAME = "staging"
PARTS = ("litellm-db", "phoenix", "unleash")
WORKERS, RELOAD_S = 2, 2
"""As docs of the LiteLLM adapter advise: two workers that read their configuration every two seconds."""
PROMPTS = {"v40": "asks for the order number first", "v41": "friendlier closing line"}
PROMPT, FLAG, ENVIRONMENT = "support-system", "llm-answers", "development"
CALL_S = 30.0
TEMPLATE = Path(__file__).with_name("staging.toml")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a range's stand-ins listen, and where whoever looks for them asks.

    Attributes:
        upstream, front: taken by a range for as long as it is played.
        provider, door: always open: led to the range's, or to calm ones when no range is played.
    """

    upstream: int
    front: int
    provider: int
    door: int


@dataclass(frozen=True, slots=True)
class Staging:
    """What is needed to work on furnished systems.

    Attributes:
        config: the folder for XDG_CONFIG_HOME; its `cockpit/cockpit.toml` knows everything.
        prompts: Phoenix's id of each version, by its name in scenarios.
    """

    config: Path
    ports: Ports
    prompts: Mapping[str, str]

    @property
    def file(self) -> Path:
        """Return the cockpit.toml."""
        return self.config / "cockpit" / "cockpit.toml"

    @property
    def table(self) -> dict[str, Any]:
        """Return what the cockpit.toml says."""
        return tomllib.loads(self.file.read_text("utf-8"))


def choose_ports(first: int = 0) -> Ports:
    """Choose four ports in a row from `first` on, or any four that are free."""
    return Ports(*(range(first, first + 4) if first else (free_port() for _ in range(4))))


def proxy_options(ports: Ports) -> dict[str, Any]:
    """Return how LiteLLM is started for staging."""
    return {
        "config": proxy_config(ports.provider),
        "workers": WORKERS,
        "env": {"PROXY_CONFIG_RELOAD_INTERVAL_SECONDS": str(RELOAD_S)},
    }


def proxy_config(provider: int) -> str:
    """Return LiteLLM's configuration: two routes, and caches that forget after two seconds."""
    models = {"support": "sonnet-4-5@0929", "support-small": "haiku-4-5@1001"}
    content = {
        "model_list": [_route(name, model, provider) for name, model in models.items()],
        "litellm_settings": {"callbacks": ["prometheus"], "num_retries": 0},
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        "general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY", "user_api_key_cache_ttl": RELOAD_S},
    }
    return json.dumps(content, indent=2)


def _route(name: str, model: str, provider: int) -> dict[str, Any]:
    given = {"model": f"openai/{model}", "api_base": f"http://{HOST}:{provider}/v1", "api_key": "sk-none", **PRICE}
    return {"model_name": name, "litellm_params": given, "model_info": {"id": f"dep-{name}"}}


def furnish(
    folder: Path,
    ports: Ports,
    proxy: tuple[str, str],
    registry: tuple[str, str],
    flags: tuple[str, str],
) -> Staging:
    """Put into fresh systems what a drill needs, make tokens with least rights, and write the cockpit.toml.

    Args:
        folder: where the configuration and the tokens go.
        proxy, registry, flags: the address and the all-powerful token of LiteLLM, Phoenix and Unleash.
    """
    admin, app = furnish_proxy(*proxy)
    member, prompts = furnish_registry(*registry)
    tokens = {"litellm-admin": admin, "litellm-app": app, "phoenix": member, "unleash": furnish_flags(*flags)}
    staging = Staging(folder / "config", ports, prompts)
    for name, token in tokens.items():
        _secret(folder / "tokens" / name, token)
    urls = {"LITELLM": proxy[0], "PHOENIX": registry[0], "UNLEASH": flags[0]}
    _write(staging, folder / "tokens", urls)
    return staging


def furnish_proxy(url: str, master: str) -> tuple[str, str]:
    """Make the key of an admin on call and the key of the application."""
    with _client(url, f"Bearer {master}") as proxy:
        user = {"user_id": "oncall", "user_role": "proxy_admin", "auto_create_key": False}
        proxy.post("/user/new", json=user).raise_for_status()
        owners: dict[str, dict[str, Any]] = {
            "oncall": {"user_id": "oncall"},
            "app": {"models": ["support", "support-small"]},
        }
        made = {}
        for alias, owner in owners.items():
            answer = proxy.post("/key/generate", json={"key_alias": alias, **owner}).raise_for_status()
            made[alias] = str(answer.json()["key"])
    return made["oncall"], made["app"]


def furnish_registry(url: str, admin: str) -> tuple[str, dict[str, str]]:
    """Publish both versions of the prompt; return the key of a member, and the versions' ids."""
    with _client(url, f"Bearer {admin}") as registry:
        older, newer = ({"version": _version(note)} for note in PROMPTS.values())
        named = {"prompt": {"name": PROMPT, "description": "The assistant's system prompt"}}
        registry.post("/v1/prompts", json={**named, **older}).raise_for_status()
        tagged = {**newer, "tags": [{"name": "production"}]}
        registry.post(f"/v1/prompts/{PROMPT}/versions", json=tagged).raise_for_status()
        rows = registry.get(f"/v1/prompts/{PROMPT}/versions").raise_for_status().json()["data"]
        ids = dict(zip(PROMPTS, (row["id"] for row in reversed(rows)), strict=True))
        return _member(registry, url), ids


def _version(note: str) -> dict[str, Any]:
    text = f"You help customers of our shop. {note.capitalize()}."
    return {
        "description": note,
        "model_provider": "OPENAI",
        "model_name": "sonnet-4-5@0929",
        "template": {"type": "chat", "messages": [{"role": "system", "content": text}]},
        "template_type": "CHAT",
        "template_format": "MUSTACHE",
        "invocation_parameters": {"type": "openai", "openai": {"temperature": 0.0}},
    }


def _member(registry: Any, url: str) -> str:
    password, mail = f"Aa1-{secrets.token_hex(12)}", "oncall@example.org"
    user = {"email": mail, "username": "oncall", "role": "MEMBER", "auth_method": "LOCAL", "password": password}
    registry.post("/v1/users", json={"user": user, "send_welcome_email": False}).raise_for_status()
    with _client(url) as own:
        own.post("/auth/login", json={"email": mail, "password": password}).raise_for_status()
        made = own.post("/v1/user/api_keys", json={"data": {"name": "cockpit"}}).raise_for_status()
        return str(made.json()["data"]["key"])


def furnish_flags(url: str, admin: str) -> str:
    """Make the flag, on for everybody, and the personal token of an editor."""
    features = "/api/admin/projects/default/features"
    place = f"{features}/{FLAG}/environments/{ENVIRONMENT}"
    parameters = {"rollout": "100", "stickiness": "default", "groupId": FLAG}
    with _client(url, admin) as flags:
        flags.post(features, json={"name": FLAG, "type": "kill-switch"}).raise_for_status()
        strategy = {"name": "flexibleRollout", "constraints": [], "parameters": parameters}
        flags.post(f"{place}/strategies", json=strategy).raise_for_status()
        flags.post(f"{place}/on").raise_for_status()
        return _editor(flags, url)


def _editor(flags: Any, url: str) -> str:
    password = f"Aa1-{secrets.token_hex(12)}"
    roles = flags.get("/api/admin/user-admin").raise_for_status().json()["rootRoles"]
    editor = next(role["id"] for role in roles if role["name"] == "Editor")
    user = {"username": "oncall", "rootRole": editor, "password": password, "sendEmail": False}
    flags.post("/api/admin/user-admin", json=user).raise_for_status()
    with _client(url) as own:
        own.post("/auth/simple/login", json={"username": "oncall", "password": password}).raise_for_status()
        token = {"description": "cockpit", "expiresAt": "2100-01-01T00:00:00Z"}
        return str(own.post("/api/admin/user/tokens", json=token).raise_for_status().json()["secret"])


def _client(url: str, authorization: str = "") -> Any:
    import httpx

    headers = {"authorization": authorization} if authorization else {}
    return httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=CALL_S)


def _secret(file: Path, token: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(token)


def _write(staging: Staging, tokens: Path, urls: Mapping[str, str]) -> None:
    """Fill the template in; what stands for something in it is written $SO."""
    ports = {name.upper(): f"{HOST}:{getattr(staging.ports, name)}" for name in Ports.__dataclass_fields__}
    ids = {f"ID_{name.upper()}": known for name, known in staging.prompts.items()}
    text = TEMPLATE.read_text("utf-8")
    for name, value in {**urls, **ports, **ids, "TOKENS": str(tokens)}.items():
        text = text.replace(f"${name}", value)
    staging.file.parent.mkdir(parents=True, exist_ok=True)
    staging.file.write_text(text, "utf-8")


def start_calm(staging: Staging, folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start the stand-ins for provider and application that answer while no range is played."""
    url = f"http://{HOST}:{staging.ports.door}"
    folder.mkdir(parents=True, exist_ok=True)
    ports = (str(getattr(staging.ports, name)) for name in Ports.__dataclass_fields__)
    command = [sys.executable, "-m", "tests.systems.calm", *ports]
    env = {"XDG_CONFIG_HOME": str(staging.config)}
    return launch(Launch(NAME, url, command, folder, lambda: http_ok(url), env, ceiling=90, stay=stay, cwd=ROOT))


@contextmanager
def staged(folder: Path) -> Iterator[tuple[Staging, dict[str, RunningSystem]]]:
    """Have staging for the length of a test; the second value has the systems by their names.

    Raises:
        SystemMissing: this machine lacks something that has to come from the operating system.
    """
    ports = choose_ports()
    options: dict[str, dict[str, Any]] = {"litellm-db": proxy_options(ports), "phoenix": {"auth": True}}
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(start(name, folder=folder / name, **options.get(name, {}))) for name in PARTS
        }
        staging = furnish(folder, ports, *(_opened(running[name]) for name in PARTS))
        stack.enter_context(start_calm(staging, folder / NAME))
        yield staging, running


def _opened(system: RunningSystem | State) -> tuple[str, str]:
    return system.url, system.tokens.get("master") or system.tokens["admin"]


def bring_up(first_port: int = 0) -> Staging:
    """Bring everything up to stay; what is up already as staging stays as it is.

    Raises:
        BadInput: one of the systems is up already, for something else.
    """
    folder, known = run_folder(NAME), load(NAME)
    if known and known.alive and all((state := load(name)) and state.alive for name in PARTS):
        return recall(folder)
    refuse_strangers()
    shutil.rmtree(folder, ignore_errors=True)
    ports = choose_ports(first_port)
    options: dict[str, dict[str, Any]] = {"litellm-db": proxy_options(ports), "phoenix": {"auth": True}}
    staging = furnish(folder, ports, *(_opened(up(name, **options.get(name, {}))) for name in PARTS))
    calm = start_calm(staging, folder, stay=True)
    mine = Process(NAME, calm.kept.pid, calm.kept.born)
    save(State(NAME, calm.url, str(calm.log), {}, (mine,), calm.took))
    return staging


def recall(folder: Path) -> Staging:
    """Return what was brought up before."""
    found = Staging(folder / "config", Ports(0, 0, 0, 0), {})
    ranged, door = found.table["range"], found.table["probes"]["front"]["url"]
    upstream, front = (int(ranged[name].rpartition(":")[2]) for name in ("upstream", "front"))
    ids = {meant: known for known, meant in ranged["prompts"].items()}
    return Staging(found.config, Ports(upstream, front, 0, int(door.rpartition(":")[2])), ids)


def refuse_strangers() -> None:
    """Make sure that no system is up that somebody uses for something else."""
    running = [name for name in PARTS if (state := load(name)) and state.alive]
    if running:
        raise BadInput(
            f"{', '.join(running)} is up already, for something else.",
            hint=f"End it first: python3 dev.py systems down {' '.join(running)}",
        )


def show(staging: Staging) -> None:
    """Say what to do with it."""
    print(f"staging  {staging.file}")
    print(f"  export XDG_CONFIG_HOME={staging.config} COCKPIT_DATA_DIR={cache_root() / 'run' / NAME / 'data'}")
    print("  python3 dev.py cockpit doctor")
    print("  python3 dev.py cockpit lever list")
    print('  python3 dev.py cockpit open "the assistant shows other customers\' orders"')
    print("  python3 dev.py cockpit range injection-leak --gateway gateway")
    print("  python3 dev.py systems down")
