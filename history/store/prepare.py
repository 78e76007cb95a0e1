"""What a change will do to files and to git, worked out before anything is written."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from kvartal.history.git.repository import Repository
from kvartal.history.store.commit import EvidenceContent
from kvartal.history.store.errors import EvidenceAltered, EvidenceMissing, EvidencePathTaken
from kvartal.history.store.evidence_files import missing_folders, safe_place
from kvartal.history.store.files import digest, digest_at
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.snapshot import Snapshot
from kvartal.history.store.write_ahead import FileIntent, Intent, new_token


class Attached(EvidenceContent, Protocol):
    """A file that comes with a change as evidence."""

    @property
    def path(self) -> str:
        """Where it is to stand, from the plan's folder, parted by ``/``."""

    @property
    def sha256(self) -> str:
        """SHA-256 of its content."""


def evidence_that_comes(
    repository: Repository,
    before: Mapping[str, str],
    after: Mapping[str, str],
    attached: Mapping[str, Attached],
) -> Iterator[FileIntent]:
    """Yield the evidence files that a change tells of for the first time.

    A file may be in its place already, if it is the one that is told of.

    Args:
        repository: As seen from the plan's folder.
        before: SHA-256 of the evidence files that the programme tells of, by path.
        after: The same as it is to be.
        attached: What comes with the change, by path.

    Raises:
        EvidenceMissing: A file is neither attached nor in its place.
        EvidencePathTaken: Another file is in the place of one.
        EvidenceAltered: What is attached is not what the programme tells of.
        EvidencePathUnsafe: A place is not a safe one.
    """
    for path, sha256 in after.items():
        if before.get(path) == sha256:
            continue
        place = safe_place(repository.folder, path)
        if digest_at(place) == sha256:
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


def evidence_in_place(
    repository: Repository, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FileIntent]:
    """Yield the evidence files told of for the first time that somebody has put in their places."""
    for path, sha256 in after.items():
        if before.get(path) == sha256:
            continue
        place = safe_place(repository.folder, path)
        if digest_at(place) == sha256:
            name = repository.object_name(place.read_bytes())
            yield FileIntent(path, sha256, name, brought=False)


def evidence_that_goes(
    repository: Repository, state: RepoState, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FileIntent]:
    """Yield the evidence files that the programme tells of no more and that HEAD holds as they are.

    A file that git does not hold, or that is not the one that was told of, stays where it is:
    nobody could bring it back.

    Args:
        repository: As seen from the plan's folder.
        state: Its state, asked with the paths of the evidence that goes.
        before: SHA-256 of the evidence files that the programme tells of, by path.
        after: The same as it is to be.
    """
    for path, sha256 in before.items():
        if path not in after and path not in state.codes:
            place = safe_place(repository.folder, path)
            if digest_at(place) == sha256:
                name = repository.object_name(place.read_bytes())
                yield FileIntent(path, sha256, name)


def intend(  # noqa: PLR0913 - all that a change is made of
    repository: Repository,
    state: RepoState,
    before: Snapshot,
    after: Snapshot,
    *,
    message: str,
    added: Sequence[FileIntent] = (),
    removed: Sequence[FileIntent] = (),
) -> Intent:
    """Return the note of a change.

    Args:
        repository: As seen from the plan's folder.
        state: Its state, asked with the paths of all evidence that comes or goes.
        before: The programme as it is.
        after: The programme as it is to be.
        message: Message of the commit.
        added: Evidence that comes.
        removed: Evidence that goes.
    """
    name, text = before.path.name, after.source.encoded
    on_disk = {name: True} | {file.path: not file.brought for file in added}
    unix = text.replace(b"\r\n", b"\n")  # What git stores where it looks after line ends.
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
            path for path, is_there in on_disk.items() if state.is_fresh(path, on_disk=is_there)
        ),
        started=time.time(),
        token=new_token(),
    )
