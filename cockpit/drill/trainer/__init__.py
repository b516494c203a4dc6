"""What a trainer does: watches a drill privately, steers it from another terminal, and compares teams."""
