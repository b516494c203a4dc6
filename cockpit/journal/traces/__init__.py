"""The trace store beside the journal: many rows, fast, and rebuildable from the world."""
