"""Failed git commands, told apart by what git printed: damage, missing rights, bad settings."""

import re
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Final

from kvartal.history.git.damage import (
    BorrowedObjectsMissing,
    HistoryDamaged,
    ObjectUnread,
    PackDamaged,
    PackedRefsDamaged,
    PackListDamaged,
    ShallowFileDamaged,
)
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.setting_errors import (
    SETTINGS_UNREAD,
    SettingsUnreadable,
    settings_error,
)
from kvartal.history.system_errors import DISK_FAILED, NO_SPACE, READ_ONLY
from kvartal.schema.errors import N_


class NotFetched(GitFailed):
    """The clone is partial or shallow, and what is asked for is only on the server."""

    template = N_(
        "Не получено с сервера: {words}. Эта копия репозитория неполная. Подключитесь к серверу и "
        "получите остальное, `git fetch --refetch --no-filter`, или сделайте полную копию "
        "(`git clone`)."
    )


class NotInShallowClone(NotFetched):
    """The clone is shallow: what is older than its first commit is only on the server."""

    template = N_(
        "Не получено с сервера: {words}. Эта копия репозитория неполная: начала истории в ней нет. "
        "Подключитесь к серверу и получите остальное, `git fetch --unshallow`, или сделайте полную "
        "копию (`git clone`)."
    )


class MaybeNotFetched(NotInShallowClone):
    """The clone is shallow, and does not know a revision that the server may know."""

    template = N_(
        "Версии «{words}» в этой копии репозитория нет, но копия неполная: может быть, версия не "
        "получена с сервера. Подключитесь к серверу и получите остальное, `git fetch --unshallow`, "
        "или сделайте полную копию (`git clone`)."
    )


class IndexDamaged(GitFailed):
    """Git cannot read the index, which it can rebuild."""

    template = N_(
        "Служебный файл git «index» (обычно .git/index) не читается: он повреждён или "
        "записан более новым git. Истории в нём нет. Удалите его и выполните в папке программы "
        "`git reset`: git составит его заново, ваши файлы останутся как есть. Ответ git: {words}."
    )


class ReflogBlocked(GitFailed):
    """A folder stands where git keeps the log of a ref, and git moves no ref without its log."""

    template = N_(
        "На месте журнала git «{words}» лежит папка с файлами, и записать изменение git не даёт. "
        "Сама история цела. Скопируйте папку программы целиком, уберите оттуда эту папку и "
        "повторите."
    )


class RepositoryUnreadable(GitFailed):
    """This user has no right to read the repository."""

    template = N_(
        "Нет права чтения репозитория: {words}. Откройте себе доступ к этой папке и всему в ней."
    )


class RepositoryTooNew(GitFailed):
    """The repository has a format that this git does not know."""

    template = N_("Репозиторий создан более новым git: {words}. Установите git поновее.")


class NoSpaceLeft(GitFailed):
    """The disk is full, or its quota is used up."""

    template = N_(
        "На диске нет места (или исчерпана квота): git {command} не закончен. Освободите место и "
        "повторите. Ответ git: {words}"
    )


class DiskReadOnly(GitFailed):
    """The disk is read-only, maybe since it has failed."""

    template = N_(
        "Диск доступен только для чтения: git {command} не закончен. Сделайте его доступным для "
        "записи или перенесите папку программы на другой и повторите. Ответ git: {words}"
    )


class DiskFailed(GitFailed):
    """The disk does not read or write: an input/output error."""

    template = N_(
        "Диск отказал (ошибка ввода-вывода): git {command} не закончен. Скопируйте папку программы "
        "на другой диск, а этот проверьте. Ответ git: {words}"
    )


class WriteDenied(GitFailed):
    """This user has no right to write in the repository."""

    template = N_(
        "Нет права записи в репозиторий: git {command} не закончен. Откройте себе доступ к папке "
        "программы и всему в ней и повторите. Ответ git: {words}"
    )


class GitKilled(GitFailed):
    """A signal ended git before it finished."""

    template = N_(
        "git {command} прерван, не закончив (сигнал {signal}): его остановили или не хватило "
        "памяти. Повторите."
    )


UNREAD: Final = (HistoryDamaged, NotFetched, RepositoryUnreadable, DiskFailed)
"""Why an object that should be there cannot be read: never the same as «is not there»."""

