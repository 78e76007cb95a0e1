"""Benchmarks: each its own command, none part of the suite; ratios within one run."""
