"""``python -m kvartal.tui``: the same as ``kvartal``."""

from kvartal.tui.main import main

main()
