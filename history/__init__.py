"""How a programme is kept: the YAML text, the ledger, git, the journal and the evidence files."""
