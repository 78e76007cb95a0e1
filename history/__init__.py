"""How a programme is kept: the YAML text, the ledger, git, the log and the evidence files."""
