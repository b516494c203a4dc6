"""Traces: the live list, one trace opened, and two set side by side."""
