"""What is shown, as plain values and words: no widget, no input or output."""
