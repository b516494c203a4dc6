"""A git repository: prompts and settings as files, changed by commits."""

from __future__ import annotations

from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions


class GitTableOptions(SystemOptions):
    """What the table of a git repository may say."""

    repository: str = ""
    """The folder of the repository on this machine; a bare one will do."""
    branch: str = "main"
    """The branch that counts."""
    push: str = ""
    """The remote whose branch counts; empty: the branch of this repository counts, and nothing is pushed."""
    effect_s: float = 60.0
    """How long it takes until a commit is in force, in seconds: your deployment."""


class GitTableAdapter:
    """Files of one branch of one repository."""

    name = "git_table"
    capabilities = frozenset({
        Capability.PROMPT, Capability.ROUTING, Capability.MODEL_PIN, Capability.CAPS, Capability.CHANGES,
    })  # fmt: skip
    tested = (Tested(How.REAL, "git 2.39.5, local branches and a bare remote"),)
    options = GitTableOptions

    def connect(self, options: GitTableOptions, place: Place) -> System:
        """Make a system; git is called when it is asked something."""
        from cockpit_adapters.git_table.system import GitTableSystem

        return GitTableSystem(options, place)
