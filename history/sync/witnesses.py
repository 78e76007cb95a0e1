"""What each clone saw last, left where the others get it: ``refs/kvartal/seen/<clone>``.

A server that is rewritten can deceive whoever trusts it alone. Here every clone that syncs leaves
the commit it saw, under a random name, and gets what others left; `verify` then names each of these
commits that the history does not contain. Nothing is forced: a server, or another clone, can delete
such a ref, but not make a clone forget what it has fetched before.
"""

import time
from datetime import datetime
from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.log.origin import shallow_commits
from kvartal.history.messages.trailers import FINDING, parse_trailers
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.seen import read_seen, save_seen
from kvartal.history.store.witness_refs import seen_by_others, witness_ref
from kvartal.history.sync.folder_remote import git_dirs
from kvartal.history.sync.state_files import call_in_progress
from kvartal.history.sync.transport import Transport
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.evidence_paths import FOLDER
from kvartal.schema.problems import Problem

_REWRITTEN: Final = N_(
    "Другие копии видели изменения, которых в этой истории нет: общий репозиторий переписывали. "
    "Какие — назовёт `kvartal verify`."
)
_FINDING_OF_LOST: Final = "history-rewritten:"
_SHORT: Final = 12
"""How much of a hash the id of a finding has."""


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


def rewritten_notes(transport: Transport, head: str, plan: str) -> tuple[Problem, ...]:
    """Return a note where others saw commits that a history neither contains nor explains.

    `verify` names them. Where they cannot be looked for, nothing is said here.

    Args:
        transport: The connection to the remote.
        head: The commit that the history ends with.
        plan: Name of the plan file.
    """
    repository, branch = transport.repository, transport.remote_branch.target
    try:
        seen, _broken = seen_by_others(repository, read_seen(repository).clone, branch)
        lost = _last_lost(repository, {commit for _clone, commit in seen}, head)
        is_explained = all(_is_accepted(repository, head, commit, plan) for commit in lost)
    except KvartalError:
        return ()
    return () if is_explained else (Problem("seen-rewritten", _REWRITTEN),)


def _last_lost(repository: Repository, commits: set[str], head: str) -> list[str]:
    """Return those of the commits that a history does not contain, without those before others.

    A shallow clone cannot tell of commits that do not come after all at which it ends.
    """
    if not commits or not [*repository.log(("--max-count=1", *commits, f"^{head}"), "%H")]:
        return []
    ends = [end for end in shallow_commits(repository) if repository.is_ancestor(end, head)]
    lost = [
        one
        for one in commits
        if not repository.is_ancestor(one, head)
        and all(repository.is_ancestor(end, one) for end in ends)
    ]
    return repository.read_text("merge-base", "--independent", *lost).split() if lost else []


def _is_accepted(repository: Repository, head: str, commit: str, plan: str) -> bool:
    """Return whether a history says that a commit was dropped on purpose; `verify` checks that.

    It names the last of the lost commits that changed the plan.
    """
    lost = (commit, f"^{head}")
    accepted = _accepted(repository, head)
    return any(
        not [*repository.log((*lost, f"^{name}", "--no-merges", "--", plan, FOLDER), "%H")]
        for name in [*repository.log(lost, "%H")]
        if name[:_SHORT] in accepted
    )


def _accepted(repository: Repository, head: str) -> set[str]:
    """Return the beginnings of the hashes of lost commits whose last acceptance has not lapsed."""
    search = ("--fixed-strings", f"--grep={FINDING}: {_FINDING_OF_LOST}", head)
    last_days: dict[str, str | None] = {}
    for message in repository.log(search, "%B"):
        trailers = parse_trailers(message)
        for finding in trailers.findings:
            if finding.startswith(_FINDING_OF_LOST):
                name = finding.removeprefix(_FINDING_OF_LOST)[:_SHORT]
                last_days.setdefault(name, trailers.until)
    today = datetime.now().astimezone().date().isoformat()
    return {name for name, day in last_days.items() if day is None or day >= today}
