"""Reading history: commits told in fields, and what of them can be taken back."""
