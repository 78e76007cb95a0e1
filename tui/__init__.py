"""How a person works a programme: the screen, the command line, settings and translations."""
