"""Traces pulled from the systems that keep them into the archive, again and again, each stretch once."""
