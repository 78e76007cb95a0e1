"""Every state that a repository can be in: built, looked at, written to."""
