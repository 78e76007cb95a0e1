"""The terminal of the screen: its driver, what is needed of it, and what it cannot print."""
