"""The settings: command line, then COCKPIT_ environment variables, then cockpit.toml, then the defaults here.

Importing this brings pydantic: do it where settings are read, never while the screen starts.
"""

from __future__ import annotations

import difflib
import getpass
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from cockpit.errors import SettingsError
from cockpit.intake.options import IntakeOptions
from cockpit.paths import find_paths
from cockpit.tomlplaces import line_of
from cockpit.world.options import (
    CanaryOptions,
    ChannelOptions,
    KnownOptions,
    LeverOptions,
    LiveOptions,
    PagerOptions,
    ProbeOptions,
    RangeOptions,
    ServiceOptions,
    SignalOptions,
    TracesOptions,
    WatchOptions,
    WebhookOptions,
)

PREFIX = "COCKPIT_"
NESTED = "__"
OTHER_VARIABLES = frozenset(
    {"COCKPIT_SHARED_DATA", "COCKPIT_SYSTEMS_DIR", "COCKPIT_EMBEDDINGS", "COCKPIT_LITELLM_DB_FIXTURE"}
)
"""Variables of this prefix that are no settings."""

_SOURCES: ContextVar[tuple[Mapping[str, str], dict[str, Any]]] = ContextVar("sources of settings", default=({}, {}))
"""The variables and the table that settings are being made of."""

Theme = Literal["cockpit-dark", "cockpit-light", "ansi-dark", "ansi-light"]


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user id, as in many containers
        return "responder"


class Settings(BaseSettings):
    """What a user may set; every field can also be a COCKPIT_ variable or a line of cockpit.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        extra="forbid",
        frozen=True,
        validate_default=False,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    data_dir: Path | None = None
    """Where the journal and the traces are kept; by default the XDG data folder."""
    profile: str = Field(default="default", min_length=1)
    """The severity scale, targets and rules a drill uses unless it names its own."""
    playbooks: Path | None = None
    """A folder with your own profiles, decision tree, templates or clocks, which come before those shipped."""
    responder: str = Field(default_factory=_user, min_length=1, max_length=64)
    """The name your actions are recorded under; by default your user name."""
    theme: Theme = "cockpit-dark"
    """The colours; the ansi themes use the terminal's own sixteen."""
    speed: float = Field(default=1.0, ge=0.5, le=60)
    """How fast a drill's clock runs against the wall's, 0.5 to 60."""
    database_url: SecretStr | None = None
    """A PostgreSQL database for the journal: its address, or env:NAME, file:PATH, keyring:…; it is never shown."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Other keys for actions: the action's name to the key, for instance set_severity = "v"."""
    service: ServiceOptions = ServiceOptions()
    """The application that live incidents are about."""
    systems: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """The systems that live levers are on, by a name of your own; `cockpit adapters` lists what can be spoken to."""
    levers: dict[str, LeverOptions] = Field(default_factory=dict)
    """The rungs of the ladder that are wired to a system."""
    probes: dict[str, ProbeOptions] = Field(default_factory=dict)
    """Requests whose answers show which configuration is in force."""
    signals: dict[str, SignalOptions] = Field(default_factory=dict)
    """What is measured while an incident runs, and the lines it should not cross."""
    canary: CanaryOptions | None = None
    """Where a share of users is re-opened."""
    range: RangeOptions = RangeOptions()
    """How a drill is played on staging systems."""
    webhooks: WebhookOptions = WebhookOptions()
    """How alerts of other systems come in."""
    intake: IntakeOptions = IntakeOptions()
    """How traces of your applications are read."""
    known: KnownOptions = KnownOptions()
    """What detectors are told about yourselves: whose names are whose, what you print yourself, planted words."""
    traces: TracesOptions = TracesOptions()
    """Which systems traces are brought in from, and how often."""
    watch: WatchOptions = WatchOptions()
    """Where pages of `cockpit watch` go."""
    channels: dict[str, ChannelOptions] = Field(default_factory=dict)
    """Where updates go out, by a name of your own, and for which audiences."""
    pagers: dict[str, PagerOptions] = Field(default_factory=dict)
    """Who can be woken, by a name of your own."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from: what is given, then the variables and the table that are being read."""
        variables, table = _SOURCES.get()
        written = InitSettingsSource(settings_cls, table)
        if not variables:  # looking for each field among none takes as long as all the rest
            return init_settings, written
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {name.lower(): value for name, value in variables.items()}
        return init_settings, env_settings, written

    @property
    def live(self) -> LiveOptions:
        """What is set about live systems."""
        return LiveOptions.model_construct(
            service=self.service,
            systems=self.systems,
            levers=self.levers,
            probes=self.probes,
            signals=self.signals,
            canary=self.canary,
            range=self.range,
            traces=self.traces,
            known=self.known,
            channels=self.channels,
            pagers=self.pagers,
        )


