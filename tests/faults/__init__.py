"""Programs that are killed while they keep a plan, and what is then found."""
