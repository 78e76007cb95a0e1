"""Determines what a change will do to files and git, before anything is written."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from kvartal.history.diff.matching import same
from kvartal.history.git.repository import Repository
from kvartal.history.store.altered_commit import MeaningCheck
from kvartal.history.store.commit import EvidenceContent
from kvartal.history.store.errors import (
    EvidenceAltered,
    EvidenceLeft,
    EvidenceMissing,
    EvidencePathTaken,
    PlanChangedOutside,
    PlanDeleted,
)
from kvartal.history.store.evidence_files import missing_folders, safe_path
from kvartal.history.store.files import digest, file_digest
from kvartal.history.store.git_locks import wait_for_git
from kvartal.history.store.repo_state import RepoState, ready_state
from kvartal.history.store.snapshot import Snapshot
from kvartal.history.store.write_ahead import FileIntent, Intent, new_token
from kvartal.history.yaml_text.loader import UnreadablePlan, load


class Attached(EvidenceContent, Protocol):
    """A file that a change adds as evidence."""

    @property
    def path(self) -> str:
        """Where it is to be, from the plan's folder, with ``/``."""

    @property
    def sha256(self) -> str:
        """SHA-256 of its content."""


def added_evidence(
    repository: Repository,
    before: Mapping[str, str],
    after: Mapping[str, str],
    attached: Mapping[str, Attached],
) -> Iterator[FileIntent]:
    """Yield the evidence files that a change refers to for the first time.

    A file may be in its place already, if its content is the one referred to.

    Args:
        repository: As seen from the plan's folder.
        before: SHA-256 of the evidence files of the programme before the change, by path.
        after: The same after the change.
        attached: The files that come with the change, by path.

    Raises:
        EvidenceMissing: A file is neither attached nor in its place.
        EvidencePathTaken: A different file is in its place.
        EvidenceAltered: What is attached is not what the programme refers to.
        EvidencePathUnsafe: A path is not safe.
    """
    for path, sha256 in after.items():
        if before.get(path) == sha256:
            continue
        place = safe_path(repository.folder, path)
        if file_digest(place) == sha256:
            content = place.read_bytes()
        elif place.exists():
            raise EvidencePathTaken(path=path)
        elif path not in attached:
            raise EvidenceMissing(path=path)
        else:
            with attached[path].open() as file:
                content = file.read()
        if digest(content) != sha256:
            raise EvidenceAltered(path=path)
        name = repository.object_name(content)
        yield FileIntent(path, sha256, name, brought=not place.exists())


def evidence_on_disk(
    repository: Repository, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FileIntent]:
    """Yield the newly referenced evidence files that are already in their places."""
    for path, sha256 in after.items():
        if before.get(path) == sha256:
            continue
        place = safe_path(repository.folder, path)
        if file_digest(place) == sha256:
            name = repository.object_name(place.read_bytes())
            yield FileIntent(path, sha256, name, brought=False)


def removed_evidence(
    repository: Repository, state: RepoState, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FileIntent]:
    """Yield the evidence files that are no longer referred to and that HEAD holds unchanged.

    A file that git does not hold, or whose content is not the one referred to, stays where it is:
    it could not be restored.

    Args:
        repository: As seen from the plan's folder.
        state: Its state, with the paths of the evidence that is removed.
        before: SHA-256 of the evidence files of the programme before the change, by path.
        after: The same after the change.
    """
    for path, sha256 in before.items():
        if path not in after and path not in state.codes:
            place = safe_path(repository.folder, path)
            if file_digest(place) == sha256:
                name = repository.object_name(place.read_bytes())
                yield FileIntent(path, sha256, name)


def left_evidence(
    repository: Repository, dropped: Collection[str], removed: Sequence[FileIntent]
) -> EvidenceLeft | None:
    """Return that files which are no longer referred to stay on the disk; None where none do.

    Args:
        repository: As seen from the plan's folder.
        dropped: Paths that the change no longer refers to.
        removed: Evidence that it removed.
    """
    kept = sorted(set(dropped) - {file.path for file in removed})
    left = [path for path in kept if safe_path(repository.folder, path).exists()]
    return EvidenceLeft(paths=", ".join(left)) if left else None


def make_intent(  # noqa: PLR0913 - everything that a change consists of
    repository: Repository,
    state: RepoState,
    before: Snapshot,
    after: Snapshot,
    *,
    message: str,
    added: Sequence[FileIntent] = (),
    removed: Sequence[FileIntent] = (),
) -> Intent:
    """Return the intent of a change.

    Args:
        repository: As seen from the plan's folder.
        state: Its state, with the paths of all evidence that is added or removed.
        before: The programme before the change.
        after: The programme after it.
        message: Message of the commit.
        added: Evidence that is added.
        removed: Evidence that is removed.
    """
    name, text = before.path.name, after.source.encoded
    on_disk = {name: True} | {file.path: not file.brought for file in added}
    unix = text.replace(b"\r\n", b"\n")  # What git stores where it converts line ends.
    brought = [file.path for file in added if file.brought]
    return Intent(
        prefix=repository.prefix,
        name=name,
        before=before.digest,
        after=after.digest,
        stored_after=tuple(map(repository.object_name, (text, unix))),
        message=message,
        branch=state.branch or "",
        parent=state.head,
        added=tuple(added),
        removed=tuple(removed),
        folders=missing_folders(repository.folder, brought),
        fresh=tuple(
            path for path, exists in on_disk.items() if state.is_fresh(path, on_disk=exists)
        ),
        started=time.time(),
        token=new_token(),
    )


def check_unchanged(repository: Repository, snapshot: Snapshot) -> None:
    """Check that the file is still the one of the snapshot.

    Raises:
        PlanChangedOutside, PlanDeleted: It is not.
    """
    if file_digest(snapshot.path) != snapshot.digest:
        ready(repository, snapshot, ())  # A merge in progress, for one, is the better reason.
        exists = snapshot.path.exists()
        raise (PlanChangedOutside if exists else PlanDeleted)(plan=snapshot.path.name)


def ready(repository: Repository, snapshot: Snapshot, paths: Sequence[str]) -> RepoState:
    """Return the state of a repository in which nothing prevents a commit."""
    state = ready_state(repository, snapshot.path.name, paths)
    wait_for_git(repository, state.branch or "")
    return state


def meaning_check(intended: Snapshot) -> MeaningCheck:
    """Return a check that the bytes of a plan mean the same as a snapshot."""

    def is_meant(plan: bytes) -> bool:
        try:
            return same(load(plan, intended.source.name).data, intended.data)
        except UnreadablePlan:
            return False

    return is_meant
