"""What git says when it cannot, or will not, read what is its own: history, index, settings."""

import os
import re
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.schema.errors import N_


class HistoryDamaged(GitFailed):
    """Commits or files of the history cannot be read: a disk, or a power cut, spoilt them."""

    template = N_(
        "История в репозитории повреждена, git её не читает. Скопируйте папку программы целиком, "
        "потом восстановите историю из копии или с сервера (`git clone`). Что повреждено, покажет "
        "`git fsck`. Ответ git: {words}."
    )


class IndexDamaged(GitFailed):
    """Git's list of the working files is spoilt; it can be made anew."""

    template = N_(
        "Служебный файл git «{words}» повреждён; сама история цела. Удалите его и выполните в "
        "папке программы `git reset`: git составит его заново, ваши файлы останутся как есть."
    )


class RepositoryUnreadable(GitFailed):
    """The repository may be whole, but this user may not read it."""

    template = N_(
        "Нет права чтения репозитория: {words}. Откройте себе доступ к этой папке и всему в ней."
    )


class SettingsUnreadable(GitFailed):
    """Git does not understand its settings."""

    template = N_(
        "git не понимает своих настроек: {words}. Исправьте их в файле .git/config "
        "(или в общем, .gitconfig)."
    )


class MadeByNewerGit(GitFailed):
    """The repository is of a format that this git does not know."""

    template = N_("Репозиторий создан более новым git: {words}. Установите git поновее.")


class GitKilled(GitFailed):
    """Git was ended from outside before it was through."""

    template = N_(
        "git {command} прерван, не закончив (сигнал {signal}): его остановили или не хватило "
        "памяти. Повторите."
    )


_KINDS: Final = (
    (RepositoryUnreadable, r"(?:unable to access|open failed).*Permission denied"),
    (IndexDamaged, r"index file (?:smaller|corrupt)|bad index file|index uses .* extension"),
    (SettingsUnreadable, r"bad (?:config|boolean|numeric)|^error: core\.\w+ should"),
    (MadeByNewerGit, r"Expected git repo version|unknown repository extension"),
    (
        HistoryDamaged,
        r"is corrupt|bad (?:tree )?object|unable to (?:read|unpack)|reference broken",
    ),
)


def failure(command: str, words: str, code: int) -> GitFailed:
    """Return why git gave up.

    Args:
        command: The command, such as ``status``.
        words: What git said.
        code: Its exit code, told where it said nothing; below zero, the signal that ended it.
    """
    for kind, said in _KINDS:
        if re.search(said, words, re.MULTILINE):
            return kind(command=command, words=_reason(words))
    if code < 0:
        return GitKilled(command=command, signal=-code)
    return GitFailed(command=command, words=words or code)


def untrusted(folder: Path, words: str) -> str:
    """Return which folder git wants to be told to trust, spelt as git does.

    Args:
        folder: The folder it was asked about.
        words: What it said.
    """
    found = re.search(r"safe\.directory (.+)$", words, re.MULTILINE)
    named = re.search(r"dubious ownership in repository at '(.*)'", words)
    with suppress(ValueError):  # Quotes that a shell would not take.
        if found is not None and (quoted := shlex.split(found[1])):
            return quoted[0]
    return named[1] if named else str(folder)


def may_be_read(git_dir: Path) -> bool:
    """Tell whether this user may read what makes a folder a repository, as far as it is there.

    Args:
        git_dir: The git directory.
    """
    parts = (git_dir, git_dir / "HEAD", git_dir / "objects", git_dir / "refs")
    return all(os.access(part, os.R_OK) for part in parts if part.exists())


def _reason(words: str) -> str:
    """Return the last thing git said, in one line and without what it begins every failure with."""
    last = re.split(r"^(?:fatal|error): ", words, flags=re.MULTILINE)[-1]
    return " ".join(last.split()).rstrip(".")
