"""Killing programs while they save a plan, and checking that plan and repository survive it."""
