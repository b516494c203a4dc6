"""`cockpit init`: the questions, the interview that asks them, and the templates that answers go into."""
