"""Commands for after an incident: cases, the golden set, the postmortem, and its action items."""
