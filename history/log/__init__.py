"""The log: what each commit changed, earlier versions, and what can be undone or restored."""
