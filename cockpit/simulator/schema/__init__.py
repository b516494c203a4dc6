"""What a scenario file may say; `scenario` is the whole of it."""
