"""Commands about alerts: the door that lets them in, and which incident they go on in."""
