"""Commit messages: the subject, the changed fields and the trailers."""
