"""Signatures of commits and marks, as git checks them with the keys that it knows."""

from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit, Tag
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_

UNSIGNED: Final = "unsigned"
BAD: Final = "bad-signature"
UNKNOWN: Final = "unknown-signature"

_NOT_SIGNED: Final = N_("Изменение не подписано, а программа требует подписей.")
_NOT_GOOD: Final = N_("Подпись изменения не годится: оно изменено после подписи или ключ отозван.")
_NOT_KNOWN: Final = N_(
    "Подпись изменения не проверить: нет ключа того, кто подписал. Добавьте ключ "
    "(`gpg --import` или файл из `git config gpg.ssh.allowedSignersFile`) и проверьте снова."
)

# A key or a signature that has run out since was good when it was used.
_GOOD: Final = frozenset("GXY")
_NONE: Final = "N"
_WRONG: Final = frozenset("BR")
_UNTRUSTED: Final = "U"
_SSH: Final = "ssh"

_PLAIN: Final = ("--no-replace-objects", "-c", "core.commitGraph=false")


def signature_findings(repository: Repository, commits: Sequence[Commit]) -> Iterator[Finding]:
    """Yield the commits whose signature is missing or not to be trusted.

    Args:
        repository: The repository.
        commits: Those that have to be signed.

    Raises:
        GitFailed: Git refused.
    """
    signed = [one for one in commits if one.signature]
    statuses = _statuses(repository, signed) if signed else {}
    for commit in commits:
        found = _fault(statuses.get(commit.id, _NONE), commit)
        if found is not None:
            yield found


def tag_status(repository: Repository, ref: str, tag: Tag) -> str:
    """Return what is wrong with the signature of a tag, in git's words; empty for nothing."""
    if not tag.signature:
        return "no signature"
    done = repository.run("verify-tag", "--raw", "--end-of-options", ref)
    return (done.stderr.splitlines() or ["?"])[0] if done.code else ""


def _statuses(repository: Repository, commits: Sequence[Commit]) -> dict[str, str]:
    arguments = (*_PLAIN, "log", "--no-walk=unsorted", "--format=%H %G?", "--stdin")
    given = "".join(f"{commit.id}\n" for commit in commits).encode()
    printed = repository.run(*arguments, stdin=given).checked().text
    lines = (line.split(" ") for line in printed.splitlines())
    return {line[0]: line[1] for line in lines if len(line) == 2}  # noqa: PLR2004 - hash, status


def _fault(status: str, commit: Commit) -> Finding | None:
    # With GPG this is a key that was imported and not rated; with SSH it is anybody's.
    if status in _GOOD or (status == _UNTRUSTED and commit.signature != _SSH):
        return None
    if not commit.signature:
        return Finding(UNSIGNED, _NOT_SIGNED, commit=commit)
    if status in _WRONG:
        return Finding(BAD, _NOT_GOOD, commit=commit)
    return Finding(UNKNOWN, _NOT_KNOWN, commit=commit)
