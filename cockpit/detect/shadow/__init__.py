"""Two configurations over the same inputs: asked, paired, and told apart with intervals."""
