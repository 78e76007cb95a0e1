"""Write the year 2024 to a folder: ``python -m tests.scenarios DIR [--until DATE] [--honest]``."""

import argparse
from pathlib import Path

from tests.scenarios.year import year


def main() -> None:
    """Write the repository and print the path of its plan."""
    parser = argparse.ArgumentParser(description="Write the year 2024 to a folder.")
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("--until", default="9999-12-31", help="the last day, YYYY-MM-DD")
    parser.add_argument("--honest", action="store_true", help="leave out the commit made with git")
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        parser.error(f"{options.folder} is not empty")
    print(year(options.folder.absolute(), until=options.until, outside_program=not options.honest))


if __name__ == "__main__":
    main()
