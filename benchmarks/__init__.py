"""Benchmarks: separate commands, not part of the suite. Compare the ratios of one run."""
