"""The three-way merge of a programme by measure and field, and of its text."""
