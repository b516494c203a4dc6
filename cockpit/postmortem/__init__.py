"""The postmortem: a draft written from the journal, kept up with edits, and exported."""
