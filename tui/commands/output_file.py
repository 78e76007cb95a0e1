"""Files that commands write beside the programme: never over another file without being asked."""

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open is neither renamed nor removed.
    _LOCKS = False
else:
    _LOCKS = True

STDOUT: Final = Path("-")
"""What users name as the output file where they mean stdout."""
_SUFFIX: Final = ".kvartal"
"""How the file ends that an output file is made of."""


class OutputExists(KvartalError):
    """The output file exists already."""

    template = N_("Файл «{path}» уже есть. Чтобы заменить его, добавьте --force.")


class OutputIsProgramme(KvartalError):
    """The output file would replace the programme itself."""

    template = N_("«{path}» — сама программа, её нельзя заменить. Укажите другой файл.")


class OutputIsFolder(KvartalError):
    """The output file is a folder."""

    template = N_("«{path}» — папка. Укажите файл в ней.")


class NoOutputFolder(KvartalError):
    """The folder of the output file does not exist."""

    template = N_("Папки «{path}» нет. Создайте её или укажите другой файл.")


class OutputIsTerminal(KvartalError):
    """Stdout is a terminal, and the output is no text."""

    template = N_("«{form}» — не текст, на экран его не вывести. Укажите файл: -o ФАЙЛ.")


class OutputNotWritten(KvartalError):
    """The system refused to write the output file."""

    template = N_("Файл «{path}» не записан: {reason}.")


def refuse_target(target: Path, plan: Path, *, force: bool) -> None:
    """Refuse an output file that would replace something.

    Raises:
        OutputIsProgramme, OutputIsFolder, NoOutputFolder, OutputExists: It would.
    """
    if target.resolve() == plan:
        raise OutputIsProgramme(path=target)
    if target.is_dir():
        raise OutputIsFolder(path=target)
    if not target.absolute().parent.is_dir():
        raise NoOutputFolder(path=target.parent)
    if target.exists() and not force:
        raise OutputExists(path=target)


def write_output(target: Path, data: bytes, *, plan: Path, force: bool) -> None:
    """Write an output file: whole or not at all.

    Raises:
        OutputIsProgramme, OutputIsFolder, NoOutputFolder, OutputExists: It would replace something.
        OutputNotWritten: The system refused.
    """
    refuse_target(target, plan, force=force)
    temporary = Path()
    try:
        _remove_abandoned(target)
        descriptor, temporary = _new_beside(target)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _give_usual_rights(temporary)
            # On Windows an open file is not renamed; elsewhere it is locked until it is in place.
            if not _LOCKS:
                file.close()
            if force:
                temporary.replace(target)
            else:
                _rename_to_new(temporary, target)
    except FileExistsError:
        raise OutputExists(path=target) from None
    except OSError as error:
        raise OutputNotWritten(path=target, reason=system_reason(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _prefix(target: Path) -> str:
    return f".{target.name[:60]}."


def _new_beside(target: Path) -> tuple[int, Path]:
    """Return a new locked file in the folder of an output file: its descriptor and its path."""
    while True:
        descriptor, name = tempfile.mkstemp(_SUFFIX, _prefix(target), target.parent)
        if _LOCKS:
            # Where nobody can lock, nobody removes what is abandoned.
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink == 0:
                # Taken for abandoned before it was locked.
                os.close(descriptor)
                continue
        return descriptor, Path(name)


def _remove_abandoned(target: Path) -> None:
    """Remove what a command that was killed has left of this output file.

    A file that somebody is writing at this moment is locked, and on Windows open: it stays.
    """
    left = re.compile(re.escape(_prefix(target)) + "[a-z0-9_]{8}" + re.escape(_SUFFIX))
    for entry in os.scandir(target.parent):
        if left.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            with suppress(OSError):
                _remove_unlocked(Path(entry.path))


def _remove_unlocked(path: Path) -> None:
    if not _LOCKS:
        path.unlink()
        return
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)


def _rename_to_new(source: Path, target: Path) -> None:
    """Rename a file where there is none of that name, even if one appears at this moment."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # A file system without hard links.
        if target.exists():
            raise FileExistsError(target) from None
        source.replace(target)


def _give_usual_rights(path: Path) -> None:
    """Give a file the rights that a new file has here, not those of a secret one."""
    mask = os.umask(0)
    os.umask(mask)
    with suppress(OSError):
        path.chmod(0o666 & ~mask)