_BY_GIT: Final = r"^(?:fatal|error|warning): .*"
_NOT_OPENED: Final = "unable to (?:access|open|map|read)|open failed|failed to read|couldn't read"
_LOST_OBJECT: Final = (
    "unable to read|Could not read (?!from remote)|cannot simplify commit|Failed to traverse|"
    # What a commit-graph still lists although it is lost.
    "cannot read (?:commit )?object|exists in commit-graph but not in the object database"
)
_HASH: Final = r"[0-9a-f]{40,64}\b"
_LOST: Final = re.compile(
    r"(?:unable to read\D*?|Could not read |cannot read (?:commit )?object |bad object |fetch )"
    rf"({_HASH})"
)
_PACK: Final = re.compile(
    r"^(?:error|fatal): .*?([^\s'(]*/pack/(?:pack-[0-9a-f]+\.(?:pack|idx)|multi-pack-index))",
    re.MULTILINE,
)
_LIST: Final = re.compile(
    r"^(?:error|fatal): (?:.*?([^\s'(]*/pack/pack-[0-9a-f]+\.)idx\b"
    r"|packfile (\S*/pack/pack-[0-9a-f]+\.)pack index unavailable)",
    re.MULTILINE,
)
_BORROWED: Final = re.compile(
    r"^error: (?:unable to normalize alternate object path: (?P<path>.+)"
    r"|object directory (?P<folder>.+) does not exist; check )",
    re.MULTILINE,
)
REFLOG_BLOCKED: Final = re.compile(
    r"^(?:error|fatal): .*(?:there are still logs under|unable to append to) '([^'\n]+)'"
    r"(?:$|: Is a directory)",
    re.MULTILINE,
)
_PATTERNS: Final = (
    (NoSpaceLeft, _BY_GIT + NO_SPACE),
    (DiskReadOnly, _BY_GIT + READ_ONLY),
    (DiskFailed, _BY_GIT + DISK_FAILED),
    (RepositoryUnreadable, rf"(?:{_NOT_OPENED}).*Permission denied"),
    (PackedRefsDamaged, r"^fatal: (?:un|couldn't read).* \S*/packed-refs"),
    (WriteDenied, _BY_GIT + r"(?:Permission denied|insufficient permission)"),
    (NotFetched, r"could not fetch \S+ from promisor remote"),
    (IndexDamaged, r"index file (?:smaller|corrupt)|bad index file|index uses .* extension"),
    (IndexDamaged, r"unable to map index file|index file open failed|unknown index entry format"),
    (SettingsUnreadable, SETTINGS_UNREAD),
    (ReflogBlocked, REFLOG_BLOCKED.pattern),
    (RepositoryTooNew, r"Expected git repo version|unknown repository extension"),
    (PackListDamaged, _LIST.pattern),
    (PackDamaged, _PACK.pattern),
    (ObjectUnread, rf"bad object {_HASH}"),
    (HistoryDamaged, r"is corrupt|bad object|unable to (?:unpack|stream)|reference broken"),
    (ShallowFileDamaged, r"bad shallow line"),
    (HistoryDamaged, r"mmap failed"),
    (ObjectUnread, _LOST.pattern),
    (HistoryDamaged, _LOST_OBJECT),
    (HistoryDamaged, r"bad tree object"),
)
_ABSENT: Final = re.compile(
    r"Needed a single revision|only has \d+ entries|log for .* is empty|unknown revision|"
    r"bad revision|is ambiguous|no upstream configured|no such branch|does not point to a branch"
)


def says_absent(stderr: str) -> bool:
    """Return whether git said that there is no such revision, and not that it failed to look."""
    return _ABSENT.search(stderr) is not None


def command_error(command: str, stderr: str, code: int, folder: Path | None = None) -> GitFailed:
    """Return the error for a git command that failed.

    Args:
        command: The command, such as ``status``.
        stderr: What git printed on its error stream.
        code: Its exit code, shown where git printed nothing; negative for the signal that ended it.
        folder: Where it was started; git names files from the top of the repository.
    """
    wrong = settings_error(command, stderr)
    if wrong is not None:
        return wrong
    for kind, pattern in _PATTERNS:
        if re.search(pattern, stderr, re.MULTILINE):
            borrowed = borrowed_from(stderr) if issubclass(kind, HistoryDamaged) else None
            if borrowed is not None:
                return BorrowedObjectsMissing(command=command, words=borrowed)
            return kind(
                command=command, words=_named(kind, stderr, folder) or _last_message(stderr)
            )
    if code < 0:
        return GitKilled(command=command, signal=-code)
    return GitFailed(command=command, words=stderr or code)


def borrowed_from(stderr: str) -> str | None:
    """Return the folder that git borrows objects from and does not find; None for none."""
    match = _BORROWED.search(stderr)
    return (match["path"] or match["folder"]) if match else None


def _named(kind: type[GitFailed], stderr: str, folder: Path | None) -> str | None:
    """Return the object or the file that a failure is about; None where git names none."""
    if kind is ShallowFileDamaged:
        return ".git/shallow"
    if kind is ReflogBlocked:
        match = REFLOG_BLOCKED.search(stderr)
        return match[1] if match else None
    if kind is PackListDamaged:
        match = _LIST.search(stderr)
        return _from_anywhere(f"{match[1] or match[2]}pack", folder) if match else None
    pattern = _PACK if kind is PackDamaged else _LOST
    is_named = issubclass(kind, (ObjectUnread, NotFetched, PackDamaged))
    named = pattern.search(stderr) if is_named else None
    return named[1] if named else None


def _from_anywhere(path: str, folder: Path | None) -> str:
    """Return the absolute path of a file of which git gives the way from the repository's top."""
    above = () if folder is None else (folder, *folder.parents)
    places = (place / path for place in above)
    return next((str(place.absolute()) for place in places if place.exists()), path)


def untrusted_folder(folder: Path, words: str) -> str:
    """Return the folder to be listed in ``safe.directory``, as git spells it.

    Args:
        folder: The folder git was started in.
        words: What git printed about dubious ownership.
    """
    advised = re.search(r"safe\.directory (.+)$", words, re.MULTILINE)
    named = re.search(r"dubious ownership in repository at '(.*)'", words)
    with suppress(ValueError):  # Unbalanced quotes.
        if advised is not None and (arguments := shlex.split(advised[1])):
            return arguments[0]
    return named[1] if named else str(folder)


def _last_message(words: str) -> str:
    """Return the last message of git on one line, without the ``fatal:`` before it."""
    last = re.split(r"^(?:fatal|error): ", words, flags=re.MULTILINE)[-1]
    return " ".join(last.split()).rstrip(".")
