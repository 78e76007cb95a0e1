"""Which plan files there are, for which days, and which one is meant."""
