"""Syncs one programme between clones: fetch, merge by measure and field, push."""
