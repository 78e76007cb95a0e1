"""Verifying: what a history of the plan really holds, against what it says of itself."""
