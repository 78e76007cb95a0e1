"""Tests of sharing a programme; `python -m tests.sync` plays many clones at length."""
