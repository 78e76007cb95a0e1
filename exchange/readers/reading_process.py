"""The process that reads one document: what is hostile in it harms nobody else.

`kvartal.exchange.reading` starts it. The document comes through standard input; the answer, a
pickled `SourceDocument` or the name and fields of an error, goes to standard output.
"""

import gc
import json
import pickle
import sys
from typing import Any

from kvartal.exchange.errors import DocumentError, ReadingTooHeavy
from kvartal.exchange.limits import Limits
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.source_file import SourceFile


def main(request: str) -> None:
    """Read the document on standard input and write the answer to standard output.

    Args:
        request: JSON: the file's name, and the limits by their names.
    """
    asked = json.loads(request)
    limits = Limits(**asked["limits"])
    # It lives for one document, and has no circles worth looking for.
    gc.disable()
    _limit_resources(limits)
    sys.stdout.buffer.write(pickle.dumps(answer(asked["name"], sys.stdin.buffer.read(), limits)))


def answer(name: str, data: bytes, limits: Limits) -> tuple[str, Any]:
    """Return the document, or the error's class and its fields.

    Args:
        name: The file's name.
        data: Its content.
        limits: What it may ask for.
    """
    try:
        return "", read_source(SourceFile(name, data, limits))
    except DocumentError as error:
        return type(error).__name__, error.fields
    except (MemoryError, RecursionError):
        return ReadingTooHeavy.__name__, {"name": name}


def _limit_resources(limits: Limits) -> None:
    """Limit memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:
        return
    seconds = int(limits.seconds) + 1
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (value if hard < 0 else min(value, hard), hard))
        except (ValueError, OSError):
            continue
