"""What a live incident sees of its traces: read from the archive, judged, counted into signals and facts."""