def load_settings(env: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings; what is given in `overrides` (the command line) wins, None there means not given.

    Raises:
        SettingsError: an unknown name or a wrong value, with the file and line or the variable it came from.
    """
    file = find_paths(env).settings_file
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    return read_settings(_read(file), file, env, given)


def read_settings(
    text: str, file: Path, env: Mapping[str, str] | None = None, given: Mapping[str, Any] | None = None
) -> Settings:
    """Make settings of the text of a file, an environment and options; `file` is what errors name.

    Raises:
        SettingsError: an unknown name or a wrong value.
    """
    variables = {name: value for name, value in (env or {}).items() if name.upper().startswith(PREFIX) and value}
    _refuse_unknown(variables)
    origins = Origins(given or {}, variables, file, text)
    try:
        with _reading(variables, _table(text, file)):
            settings = Settings(**(given or {}))
    except ValidationError as fault:
        raise _explain(fault, origins) from None
    except PydanticSettingsError as fault:
        raise SettingsError(
            f"{PREFIX}… : {fault}", hint="A table is written as JSON, or COCKPIT_KEYS__name=x."
        ) from None
    _refuse_unknown_levers(settings, origins)
    return settings


def origins_of(env: Mapping[str, str]) -> Origins:
    """Return what tells where a value came from, once the settings have been read."""
    file = find_paths(env).settings_file
    variables = {name: value for name, value in env.items() if name.upper().startswith(PREFIX) and value}
    return Origins({}, variables, file, _read(file))


@dataclass(frozen=True, slots=True)
class Origins:
    """Where values came from: options of the command line, variables, the lines of a file."""

    given: Mapping[str, Any]
    variables: Mapping[str, str]
    file: Path
    text: str

    def of(self, path: tuple[str, ...]) -> str:
        """Say where the value at a path came from: an option, a variable, or file and line."""
        field = path[0]
        if field in self.given:
            return f"--{field.replace('_', '-')}"
        wanted = (PREFIX + NESTED.join(path)).upper()
        for name in self.variables:
            if name.upper() in (wanted, (PREFIX + field).upper()):
                return name
        return f"{self.file}:{line_of(self.text, path)}"


@contextmanager
def _reading(variables: Mapping[str, str], table: dict[str, Any]) -> Iterator[None]:
    """Have settings that are made meanwhile read from these variables and this table, and from nowhere else."""
    token = _SOURCES.set((variables, table))
    try:
        yield
    finally:
        _SOURCES.reset(token)


def _read(file: Path) -> str:
    """Return the text of the file, empty when there is none."""
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as fault:
        raise SettingsError(f"{file}: can't be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise SettingsError(f"{file}: is no UTF-8 text.", hint="Save it as UTF-8.") from fault


def _table(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"at line (\d+)", str(fault))
        place = f"{file}:{line[1]}" if line else str(file)
        raise SettingsError(f"{place}: {fault}.", hint='A line looks like: theme = "cockpit-light"') from fault
    except (ValueError, RecursionError) as fault:  # the library's own limits are other errors than its syntax's
        raise SettingsError(f"{file}: a number, or a nesting, is beyond all measure.") from fault


def _refuse_unknown(variables: Mapping[str, str]) -> None:
    for name in variables:
        field = name.upper().removeprefix(PREFIX).split(NESTED)[0].lower()
        if field not in Settings.model_fields and name.upper() not in OTHER_VARIABLES:
            raise SettingsError(f"The variable {name} is no setting.", hint=_names(field, PREFIX))


def _refuse_unknown_levers(settings: Settings, origins: Origins) -> None:
    """Refuse a lever that the playbook does not know: a misspelt kill switch would be noticed when it is needed."""
    if not settings.levers:
        return
    from cockpit.playbooks.loader import lever_names

    known = lever_names()
    for name in settings.levers:
        if name not in known:
            place = origins.of(("levers", name))
            raise SettingsError(f"{place}: there is no lever {name!r}.", hint=_meant(name, known))


def _explain(fault: ValidationError, origins: Origins) -> SettingsError:
    errors = fault.errors(include_url=False, include_input=False)
    # A misspelt name is told before the missing one that was meant.
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    path = tuple(str(part) for part in first["loc"])
    place, name = origins.of(path), ".".join(path)
    fields, about = _around(path)
    if first["type"] == "extra_forbidden":
        return SettingsError(f"{place}: there is no setting {name!r}.", hint=_meant(path[-1], fields))
    if first["type"] == "missing":
        return SettingsError(f"{place}: {name} is missing.", hint=about)
    return SettingsError(f"{place}: {name}: {first['msg'].removeprefix('Value error, ')}.", hint=about)


def _around(path: tuple[str, ...]) -> tuple[list[str], str]:
    """Return the names that exist beside the last one of a path, and what that one means."""
    model: type[BaseModel] = Settings
    about = ""
    for key in path:
        field = model.model_fields.get(key)
        if field is not None:
            about = field.description or about
            inner = _model_in(field.annotation)
            if inner is not None and key != path[-1]:
                model = inner
    return sorted(model.model_fields), about


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model in an annotation: itself, or the values of a table, or one of several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def _names(wrong: str, prefix: str) -> str:
    return _meant(prefix + wrong.upper(), [prefix + name.upper() for name in Settings.model_fields])


def _meant(wrong: str, names: Iterable[str]) -> str:
    known = sorted(names)
    near = difflib.get_close_matches(wrong, known, n=1)
    return f"{f'Did you mean {near[0]}? ' if near else ''}There are: {', '.join(known)}."
