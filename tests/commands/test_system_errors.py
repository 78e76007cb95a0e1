"""What the operating system refuses is told in the language of the sentence, wherever it is."""

import errno
import os
import re
from pathlib import Path

import pytest

from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import Labels
from kvartal.tui.i18n import translator
from tests.commands.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = re.compile("[А-Яа-яЁё]")


def test_one_module_asks_the_system_for_its_words() -> None:
    """Any other would put an English sentence of the system into a Russian one."""
    asking = {
        path.relative_to(ROOT).as_posix()
        for folder in ("schema", "history", "exchange", "tui")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\b\w+\.strerror\b(?!\()", path.read_text(encoding="utf-8"))
    }
    assert asking == {"history/system_errors.py"}


@pytest.mark.parametrize("name", ["ENOSPC", "EACCES", "ENOENT", "EISDIR", "ELOOP", "ENAMETOOLONG"])
def test_a_reason_is_told_in_either_language(name: str) -> None:
    code = getattr(errno, name)
    reason = system_reason(OSError(code, os.strerror(code)))
    assert isinstance(reason, Labels)
    assert RUSSIAN.search(str(reason))
    english = reason.text(translator("en"))
    assert english
    assert not RUSSIAN.search(english)


def test_a_file_that_is_not_there_is_told_in_russian(run: Run) -> None:
    assert run("validate", "нет.yaml").stdout == (
        "нет.yaml:1:1: file-unreadable: файл не открывается: такого файла или папки нет.\n"
    )
    refused = run("list", "--plan", "нет.yaml")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "нет.yaml» нет" in refused.stderr
    assert "Path" not in refused.stderr
