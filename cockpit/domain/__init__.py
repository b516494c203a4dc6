"""The pure heart: events, the state they fold into, and the rules of the five stations.

Imports nothing of textual, sqlmodel, httpx, pydantic or numpy, and never reads a clock, a file or a random source.
"""
