"""``python -m kvartal.tui``: the same as ``kvartal``."""

from kvartal.tui.main import main

if __name__ == "__main__":
    main()
