"""Verification: whether the history of a plan is what its commits say it is."""
