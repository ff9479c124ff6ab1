"""Measures the daily job against a hand-written script, on a synthetic company of any size."""
