"""Deliberate faults in the core, and whether the suite notices them: `python -m tests.mutants`."""
