"""The attributes that make git keep evidence byte for byte, whatever a clone is set to.

Git converts line ends and runs filters by the settings of each clone; a file proves nothing where
its bytes depend on them. So `evidence/.gitattributes` comes in the commit of the first file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from kvartal.history.git.command import decode
from kvartal.history.git.repository import Repository
from kvartal.history.store.files import digest, file_digest
from kvartal.history.store.repo_state import RepoState
from kvartal.history.store.write_ahead import FileIntent
from kvartal.schema.evidence_paths import FOLDER

NAME: Final = ".gitattributes"
ATTRIBUTES: Final = f"{FOLDER}/{NAME}"
"""Path of the file from the plan's folder."""

_RULE: Final = "* -text -filter"
# What else alters bytes is switched off where the repository has it on for one of the files.
_ALSO: Final = (("ident", "-ident"), ("working-tree-encoding", "!working-tree-encoding"))
_OFF: Final = frozenset({"unspecified", "unset"})


@dataclass(frozen=True, slots=True)
class AttributesFile:
    """The file of attributes that a change adds beside its evidence.

    Attributes:
        intent: Where it comes, as an evidence file does.
        content: Its bytes.
    """

    intent: FileIntent
    content: bytes

    def open(self) -> BinaryIO:
        """Return the content, to be read from its beginning."""
        return BytesIO(self.content)


def added_attributes(
    repository: Repository, state: RepoState, added: Sequence[FileIntent]
) -> AttributesFile | None:
    """Return the file of attributes that has to come with new evidence; None for none.

    One that the history has, or that somebody has begun to write, is the user's own.

    Args:
        repository: As seen from the plan's folder.
        state: Its state, with `ATTRIBUTES` among the paths asked about.
        added: The evidence that a change adds.
    """
    place = repository.folder / FOLDER / NAME
    code = state.codes.get(ATTRIBUTES)
    is_there = place.is_symlink() or place.exists()
    if not added or (is_there and code is None) or code not in {None, "?", "!"}:
        return None
    content = _content(repository, [file.path for file in added])
    if is_there and file_digest(place) != digest(content):
        return None
    name = repository.object_name(content)
    return AttributesFile(
        FileIntent(ATTRIBUTES, digest(content), name, brought=not is_there), content
    )


def _content(repository: Repository, paths: Sequence[str]) -> bytes:
    names = [name for name, _off in _ALSO]
    listed = decode(repository.read("check-attr", "-z", *names, "--", *paths)).split("\0")
    on = {
        name for name, value in zip(listed[1::3], listed[2::3], strict=False) if value not in _OFF
    }
    rule = " ".join((_RULE, *(off for name, off in _ALSO if name in on)))
    return f"{rule}\n".encode()
