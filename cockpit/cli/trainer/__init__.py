"""What trainers ask for: a private look at a drill, steering it, and teams side by side."""
