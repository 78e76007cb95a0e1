"""Two sides of a programme made one, by measure and by field."""
