"""The one next sensible step: what it is (`next_step`), and the rules that choose it, stretch by stretch."""
