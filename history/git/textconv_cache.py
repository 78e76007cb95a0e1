"""What `kvartal textconv` has printed, kept by content and version in the clone.

Git starts the conversion for both sides of every commit that it shows, and a Python takes a fifth
of a second. A shell that finds the text here prints it at once; whatever it does not find, it asks
the program for, which writes it here. The cache is a convenience: it may be absent, incomplete or
not writable, and is never believed beyond the name of a file, which is the id of its content.
"""

import hashlib
import os
import re
import shlex
import shutil
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from secrets import token_hex
from typing import Final

from kvartal.history.git import flatten

MOST_BYTES: Final = 8 << 20
"""The largest text that is kept, in bytes."""
MOST_ENTRIES: Final = 10_000
"""How many texts are kept; when there are as many, the older half goes."""
_PACKAGE: Final = "kvartal"
_SHA1_DIGITS: Final = 40
_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def cache_folder(common_dir: Path) -> Path:
    """Return the folder of the cache, with one folder a version in it.

    Args:
        common_dir: The git directory that all working trees of a clone share.
    """
    return common_dir / "kvartal" / "textconv"


def version_folder() -> Path | None:
    """Return the folder that names the installed version of this package.

    It is there as long as that version is: a shell can look it up. None where the package is not
    installed in a folder.
    """
    paths = (getattr(found, "_path", None) for found in distributions(name=_PACKAGE))
    folders = (
        path for path in paths if isinstance(path, Path) and path.name.endswith(".dist-info")
    )
    folder = next(folders, None)
    return None if folder is None else folder.resolve()


def lookup(program_call: str, folder: Path) -> str | None:
    """Return shell commands that print the text of ``$1`` from the cache, or by the program.

    Args:
        program_call: How a shell calls the program.
        folder: The folder of the cache.

    Returns:
        The commands; None where there can be no cache.
    """
    version = version_folder()
    if os.name == "nt" or version is None:
        return None
    installed = f"{_quoted(version.parent)}/{_PACKAGE}-*.dist-info"
    source = _quoted(Path(flatten.__file__).resolve())
    # An entry that is not newer than the code may have been written by other code. Only one
    # process is started to find it, git itself, and one to print it.
    return (
        f'c={_quoted(folder)}; set -- "$1" {installed}; '
        'v="$c/${2##*/}"; e="$v/$(git hash-object --stdin < "$1")"; '
        'if test $# = 2 && test ! -L "$c" && test ! -L "$v" && test ! -L "$e" && test -f "$e" '
        f'&& test "$e" -nt {source}; then exec head -c {MOST_BYTES} "$e"; fi; '
        f'exec {program_call} textconv --cache "$e" "$1"'
    )


def store(entry: Path, data: bytes, text: bytes) -> None:
    """Keep the text of a file, if its place is one of this version and of this content.

    Nothing is raised where it cannot be kept: the text is printed all the same.

    Args:
        entry: The place, as the shell has worked it out.
        data: The content of the file.
        text: The text.
    """
    version = version_folder()
    folder = entry.parent
    cache, state = folder.parent, folder.parent.parent
    # A clone that has been moved away leaves nothing behind in which to create folders.
    is_ours = version is not None and folder.name == version.name and _is_git_dir(state.parent)
    if not is_ours or len(text) > MOST_BYTES or entry.name != _id(data, entry.name):
        return
    with suppress(OSError):
        for path in (state, cache, folder):
            path.mkdir(exist_ok=True)
            if path.is_symlink():
                return
        _drop_older(folder)
        _write(entry, text)


def remove(common_dir: Path) -> bool:
    """Remove the cache; tell whether there was one.

    Args:
        common_dir: The git directory that all working trees of a clone share.

    Raises:
        OSError: It cannot be removed.
    """
    folder = cache_folder(common_dir)
    if folder.is_symlink():
        folder.unlink()
        return True
    if not folder.exists():
        return False
    shutil.rmtree(folder)
    return True


def _is_git_dir(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _id(data: bytes, like: str) -> str | None:
    """Return the id that git gives a content; None where the other is no id.

    Args:
        data: The content.
        like: An id, of the kind that the repository uses.
    """
    if _ID.fullmatch(like) is None:
        return None
    is_sha1 = len(like) == _SHA1_DIGITS
    digest = hashlib.sha1(usedforsecurity=False) if is_sha1 else hashlib.sha256()
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest()


def _drop_older(folder: Path) -> None:
    entries = list(os.scandir(folder))
    if len(entries) >= MOST_ENTRIES:
        entries.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
        for entry in entries[: len(entries) // 2]:
            Path(entry.path).unlink(missing_ok=True)


def _write(entry: Path, text: bytes) -> None:
    temporary = entry.with_name(f".{token_hex(6)}")
    try:
        with temporary.open("xb") as file:
            file.write(text)
        temporary.replace(entry)
    finally:
        temporary.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return shlex.quote(path.as_posix())
