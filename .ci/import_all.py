"""Import every module of the installed kvartal, to see that all it needs is installed too."""

import importlib
import pkgutil
import sys


def main() -> None:
    """Import all modules and print how many there are."""
    kvartal = importlib.import_module("kvartal")
    names = [module.name for module in pkgutil.walk_packages(kvartal.__path__, "kvartal.")]
    for name in names:
        importlib.import_module(name)
    if not names or any("site-packages" not in place for place in kvartal.__path__):
        sys.exit(f"not the installed copy: {list(kvartal.__path__)}")
    print(f"{len(names)} modules imported")


if __name__ == "__main__":
    main()
