"""Check that the built wheel has exactly the files of the folders it was built from.

A sub-package or a data file that pyproject.toml does not list works from a checkout but is missing
from the wheel; a deleted file may survive in an old build.
"""

import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def expected() -> set[str]:
    """Return the paths that the wheel should have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    paths = set()
    for package, top in project["tool"]["setuptools"]["package-dir"].items():
        inside = package.replace(".", "/")
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in {".pyc", ".po", ".pot"}:
                paths.add(f"{inside}/{path.relative_to(ROOT / top).as_posix()}")
    return paths


def main(wheel: str) -> None:
    """Exit with an error that lists the differences, if there are any."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    differences = [f"missing: {name}" for name in sorted(expected() - names)]
    differences += [f"unexpected: {name}" for name in sorted(names - expected())]
    if differences:
        sys.exit("\n".join(differences))
    print(f"{Path(wheel).name}: {len(names)} files, as in the folders")


if __name__ == "__main__":
    main(*sys.argv[1:])
