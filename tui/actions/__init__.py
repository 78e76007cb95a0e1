"""The registry of actions: key, label, help, and the reason when one is off."""
