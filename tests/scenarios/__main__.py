"""Write the year 2024 to a folder: ``python -m tests.scenarios DIR [--until DATE] [--honest]``."""

import argparse
from pathlib import Path

from tests.scenarios.year import year


def main() -> None:
    """Write it and say where it is."""
    parser = argparse.ArgumentParser(description="Write the year 2024 to a folder.")
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--until", default="9999-12-31", help="the last day, YYYY-MM-DD")
    parser.add_argument("--honest", action="store_true", help="nothing committed past the program")
    asked = parser.parse_args()
    if asked.folder.exists() and any(asked.folder.iterdir()):
        parser.error(f"{asked.folder} is not empty")
    print(year(asked.folder.absolute(), until=asked.until, by_hand=not asked.honest))


if __name__ == "__main__":
    main()
