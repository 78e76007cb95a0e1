"""Checks who is named as the author of a commit against who committed it.

Yields `author-differs`.

Git takes any author for the asking. Honest commits have a different committer too: those that were
rebased, picked or applied from a mail, which came into the history after they were written; and
those that a forge made for somebody who pressed its button. What is left is a commit written and
committed at one moment by two people.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.schema.errors import N_

DIFFERS: Final = "author-differs"

_DIFFERS: Final = N_(
    "Автором назван {author}, а тут же внёс изменение {committer}. "
    "Имя автора git берёт на веру: спросите обоих, чьё оно."
)

_AT_ONCE: Final = timedelta(minutes=2)
"""How long after writing it a person may still be amending a commit just made."""

_FORGES: Final = frozenset(
    {"github", "gitlab", "gitea", "forgejo", "gogs", "bitbucket", "gitverse"}
)
_FORGE_MAILBOXES: Final = ("noreply", "no-reply", "web-flow")


def author_findings(commit: Commit, parents: Sequence[Commit]) -> Iterator[Finding]:
    """Yield that a commit was committed by somebody else than its author, when it was written.

    Args:
        commit: The commit.
        parents: The commits before it. What is newer than the author's date shows that the commit
            was moved there later.
    """
    if _is_same_person(commit) or _is_forge(commit):
        return
    apart = commit.committed - commit.authored
    was_moved = any(parent.committed > commit.authored for parent in parents)
    if was_moved or not timedelta(0) <= apart <= _AT_ONCE:
        return
    fields: dict[str, object] = {
        "author": _named(commit.author, commit.author_email),
        "committer": _named(commit.committer, commit.committer_email),
    }
    yield Finding(DIFFERS, _DIFFERS, fields=fields, commit=commit)


def _is_same_person(commit: Commit) -> bool:
    """Tell whether author and committer have a name or an address in common."""
    return (
        commit.author_email.casefold() == commit.committer_email.casefold()
        or commit.author.casefold() == commit.committer.casefold()
    )


def _is_forge(commit: Commit) -> bool:
    mailbox = commit.committer_email.casefold().partition("@")[0]
    return commit.committer.casefold() in _FORGES or mailbox.endswith(_FORGE_MAILBOXES)


def _named(name: str, email: str) -> str:
    return f"{name} <{email}>"
