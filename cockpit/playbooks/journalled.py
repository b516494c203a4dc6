"""The playbook an incident is worked by, as its first line keeps it."""

from __future__ import annotations

from cockpit.domain.events import Event
from cockpit.domain.playbook import Playbook


def playbook_of(first: Event) -> Playbook:
    """Read the playbook that was in force when an incident was opened."""
    from cockpit.playbooks.loader import load_playbook, parse_profile, playbook_with

    text = str(first.get("profile_text", ""))
    if not text:
        return load_playbook(str(first.get("profile", "default")))
    return playbook_with(parse_profile(text, f"profile {first.get('profile')}"))
