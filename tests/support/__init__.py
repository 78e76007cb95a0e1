"""Helpers shared by several tests, imported as tests.support."""
