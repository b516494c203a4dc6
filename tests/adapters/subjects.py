"""The specimens there are, and one of them ready to be tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.world.contract import Adapter, Controls, Deadline, Place, Reading, Write
from cockpit.world.registry import BUILT_IN, GROUP, load_adapter
from cockpit.world.specimen import Fake, Specimen
from tests.adapters.chaos import Chaos
from tests.adapters.fenced import SPECIMEN, FencedAdapter
from tests.adapters.served import Served

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

TOKEN = "specimen-5ecret-t0ken-8c1f"
UNREAL = "simulator"
"""The one adapter that connects to nothing."""


def _collect() -> tuple[list[Specimen], dict[str, str]]:
    found, missing = [SPECIMEN], {}
    for name in sorted(set(BUILT_IN) - {UNREAL}):
        module = EntryPoint(name, BUILT_IN[name], GROUP).module
        try:
            found += import_module(f"{module}.specimen").specimens()
        except (ImportError, AttributeError) as problem:
            missing[name] = f"{type(problem).__name__}: {problem}"
    return found, missing


SPECIMENS, MISSING = _collect()
"""What can be tried, and why the rest can't."""


def name_of(specimen: Specimen) -> str:
    """Return how a specimen is told from others."""
    return f"{specimen.adapter}-{specimen.label}" if specimen.label else specimen.adapter


SERVED = [specimen for specimen in SPECIMENS if specimen.fake]
FILED = [specimen for specimen in SPECIMENS if specimen.prepare]
CONTROLLED = [specimen for specimen in SPECIMENS if specimen.address]


def first_of_each(specimens: Sequence[Specimen]) -> Iterator[ParameterSet]:
    """Return specimens as parameters, of which the default run tries the first of each adapter."""
    met: set[str] = set()
    for specimen in specimens:
        yield pytest.param(specimen, marks=[pytest.mark.integration] if specimen.adapter in met else [])
        met.add(specimen.adapter)


def adapter_of(specimen: Specimen) -> Adapter:
    """Return a specimen's adapter."""
    return FencedAdapter() if specimen is SPECIMEN else load_adapter(specimen.adapter)


def connect(specimen: Specimen, table: dict[str, Any]) -> Any:
    """Return its system, with a secret that is the same for every reference."""
    adapter = adapter_of(specimen)
    place = Place("under_test", lambda reference: TOKEN if reference else "", lambda: datetime.now(UTC))
    return adapter.connect(adapter.options(**{"adapter": specimen.adapter, **specimen.options, **table}), place)


@dataclass(slots=True)
class Trial:
    """A specimen set up: `system` meets what goes wrong, `direct` does not.

    Attributes:
        ground: what `elsewhere` takes: the fake, or the folder.
        chaos: what goes wrong on the way; None for one that works on files.
    """

    specimen: Specimen
    system: Any
    direct: Any
    ground: Any
    chaos: Chaos | None = None
    fake: Fake | None = None
    folder: Path | None = None

    @property
    def applied(self) -> int:
        """How many changes the fake made."""
        return self.fake.applied if self.fake else 0

    def planned(self, key: str = "L1") -> Write:
        """Return the change of the specimen, planned on what is there now."""
        return order(self.direct, self.specimen, self.specimen.want, key)

    def now(self) -> Reading:
        """Return what is there, whatever goes wrong on the way."""
        return read(self.direct, self.specimen.address)


def order(system: Controls, specimen: Specimen, value: Any, key: str) -> Write:
    """Return a change planned on what a system says now."""
    reading = read(system, specimen.address)
    return Write(specimen.address, value, key, reading.version, reading.value, "incident 7, by ada")


def read(system: Controls, address: str) -> Reading:
    """Read a value with all the time there is."""
    return system.read(address, Deadline(10))


@contextmanager
def trial(specimen: Specimen, folder: Path, deadline_s: float = 5.0) -> Iterator[Trial]:
    """Set a specimen up, and take it down."""
    with ExitStack() as stack:
        if specimen.fake is None:
            assert specimen.prepare is not None, "a specimen has a fake or files"
            table = dict(specimen.prepare(folder))
            system = connect(specimen, {"deadline_s": deadline_s, **table})
            direct = connect(specimen, table)
            yield Trial(specimen, system, direct, folder, folder=folder)
        else:
            fake = specimen.fake()
            served = stack.enter_context(Served(fake))
            chaos = stack.enter_context(Chaos(served.port))
            system = connect(specimen, {"url": chaos.url, "deadline_s": deadline_s})
            direct = connect(specimen, {"url": served.url, "deadline_s": 10.0})
            yield Trial(specimen, system, direct, fake, chaos, fake)
        system.close()
        direct.close()
