"""What each clone saw last, left where the others get it: ``refs/kvartal/seen/<clone>``.

A server that is rewritten can deceive whoever trusts it alone. Here every clone that syncs leaves
the commit it saw, under a random name, and gets what others left; `verify` then names each of these
commits that the history does not contain. Nothing is forced: a server, or another clone, can delete
such a ref, but not make a clone forget what it has fetched before.
"""

import time
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.messages.trailers import FINDING
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.seen import read_seen, save_seen
from kvartal.history.store.witness_refs import seen_by_others, witness_ref
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.state_files import call_in_progress
from kvartal.history.sync.transport import Transport
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import Problem

_REWRITTEN: Final = N_(
    "Другие копии видели изменения, которых в этой истории нет: общий репозиторий переписывали. "
    "Какие — назовёт `kvartal verify`."
)


def save_synced(transport: Transport, head: str) -> None:
    """Save that both sides were seen to have a commit, and leave it where the others get it.

    What cannot be saved or left is no failure of the sync: the changes have been exchanged.

    Args:
        transport: The connection to the remote.
        head: The commit.
    """
    repository, remote_branch = transport.repository, transport.remote_branch
    branch = f"refs/heads/{remote_branch.local}"
    known = read_seen(repository).of(branch)
    lost = [tip for tip in known.tips if not repository.is_ancestor(tip, head)]
    shared = [tip for tip in known.shared if tip in lost]
    try:
        seen = save_seen(repository, branch, tips=[head, *lost], shared=[head, *shared])
        ref = witness_ref(seen.clone, remote_branch.target)
        if repository.object_id(ref) == head:
            return  # As it came with the last fetch: the remote has it.
        started = time.time()
        folders = git_dirs(repository, remote_branch.remote)
        with call_in_progress(repository, remote_branch, folders):
            if not transport.push_commit(head, ref):
                return
            repository.run("update-ref", ref, head, writes=True)
            flush_repository(repository, started)
    except KvartalError:
        return


def rewritten_notes(transport: Transport, head: str) -> tuple[Problem, ...]:
    """Return a note where others saw commits that a history neither contains nor explains.

    `verify` names them. Where they cannot be looked for, nothing is said here.

    Args:
        transport: The connection to the remote.
        head: The commit that the history ends with.
    """
    repository, branch = transport.repository, transport.remote_branch.target
    try:
        seen, _broken = seen_by_others(repository, read_seen(repository).clone, branch)
        commits = {commit for _clone, commit in seen} - {head}
        if not commits or not [*repository.log(("--max-count=1", *commits, f"^{head}"), "%H")]:
            return ()
        missing = [one for one in commits if not repository.is_ancestor(one, head)]
        if all(_is_accepted(repository, head, commit) for commit in missing):
            return ()
    except KvartalError:
        return ()
    return (Problem("seen-rewritten", _REWRITTEN),)


def _is_accepted(repository: Repository, head: str, commit: str) -> bool:
    """Return whether a history says that a commit was dropped on purpose; `verify` checks that."""
    line = f"{FINDING}: history-rewritten:{commit[:12]}"
    search = ("--max-count=1", "--fixed-strings", f"--grep={line}", head)
    return bool([*repository.log(search, "%H")])
