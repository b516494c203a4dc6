"""The postmortem on the screen: read, looked through, edited, signed, handed out, its action items followed."""
