"""How a change is kept: ledger, snapshots, locks, the healing of crashes, evidence files."""
