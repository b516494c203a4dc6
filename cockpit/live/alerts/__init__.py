"""Alerts of other systems and pages of the detectors: to which incident they go, and which one they open."""
