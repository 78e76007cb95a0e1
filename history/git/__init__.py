"""The one room that calls git, and that teaches git to show a plan."""
