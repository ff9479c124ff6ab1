"""Readers of the outside world: the source file, the files it names, and how they map."""
