"""The screens: each fills the terminal and arranges widgets."""
