"""Pushes the tags of verified commits, so that a colleague need not verify the same again.

No other tags are pushed: what nobody asked to publish could not be taken back.
"""

from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.state_files import call_in_progress, pushed_tags, save_pushed_tags
from kvartal.history.sync.transport import Transport
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import Problem

VERIFIED_TAGS: Final = "refs/tags/kvartal/verified/"
"""Where :mod:`kvartal.history.audit.create_tag` puts them."""

_NOT_SENT: Final = N_(
    "Метка проверки «{name}» не отправлена: «{remote}» её не принял, "
    "или там есть другая с этим именем."
)


def push_verified_tags(transport: Transport, head: str) -> tuple[Problem, ...]:
    """Push the tags in a history that were not pushed yet; return a note for each rejected one.

    Args:
        transport: The connection to the remote.
        head: The commit that the remote has now.
    """
    repository, remote_branch = transport.repository, transport.remote_branch
    known = pushed_tags(repository, remote_branch)
    tags = unsent_tags(repository, remote_branch, head)
    if not tags:
        return ()
    try:
        folders = git_dirs(repository, remote_branch.remote)
        with call_in_progress(repository, remote_branch, folders):
            rejected = transport.push_refs(tuple(tags))
    except KvartalError:
        return tuple(_not_sent(transport, ref) for ref in tags)
    # Rejected tags are saved too, so that each is reported once: it would be rejected again.
    save_pushed_tags(repository, remote_branch, {**known, **tags})
    return tuple(_not_sent(transport, ref) for ref in rejected)


def unsent_tags(repository: Repository, remote_branch: RemoteBranch, head: str) -> dict[str, str]:
    """Return the tags in a history that were not pushed yet: ids of the tag objects by ref."""
    known = pushed_tags(repository, remote_branch)
    tags = _verified_tags(repository, head)
    return {ref: tag for ref, tag in tags.items() if known.get(ref) != tag}


def _verified_tags(repository: Repository, head: str) -> dict[str, str]:
    """Return the tags at a commit and its ancestors: ids of the tag objects by ref."""
    lines = repository.refs(VERIFIED_TAGS, "%(refname) %(objectname)", f"--merged={head}")
    return dict(line.split(" ", 1) for line in lines)


def _not_sent(transport: Transport, ref: str) -> Problem:
    name = ref.removeprefix("refs/tags/")
    remote = transport.remote_branch.remote
    return Problem("mark-not-shared", _NOT_SENT, fields={"name": name, "remote": remote})
