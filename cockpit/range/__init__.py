"""A drill on the team's own staging systems: the provider misbehaves as the scenario says, all between is real."""
