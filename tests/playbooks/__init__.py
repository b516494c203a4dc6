"""Playbooks as files: reading them, refusing what is wrong, telling them apart."""
