"""A plausible history of a programme, made through the ledger as people would make it.

``python -m tests.scenarios DIR`` writes the year 2024 to a folder, to be explored.
"""
