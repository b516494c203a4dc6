"""The home screen and the rows it lists."""
