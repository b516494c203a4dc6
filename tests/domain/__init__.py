"""The rules of the five stations, without a world or a journal."""
