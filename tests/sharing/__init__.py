"""Tests of sharing a programme; `python -m tests.sharing` plays many clones at length."""
