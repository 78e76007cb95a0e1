"""Git: every call of it, what its refusals mean, and teaching it to merge and show a plan."""
