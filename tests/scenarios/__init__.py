"""Plausible histories of a programme, made by the ledger as people would make them.

``python -m tests.scenarios DIR`` writes the year 2024 to a folder, to be looked at.
"""
