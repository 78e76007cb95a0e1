"""How users work with a programme: the screen, the command line, settings and translations."""

from typing import Final

PROGRAM: Final = "kvartal"
COMPLETION_VARIABLE: Final = "_KVARTAL_COMPLETE"
"""Set by a shell's completion script: the program is asked for completions, not to run."""
