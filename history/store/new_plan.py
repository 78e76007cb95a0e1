"""The file of a new programme: written whole, or not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from kvartal.history.store.files import remove_file, write_errors, write_new_file
from kvartal.schema.errors import N_, KvartalError


class PlanExists(KvartalError):
    """There is a file where the new programme is to be."""

    template = N_("Файл «{path}» уже есть. Новая программа его не заменяет.")


@contextmanager
def written_plan(path: Path, text: str) -> Iterator[None]:
    """Write a new plan file for the block, which begins its history; a refusal there deletes it.

    Args:
        path: Where the file is to be.
        text: Its text.

    Raises:
        PlanExists: There is such a file.
        KvartalError: The file system refuses.
    """
    if path.exists() or path.is_symlink():
        raise PlanExists(path=path)
    with write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new_file(path, BytesIO(text.encode("utf-8")))
    try:
        yield
    except KvartalError:
        with write_errors(path):
            remove_file(path)
        raise
