"""Every state that a repository can be in: created, read and written to."""
