"""Alerts of other systems: what they send is checked, read into one shape, and nothing of it is kept here."""
