"""A journal in PostgreSQL, for terminals on several hosts. Needs the extra `llm-cockpit[postgres]`."""
