"""Reads git's objects as they are stored, each checked against its hash.

Nothing that git may put in their place is believed: no replacement objects, no grafts, no commit
graph file, no text conversion. From the hash of HEAD on, every byte is what was committed, or the
reading stops: a commit names its tree and its parents by their hashes, a tree its files.
"""

import hashlib
from collections.abc import Generator, Iterator, Mapping
from types import TracebackType
from typing import Final, Self

from kvartal.history.audit.stored_objects import (
    FILES,
    TREE,
    Commit,
    Tag,
    parse_commit,
    parse_tag,
    tree_entries,
)
from kvartal.history.git.command import decode, encode, git_process, pipe
from kvartal.history.git.damage import (
    BorrowedObjectsMissing,
    ObjectLost,
    PackDamaged,
    PackListDamaged,
)
from kvartal.history.git.failures import DiskFailed, NotFetched, RepositoryUnreadable
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError, Translate, filled, untranslated

_ARGUMENTS: Final = ("--no-replace-objects", "cat-file", "--batch")
_HEADER_PARTS: Final = 3
_OTHER_REASONS: Final = (
    *(RepositoryUnreadable, DiskFailed, BorrowedObjectsMissing, PackDamaged, PackListDamaged),
)
"""Why an object cannot be read although it may be whole."""


class ObjectBroken(KvartalError):
    """An object of the repository cannot be read, or is not what its hash says."""

    template = N_(
        "Объект {name} в хранилище git не читается или подменён: верить этой истории нельзя. "
        "Подробности покажет `git fsck`; целую копию даст `git clone` с другого места."
    )


class ObjectMissing(ObjectBroken):
    """An object that the history names is not in this clone, which should have it."""

    template = N_(
        "Объект {name} в хранилище git не находится, а история на него ссылается: проверить её "
        "нельзя. Подробности покажет `git fsck`; целую копию даст `git clone` с другого места."
    )


class ObjectNotFetched(ObjectBroken):
    """The clone is partial, and an object is only on the server."""

    template = N_(
        "Объект {name} не получен с сервера: эта копия репозитория неполная, проверить по ней "
        "историю нельзя. Подключитесь к серверу и получите остальное, `git fetch --refetch "
        "--no-filter`, или сделайте полную копию (`git clone`)."
    )


class ObjectUnreadable(ObjectBroken):
    """This user may not read an object, or the disk does not give it."""

    template = N_("Объект {name} в хранилище git прочесть не удалось. {reason}")

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user."""
        reason = self.fields["reason"]
        text = reason.message(translate) if isinstance(reason, KvartalError) else reason
        return filled(self.template, {**self.fields, "reason": text}, translate)


class ObjectReader:
    """The objects of a repository, by hash. To be used in a ``with`` block.

    Args:
        repository: The repository.
    """

    def __init__(self, repository: Repository) -> None:
        self._wanted = ""
        self._repository = repository
        self._hash_name = repository.hash_name
        self._answers = self._batch(repository)
        self._trees: dict[str, Mapping[str, tuple[str, str]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the git process."""
        self._answers.close()

    def commit(self, name: str) -> Commit | None:
        """Return a commit; None where it is not there.

        Raises:
            ObjectBroken: It is not a commit, or not the one of this hash.
        """
        content = self._read(name, "commit")
        return None if content is None else parse_commit(name, content)

    def tag(self, name: str) -> Tag | None:
        """Return an annotated tag by its hash; None where that is no tag, or is not there.

        Raises:
            ObjectBroken: It cannot be read.
        """
        kind, content = self._checked(name)
        return parse_tag(content) if kind == "tag" and content is not None else None

    def is_there(self, name: str) -> bool:
        """Return whether there is an object of this hash.

        Raises:
            ObjectBroken: It cannot be read.
        """
        return self._checked(name)[1] is not None

    def tree(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return mode and hash of what is in a tree, by name.

        Raises:
            ObjectBroken: It is not there, or not the one of this hash.
        """
        known = self._trees.get(name)
        if known is None:
            known = self._trees[name] = dict(
                tree_entries(self._required(name, "tree"), len(name) // 2)
            )
        return known

    def blob(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            ObjectBroken: It is not there, or not the one of this hash.
        """
        return self._required(name, "blob")

    def at(self, tree: str | None, path: str) -> tuple[str, str] | None:
        """Return mode and hash of the entry at a path in a tree; None where there is none."""
        entry: tuple[str, str] | None = None if tree is None else (TREE, tree)
        for part in filter(None, path.split("/")):
            if entry is None or entry[0] != TREE:
                return None
            entry = self.tree(entry[1]).get(part)
        return entry

    def files(self, tree: str, folder: str = "") -> Iterator[tuple[str, str]]:
        """Yield path and hash of every file in a tree and below."""
        for name, (mode, object_id) in self.tree(tree).items():
            if mode == TREE:
                yield from self.files(object_id, f"{folder}{name}/")
            elif mode in FILES:
                yield f"{folder}{name}", object_id

    def _required(self, name: str, kind: str) -> bytes:
        content = self._read(name, kind)
        if content is None:
            raise self.missing(name)
        return content

    def _read(self, name: str, kind: str) -> bytes | None:
        actual_kind, content = self._checked(name)
        if content is not None and actual_kind != kind:
            raise ObjectBroken(name=name[:12])
        return content

    def _checked(self, name: str) -> tuple[str, bytes | None]:
        """Return kind and content of an object after recomputing its hash."""
        self._wanted = name
        try:
            kind, content = next(self._answers)
        except ObjectBroken:
            # Git gives up there: it is started again for the next object.
            self._answers = self._batch(self._repository)
            raise
        if content is not None:
            head = b"%s %d\0" % (kind.encode(), len(content))
            digest = hashlib.new(self._hash_name, head, usedforsecurity=False)
            digest.update(content)
            if digest.hexdigest() != name:
                raise ObjectBroken(name=name[:12])
        return kind, content

    def missing(self, name: str) -> ObjectBroken:
        """Return why an object that the history names was not given."""
        failed = self._repository.object_failure(name)
        if isinstance(failed, NotFetched):
            return ObjectNotFetched(name=name[:12])
        if isinstance(failed, _OTHER_REASONS):
            return ObjectUnreadable(name=name[:12], reason=failed)
        return (ObjectMissing if isinstance(failed, ObjectLost) else ObjectBroken)(name=name[:12])

    def _batch(self, repository: Repository) -> Generator[tuple[str, bytes | None], None, None]:
        with git_process(repository.folder, _ARGUMENTS, reads_stdin=True) as process:
            stdin, stdout = pipe(process.stdin), pipe(process.stdout)
            while True:
                stdin.write(encode(f"{self._wanted}\n"))
                stdin.flush()
                head = decode(stdout.readline()).split()
                if len(head) == _HEADER_PARTS and head[2].isdigit():
                    size = int(head[2])
                    content = stdout.read(size + 1)
                    if len(content) <= size:  # Git gave up on the way.
                        raise self.missing(self._wanted)
                    yield head[1], content[:-1]
                elif head[-1:] == ["missing"]:
                    yield "", None
                else:
                    raise self.missing(self._wanted)
