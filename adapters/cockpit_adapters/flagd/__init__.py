"""flagd and OpenFeature: flags in a file, as kill switches and canaries."""

from __future__ import annotations

from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions


class FlagdOptions(SystemOptions):
    """What the table of a flagd file may say."""

    file: str = ""
    """The file of flags, .json or .yaml; the application or flagd watches it."""


class FlagdAdapter:
    """The flags of one file."""

    name = "flagd"
    capabilities = frozenset({Capability.FLAG, Capability.CANARY})
    tested = (Tested(How.REAL, "openfeature-provider-flagd 0.6.1 with openfeature-sdk 0.10.0, file mode"),)
    options = FlagdOptions

    def connect(self, options: FlagdOptions, place: Place) -> System:
        """Make a system; the file is read when it is asked about."""
        from cockpit_adapters.flagd.system import FlagdSystem

        return FlagdSystem(options, place)
