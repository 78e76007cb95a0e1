"""Git: every call of it, what its errors mean, and its setup to merge and show a plan."""
