"""Tests of sync; `python -m tests.sync` runs many clones for a long time."""
