"""Checks signatures of commits and tags, with git and the keys that it knows.

The programs that judge them are git's own or those of the user's settings: one that the repository
names could say what it likes.

Yields `unsigned`, `bad-signature`, `unknown-signature` and `signer-differs`.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit, Tag
from kvartal.history.git.own_programs import without_own_programs
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_

UNSIGNED: Final = "unsigned"
BAD: Final = "bad-signature"
UNKNOWN: Final = "unknown-signature"
SIGNER: Final = "signer-differs"
SIGNATURE_CODES: Final = frozenset({UNSIGNED, BAD, UNKNOWN, SIGNER})

_NOT_SIGNED: Final = N_("Изменение не подписано, а программа требует подписей.")
_NOT_GOOD: Final = N_("Подпись изменения не годится: оно изменено после подписи или ключ отозван.")
_NOT_KNOWN: Final = N_(
    "Подпись изменения не проверить: нет ключа того, кто подписал. Добавьте ключ "
    "(`gpg --import` или файл из `git config gpg.ssh.allowedSignersFile`) и проверьте снова."
)

_OTHER_SIGNER: Final = N_(
    "Изменение подписал {signer}, а автором и тем, кто внёс, названы другие: {author}, {committer}."
)

# What git prints for `%G?`. A key or a signature that has expired since was good when it was used.
_GOOD: Final = frozenset("GXY")
_NONE: Final = "N"
_WRONG: Final = frozenset("BR")
_UNTRUSTED: Final = "U"
_SSH: Final = "ssh"

_RAW_HISTORY: Final = ("--no-replace-objects",)


def signature_findings(repository: Repository, commits: Sequence[Commit]) -> Iterator[Finding]:
    """Yield the commits whose signature is missing or not to be trusted.

    Args:
        repository: The repository.
        commits: Those that have to be signed.

    Raises:
        GitFailed: Git refused.
    """
    signed = [commit for commit in commits if commit.signature]
    statuses = _statuses(repository, signed) if signed else {}
    for commit in commits:
        status, signer = statuses.get(commit.id, (_NONE, ""))
        finding = _finding(status, commit)
        if finding is not None:
            yield finding
        elif _is_somebody_else(signer, commit):
            fields: dict[str, object] = {
                "signer": signer,
                "author": f"{commit.author} <{commit.author_email}>",
                "committer": f"{commit.committer} <{commit.committer_email}>",
            }
            yield Finding(SIGNER, _OTHER_SIGNER, fields=fields, commit=commit)


def tag_status(repository: Repository, ref: str, tag: Tag) -> str:
    """Return what is wrong with the signature of a tag, in git's words; empty for nothing."""
    if not tag.signature:
        return "no signature"
    with without_own_programs(repository):
        done = repository.run("verify-tag", "--raw", "--end-of-options", ref)
    return (done.stderr.splitlines() or ["?"])[0] if done.code else ""


def _statuses(repository: Repository, commits: Sequence[Commit]) -> dict[str, tuple[str, str]]:
    """Return what git says of each signature, and whose it is, by commit."""
    arguments = (*_RAW_HISTORY, "log", "--no-walk=unsorted", "--format=%H %G? %GS", "--stdin")
    given = "".join(f"{commit.id}\n" for commit in commits).encode()
    with without_own_programs(repository):
        printed = repository.run(*arguments, stdin=given).checked().text
    lines = (line.split(" ", 2) for line in printed.splitlines())
    return {line[0]: (line[1], line[2]) for line in lines if len(line) == 3}  # noqa: PLR2004 - hash, status, signer


def _is_somebody_else(signer: str, commit: Commit) -> bool:
    """Tell whether a signer is neither author nor committer, as far as names can tell.

    The signer is a name with an address, or of an SSH key what the file of allowed signers says:
    an address, a name, or a pattern of addresses.
    """
    name, _, address = signer.rstrip(">").rpartition("<")
    known = [part.strip().casefold() for part in (name, address) if part.strip()]
    people = (commit.author, commit.author_email, commit.committer, commit.committer_email)
    return bool(known) and not any(
        fnmatchcase(person.casefold(), pattern)
        for person in people
        for part in known
        for pattern in part.split(",")
    )


def _finding(status: str, commit: Commit) -> Finding | None:
    # An untrusted key is with GPG one that was imported and not rated; with SSH, anybody's.
    if status in _GOOD or (status == _UNTRUSTED and commit.signature != _SSH):
        return None
    if not commit.signature:
        return Finding(UNSIGNED, _NOT_SIGNED, commit=commit)
    if status in _WRONG:
        return Finding(BAD, _NOT_GOOD, commit=commit)
    return Finding(UNKNOWN, _NOT_KNOWN, commit=commit)
