"""The dialogs: each asks for one change and hands it back as a value."""
