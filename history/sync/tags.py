"""Pushes the tags of verified commits, so that a colleague need not verify the same again.

No other tags are pushed: what nobody asked to publish could not be taken back.
"""

from collections.abc import Iterator
from typing import Final

from kvartal.history.git.refs import broken_refs, lost_targets, readable_refs
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

_BROKEN_MARK: Final = N_(
    "Метка проверки «{name}» в этой копии не читается: она не отправлена, обмен идёт без неё. Что "
    "с ней делать, скажет `kvartal verify`."
)
_BROKEN_REF: Final = N_(
    "Ссылка git «{ref}» в этой копии не читается, обмен идёт без неё. Что с ней, покажет "
    "`git fsck`; ненужную удаляют: `git update-ref -d {ref}`, а если не выйдет — файл «.git/{ref}»."
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
    """Return the tags in a history that were not pushed yet: ids of the tag objects by ref.

    Those that cannot be read are not among them: see `broken_ref_notes`.
    """
    known = pushed_tags(repository, remote_branch)
    lines, _unread = readable_refs(repository, VERIFIED_TAGS, "%(objectname) %(refname)")
    tags = {ref: tag for tag, _, ref in (line.partition(" ") for line in lines)}
    unsent = {ref: tag for ref, tag in tags.items() if known.get(ref) != tag}
    lost = lost_targets(repository, unsent)
    sound = [ref for ref in unsent if ref not in lost]
    if not sound:
        return {}
    merged = repository.read_text(
        "for-each-ref", "--format=%(refname)", f"--merged={head}", "--", *sound
    )
    return {ref: unsent[ref] for ref in merged.splitlines() if ref in unsent}


def broken_ref_notes(repository: Repository) -> Iterator[Problem]:
    """Yield a note for each ref of this clone that cannot be read, and so takes no part in a sync.

    Args:
        repository: The clone.

    Raises:
        GitFailed: It is not known which refs there are.
    """
    for ref in broken_refs(repository):
        if ref.startswith(VERIFIED_TAGS):
            fields = {"name": ref.removeprefix("refs/tags/")}
            yield Problem("mark-broken", _BROKEN_MARK, fields=fields)
        else:
            yield Problem("ref-broken", _BROKEN_REF, fields={"ref": ref})


def _not_sent(transport: Transport, ref: str) -> Problem:
    name = ref.removeprefix("refs/tags/")
    remote = transport.remote_branch.remote
    return Problem("mark-not-shared", _NOT_SENT, fields={"name": name, "remote": remote})
