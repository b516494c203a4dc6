"""How other systems come in by HTTP: the server, the door behind it, and the traces that complaints name."""
