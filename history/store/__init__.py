"""Reading and saving a programme: ledger, snapshots, locks, crash recovery, evidence files."""
