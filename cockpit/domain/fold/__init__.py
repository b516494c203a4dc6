"""How events fold into an incident's state, station by station; `cockpit.domain.incident` puts them together."""
