"""Traces kept: whole, searchable, rebuildable from what was received or imported."""
