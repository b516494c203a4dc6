"""Failing traces together: in named groups, and how far they reach."""
