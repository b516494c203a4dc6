"""Detectors: what is wrong in one answer (signs), and what moved in a stream of them (pages)."""
