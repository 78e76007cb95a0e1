"""From grids to a programme: columns by their headings, rows by what they are."""
