"""The author of the changes, as git's settings say."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.history.git.command import GitResult, run_git
from kvartal.history.git.failures import command_error
from kvartal.history.git.repository import Repository
from kvartal.history.git.setting_errors import SettingsUnreadable
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.typed_text import normalised

# What git strips from both ends of a name, and what it removes from it.
_CRUD: Final = " .,:;<>\"\\'"
_FORBIDDEN: Final = re.compile(r"[<>\x00-\x1f\x7f]")
_IDENTS: Final = ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
_IDENT: Final = re.compile(r"(?P<name>.*) <(?P<email>.*)> [0-9]+ [+-][0-9]{4}$")
_ADDRESS: Final = re.compile(r"[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")


class NameUnusable(KvartalError):
    """Git does not accept this as a name."""

    template = N_(
        "«{name}» не подходит для подписи изменений. Напишите фамилию и имя буквами, без «<» и «>»."
    )


class EmailUnusable(KvartalError):
    """This is not an address."""

    template = N_("«{email}» не адрес почты. Напишите его так: ivanova@example.ru.")


@dataclass(frozen=True, slots=True)
class Identity:
    """The author of the changes; a part that is not known is empty.

    Attributes:
        name: Family name and given name.
        email: Address.
    """

    name: str
    email: str


def checked_name(typed: str) -> str:
    """Return a name as git stores it.

    Raises:
        NameUnusable: Git does not accept it.
    """
    name = normalised(typed).strip()
    if not name.strip(_CRUD) or _FORBIDDEN.search(name):
        raise NameUnusable(name=name)
    return name


def checked_email(typed: str) -> str:
    """Return an address as git stores it.

    Raises:
        EmailUnusable: It is not an address.
    """
    email = normalised(typed).strip()
    if not _ADDRESS.fullmatch(email):
        raise EmailUnusable(email=email)
    return email


def author_and_committer(folder: Path) -> Identity | None:
    """Return the author that git would write into a commit made in a folder.

    Settings and environment both count. There need be no repository.

    Returns:
        None if git does not know the author or the committer.

    Raises:
        SettingsUnreadable: What git knows cannot be read.
    """
    results = _idents(folder)
    author = _IDENT.match(results[0].text)
    if author is None or any(result.code for result in results):
        return None
    return Identity(author["name"], author["email"])


def has_identity(repository: Repository) -> bool:
    """Return whether git knows an author and a committer.

    Raises:
        SettingsUnreadable: What git knows cannot be read.
    """
    return knows_identity(repository.folder)


def knows_identity(folder: Path) -> bool:
    """Return whether git knows an author and a committer of what is committed in a folder.

    Raises:
        SettingsUnreadable: What git knows cannot be read.
    """
    return not any(result.code for result in _idents(folder))


def _idents(folder: Path) -> list[GitResult]:
    """Return what git answers of the author and the committer.

    Raises:
        SettingsUnreadable: Neither is known to be absent.
    """
    results = [run_git(folder, ("var", name)) for name in _IDENTS]
    for result in results:
        failed = command_error("var", result.stderr, result.code)
        if isinstance(failed, SettingsUnreadable):
            raise failed
    return results


def configured_identity(repository: Repository) -> Identity:
    """Return the identity in git's settings."""
    return Identity(_setting(repository, "user.name"), _setting(repository, "user.email"))


def trust_repository(folder: Path, top: str) -> None:
    """Add a repository that belongs to a different user to ``safe.directory``.

    Args:
        folder: Any folder, to start git in.
        top: The repository's folder, as git spells it.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("config", "--global", "--add", "safe.directory", top)
    run_git(folder, arguments, writes=True).checked()


def _setting(repository: Repository, name: str) -> str:
    return repository.run("config", "--get", name).text.strip()
