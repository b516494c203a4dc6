"""Traces as the systems that keep them hand them out, one module for each system."""
