"""Files that commands write beside the programme: never over another file without being asked."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError


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
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        _give_usual_rights(Path(temporary))
        if force:
            Path(temporary).replace(target)
        else:
            _rename_to_new(Path(temporary), target)
    except FileExistsError:
        raise OutputExists(path=target) from None
    except OSError as error:
        raise OutputNotWritten(path=target, reason=system_reason(error)) from error
    finally:
        with suppress(OSError):
            Path(temporary).unlink()


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
