"""Programmes that are begun: empty, from a document, or next year's from an earlier one."""
