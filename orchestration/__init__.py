"""Pulls, runs, audits and publishes customer tiers."""
