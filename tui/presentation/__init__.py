"""What is shown, as plain values and words. No widget, no input or output."""
