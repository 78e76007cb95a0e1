"""The two archives of a release, byte for byte the same wherever and whenever they are built.

Setuptools puts the packages alone into a source archive, with the times, the owner and the umask of
the machine. Here it has every file of the project, so that the tests run from it, and neither
archive shows where it was made. `SOURCE_DATE_EPOCH` is the time of their files.
"""

import gzip
import io
import os
import tarfile
import time
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

EPOCH = "SOURCE_DATE_EPOCH"
_ALWAYS_IGNORED = (".git", "PKG-INFO")


def source_files(root: Path) -> Iterator[str]:
    """Yield every file of the project, and the links in .alias/, as paths below `root`, in order.

    What `.gitignore` names is left out. Its patterns are names: one without a slash holds in every
    folder, one that begins with a slash in `root` alone.
    """
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.removesuffix("/") for line in lines if line and not line.startswith("#")]
    names = [*_ALWAYS_IGNORED, *(name for name in patterns if not name.startswith("/"))]
    top_names = [name[1:] for name in patterns if name.startswith("/")]
    yield from sorted(_files(root, "", [*names, *top_names], names))


def _files(folder: Path, above: str, ignored: list[str], below: list[str]) -> Iterator[str]:
    for entry in os.scandir(folder):
        if any(fnmatchcase(entry.name, pattern) for pattern in ignored):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder / entry.name, f"{above}{entry.name}/", below, below)
        else:
            yield above + entry.name


def write_sdist(path: Path, root: Path, name: str, metadata: bytes) -> None:
    """Write the source archive.

    Args:
        path: Where to.
        root: The project.
        name: The folder in the archive.
        metadata: What PKG-INFO holds.
    """
    epoch = int(os.environ.get(EPOCH) or time.time())
    with (
        path.open("wb") as stream,
        gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in ("PKG-INFO", *source_files(root)):
            entry = tarfile.TarInfo(f"{name}/{file}")
            entry.mtime = epoch
            source = root / file
            if source.is_symlink():
                entry.type = tarfile.SYMTYPE
                entry.linkname = source.readlink().as_posix()
                archive.addfile(entry)
                continue
            data = metadata if file == "PKG-INFO" else source.read_bytes()
            entry.size = len(data)
            entry.mode = _mode(file != "PKG-INFO" and os.access(source, os.X_OK))
            archive.addfile(entry, io.BytesIO(data))


def normalise_wheel(path: Path) -> None:
    """Take the umask of the machine out of a wheel; its times are the epoch's already."""
    with zipfile.ZipFile(path) as archive:
        files = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for old, data in files:
            entry = zipfile.ZipInfo(old.filename, old.date_time)
            entry.create_system = 3  # the modes are those of Unix
            entry.external_attr = (0o100000 | _mode(False)) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


def _mode(is_executable: bool) -> int:  # noqa: FBT001 - the only argument
    return 0o755 if is_executable else 0o644
