"""The words of traces: pools made once per seed, picked by the request's number.

Nothing here is neutralised: what a scenario or a file says is passed on as it is.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Mapping
from functools import cached_property, lru_cache

from cockpit.errors import ScenarioError
from cockpit.simulator.inputs import HINT, input_path
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.story import TextFile

POOL = 256
MAX_LINES = 100_000
MAX_FILE_BYTES = 50_000_000
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")

ASK = "Can you help me with $item?"
ANSWER = "Here is what I found about $item."


class Texts:
    """Everything said in one scenario under one seed."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = seed
        self._pools: dict[str, list[str]] = {}
        self._asks: dict[str, list[str]] = {}
        self._files = {kind: _read(scenario, source) for kind, source in scenario.texts.files.items()}

    @cached_property
    def _faker(self) -> tuple[list[str], list[str], list[str]]:
        """Names, streets and cities."""
        return _people(self.scenario.texts.locale, self.seed)

    @property
    def names(self) -> list[str]:
        """A pool of made-up people."""
        return self._faker[0]

    def person(self, user: int) -> str:
        """Return the name of a user."""
        return self.names[(user * 31 + 7) % POOL]

    def ask(self, kind: str, number: int) -> str:
        """Return what a request of a kind says."""
        if kind in self._files:
            lines = self._files[kind]
            return lines[number % len(lines)][0]
        if kind not in self._asks:
            self._asks[kind] = self._pool("ask", kind, self.scenario.texts.asks.get(kind) or [ASK])
        return self._asks[kind][number * 7 % (POOL + 1)]

    def answer(self, kind: str, outcome: str, number: int) -> str:
        """Return what was answered."""
        texts = self.scenario.texts
        if outcome == "static":
            return texts.static
        if kind in texts.files and texts.files[kind].answer:
            lines = self._files[kind]
            return lines[number % len(lines)][1]
        name = "refused" if outcome == "blocked" else outcome
        pool = self._pool("answer", name, texts.answers.get(name) or texts.answers.get("good") or [ANSWER])
        return pool[number * 7 % len(pool)]

    def filled(self, template: str, number: int, known: Mapping[str, str] | None = None) -> str:
        """Fill a template's placeholders; the same number gives the same text."""
        source = random.Random(zlib.crc32(f"{self.seed}\0{number}\0{template}".encode("utf-8", "replace")))
        values = {**self._values(source), **(known or {})}
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)

    def _values(self, source: random.Random) -> dict[str, str]:
        names, streets, cities = self._faker
        tenants = [tenant.name for tenant in self.scenario.tenants]
        return {
            "order": f"A-{source.randrange(10_000, 99_999)}",
            "other_order": f"A-{source.randrange(10_000, 99_999)}",
            "item": f"{source.randrange(100, 999)}-{source.choice('ABCDEF')}",
            "days": str(source.randrange(1, 6)),
            "amount": str(source.randrange(2, 30) * 10),
            "count": str(source.randrange(2, 40)),
            "user": source.choice(names),
            "other_user": source.choice(names),
            "street": source.choice(streets),
            "other_street": source.choice(streets),
            "city": source.choice(cities),
            "other_city": source.choice(cities),
            "tenant": source.choice(tenants),
            "other_tenant": source.choice(tenants),
            "service": self.scenario.service,
        }

    def _pool(self, sort: str, name: str, templates: list[str]) -> list[str]:
        key = f"{sort}:{name}"
        if key not in self._pools:
            self._pools[key] = [self.filled(templates[place % len(templates)], place) for place in range(POOL + 1)]
        return self._pools[key]


@lru_cache(maxsize=32)
def _people(locale: str, seed: int) -> tuple[list[str], list[str], list[str]]:
    """Make up names, streets and cities; kept, since a debrief asks for those of one night again and again."""
    from faker import Faker

    fake = Faker(locale)
    fake.seed_instance(seed)
    names = [fake.name() for _ in range(POOL)]
    return names, [fake.street_address() for _ in range(POOL)], [fake.city() for _ in range(POOL)]


def _read(scenario: Scenario, source: TextFile) -> list[tuple[str, str]]:
    path = input_path(scenario.file, source.path)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ScenarioError(f"larger than {MAX_FILE_BYTES:,} bytes", file=str(path), line=1)
        lines = path.read_text(encoding="utf-8").split("\n")[:MAX_LINES]
    except (OSError, UnicodeError, ValueError) as error:
        raise ScenarioError(
            f"the text file {source.path!r} can't be read: {error}",
            file=scenario.file,
            hint=HINT,
        ) from None
    found = [_line(text, source, str(path), number) for number, text in enumerate(lines, 1) if text.strip()]
    if not found:
        raise ScenarioError("there is no text in it", file=str(path))
    return found


def _line(text: str, source: TextFile, file: str, number: int) -> tuple[str, str]:
    try:
        row = json.loads(text)
        return str(row[source.field]), str(row[source.answer]) if source.answer else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        wanted = " and ".join(repr(name) for name in (source.field, source.answer) if name)
        raise ScenarioError(f"this line is no JSON object with {wanted}", file=file, line=number) from None
