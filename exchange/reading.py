"""The door of all readers: a file becomes a `SourceDocument`, read in a process of its own.

Nothing is fetched, no macro runs and no formula is evaluated. What is too large, too slow, damaged
or protected ends in one `DocumentError` with a sentence.
"""

import io
import json
import pickle
import stat
import sys
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from kvartal.exchange import errors, grid, remark, source_place
from kvartal.exchange.child_process import Outcome, Patience, Stopped, never, run
from kvartal.exchange.errors import (
    DocumentError,
    DocumentUnreadable,
    ReadingFailed,
    ReadingTooHeavy,
)
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.libreoffice import converted, legacy_format
from kvartal.exchange.limits import DEFAULT_LIMITS, Limits
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, Labels

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from kvartal.exchange.readers.reading_process import main; main(sys.argv[2])"
)
_NOT_A_FILE: Final = N_("это не обычный файл")


def read_document(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, stopped: Stopped = never
) -> SourceDocument:
    """Return a document.

    Args:
        path: The file, of any format that the readers know.
        limits: What it may ask for.
        stopped: Asked several times a second; reading ends as soon as it answers yes.

    Raises:
        DocumentError: The file cannot be read; its sentence says why and what to do.
    """
    data = _content(path, limits)
    legacy = legacy_format(path.name, data)
    if not legacy:
        return read_content(path.name, data, limits=limits, stopped=stopped)
    modern = converted(data, legacy, limits, Patience(path.name, limits.seconds, stopped))
    document = read_content(path.name, modern, limits=limits, stopped=stopped)
    return replace(document, sha256=sha256(data).hexdigest(), size=len(data), converted_from=legacy)


def read_content(
    name: str, data: bytes, *, limits: Limits = DEFAULT_LIMITS, stopped: Stopped = never
) -> SourceDocument:
    """Return the document that some bytes are.

    Args:
        name: The file's name, for messages.
        data: Its content.
        limits: What it may ask for.
        stopped: As for `read_document`.

    Raises:
        DocumentError: It cannot be read.
    """
    request = json.dumps({"name": name, "limits": asdict(limits)})
    command = [sys.executable, "-I", "-B", "-c", _START, json.dumps(sys.path), request]
    outcome = run(command, Patience(name, limits.seconds, stopped), data=data)
    return _answer(name, outcome)


def _content(path: Path, limits: Limits) -> bytes:
    """Return the bytes of a file that is not too large."""
    source = SourceFile(path.name, b"", limits)
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise DocumentUnreadable(name=path.name, reason=Labels((("", _NOT_A_FILE),)))
        with path.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise DocumentUnreadable(name=path.name, reason=system_reason(error)) from error
    if len(data) > limits.file_bytes:
        raise source.too_many_bytes(N_("размер файла"), limits.file_bytes)
    return data


def _answer(name: str, outcome: Outcome) -> SourceDocument:
    """Return what the reading process has answered.

    Raises:
        DocumentError: What it has refused with, or that it has not answered.
    """
    if outcome.code or not outcome.output:
        lines = outcome.complaint.decode("utf-8", errors="replace").strip().splitlines()
        last = lines[-1] if lines else f"{outcome.code}"
        if "MemoryError" in last or "bad_alloc" in last:
            raise ReadingTooHeavy(name=name)
        raise ReadingFailed(name=name, reason=last)
    failure, result = _Answer(io.BytesIO(outcome.output)).load()
    if failure:
        kind: type[DocumentError] = getattr(errors, failure)
        raise kind(**result)
    if not isinstance(result, SourceDocument):
        raise ReadingFailed(name=name, reason=type(result).__name__)
    return result


class _Answer(pickle.Unpickler):
    """Loads an answer of the reading process: a document has only values of these classes."""

    _ALLOWED: Final = {
        "datetime": {"date", "datetime", "time"},
        "decimal": {"Decimal"},
        "kvartal.schema.errors": {"Labels"},
        **{
            module.__name__: {
                key
                for key, value in vars(module).items()
                if isinstance(value, type) and value.__module__ == module.__name__
            }
            for module in (grid, source_place, remark)
        },
    }

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as of Unpickler
        """Return one of the allowed classes.

        Raises:
            UnpicklingError: The answer asks for something else.
        """
        if name not in self._ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)
