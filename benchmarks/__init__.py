"""Benchmarks, each a command of its own and none part of the suite. Compare ratios of one run."""
