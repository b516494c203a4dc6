"""Fire drills: a run of a scenario, its clock, its cast, and what is made of it afterwards."""
