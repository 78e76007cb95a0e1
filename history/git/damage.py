"""What git says when it cannot read what is its own: the history, the index, its settings."""

import re
from typing import Final

from kvartal.history.git.refusals import GitFailed
from kvartal.schema.errors import N_


class HistoryDamaged(GitFailed):
    """Commits or files of the history cannot be read: a disk, or a power cut, spoilt them."""

    template = N_(
        "История в репозитории повреждена, git её не читает: {words}. Ничего не записано. "
        "Скопируйте папку программы целиком, потом восстановите историю из копии или с сервера "
        "(`git clone`). Что повреждено, покажет `git fsck`."
    )


class IndexDamaged(GitFailed):
    """Git's list of the working files is spoilt; it can be made anew."""

    template = N_(
        "Служебный файл git «{words}» повреждён; сама история цела. Удалите его и выполните в "
        "папке программы `git reset`: git составит его заново, ваши файлы останутся как есть."
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


_KINDS: Final = (
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
        code: Its exit code, told where it said nothing.
    """
    for kind, said in _KINDS:
        if re.search(said, words, re.MULTILINE):
            return kind(command=command, words=_reason(words))
    return GitFailed(command=command, words=words or code)


def _reason(words: str) -> str:
    """Return the last thing git said, in one line and without what it begins every failure with."""
    last = re.split(r"^(?:fatal|error): ", words, flags=re.MULTILINE)[-1]
    return " ".join(last.split()).rstrip(".")
