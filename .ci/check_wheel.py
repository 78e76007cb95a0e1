"""Compare the built wheel with the folders it was made from: nothing missing, nothing more.

A sub-package or a data file that pyproject.toml does not list works from a checkout and vanishes
from the wheel; a file that was deleted may live on in an old build.
"""

import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wanted() -> set[str]:
    """Return the paths that the folders of the house ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = set()
    for package, top in project["tool"]["setuptools"]["package-dir"].items():
        inside = package.replace(".", "/")
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in {".pyc", ".pot"}:
                found.add(f"{inside}/{path.relative_to(ROOT / top).as_posix()}")
    return found


def main(wheel: str) -> None:
    """Exit with what differs, if anything does."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    differences = [f"missing: {name}" for name in sorted(wanted() - names)]
    differences += [f"too much: {name}" for name in sorted(names - wanted())]
    if differences:
        sys.exit("\n".join(differences))
    print(f"{Path(wheel).name}: {len(names)} files, as in the folders")


if __name__ == "__main__":
    main(*sys.argv[1:])
