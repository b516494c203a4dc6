"""All failing traces together: the screen, its words, and what it proposes."""
