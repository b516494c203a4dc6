"""Live incidents: opening and joining one, the runner that drives it, and what is known of earlier pulls."""
