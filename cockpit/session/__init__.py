"""The one registry of responder actions, and the session that carries them out against a journal and a world."""
