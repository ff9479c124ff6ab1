"""Registers the profile of `budget` before pytest looks for it."""

import budget

__all__ = ["budget"]
