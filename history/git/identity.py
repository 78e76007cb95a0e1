"""Who makes the changes: what git knows of it, and how it is told, for one repository only."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvartal.history.git.command import run_git
from kvartal.history.git.errors import ReadOnlyFolder
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError

# What git strips from the ends of a name, and what it takes out of it.
_CRUD: Final = " .,:;<>\"\\'"
_FORBIDDEN: Final = re.compile(r"[<>\x00-\x1f\x7f]")
_ADDRESS: Final = re.compile(r"[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")


class NameUnusable(KvartalError):
    """Git would not take this for a name."""

    template = N_(
        "«{name}» не подходит для подписи изменений. Напишите фамилию и имя буквами, без «<» и «>»."
    )


class EmailUnusable(KvartalError):
    """This is no address."""

    template = N_("«{email}» не адрес почты. Напишите его так: ivanova@example.ru.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose name stands under the changes; a part that is not known is empty.

    Attributes:
        name: Family name and name.
        email: Address.
    """

    name: str
    email: str


def checked_name(typed: str) -> str:
    """Return a name as git will keep it.

    Raises:
        NameUnusable: Git would not take it.
    """
    name = typed.strip()
    if not name.strip(_CRUD) or _FORBIDDEN.search(name):
        raise NameUnusable(name=name)
    return name


def checked_email(typed: str) -> str:
    """Return an address as git will keep it.

    Raises:
        EmailUnusable: It is none.
    """
    email = typed.strip()
    if not _ADDRESS.fullmatch(email):
        raise EmailUnusable(email=email)
    return email


def is_known(repository: Repository) -> bool:
    """Tell whether git knows in whose name to commit."""
    variables = ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
    return not any(repository.run("var", name).code for name in variables)


def known_identity(repository: Repository) -> Identity:
    """Return what git's settings say of who makes the changes."""
    return Identity(_setting(repository, "user.name"), _setting(repository, "user.email"))


def introduce(repository: Repository, identity: Identity) -> None:
    """Write into the settings of this repository, and of no other, who makes the changes.

    Raises:
        NameUnusable, EmailUnusable: Git would not take it; nothing was written.
        ReadOnlyFolder: The settings of the repository may not be written.
        GitFailed: Git refused.
    """
    wanted = {
        "user.name": checked_name(identity.name),
        "user.email": checked_email(identity.email),
    }
    for name, value in wanted.items():
        result = repository.run("config", "--local", "--replace-all", name, value, writes=True)
        if result.code and re.search(r"Permission denied|Read-only file system", result.stderr):
            raise ReadOnlyFolder(path=repository.common_dir / "config")
        result.checked()


def trust(folder: Path, top: str) -> None:
    """Write into the user's own settings that a repository of another owner is to be trusted.

    Args:
        folder: Any folder, to start git in.
        top: The repository's folder, spelt as git does.

    Raises:
        GitFailed: Git refused.
    """
    arguments = ("config", "--global", "--add", "safe.directory", top)
    run_git(folder, arguments, writes=True).checked()


def _setting(repository: Repository, name: str) -> str:
    return repository.run("config", "--get", name).text.strip()
