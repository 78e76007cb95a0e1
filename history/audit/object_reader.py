"""Reads git's objects as they are stored, each checked against its hash.

Nothing that git may put in their place is believed: no replacement objects, no grafts, no commit
graph file, no text conversion. From the hash of HEAD on, every byte is what was committed, or the
reading stops: a commit names its tree and its parents by their hashes, a tree its files.
"""

import hashlib
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import TracebackType
from typing import Final, Self

from kvartal.history.git.command import decode, encode, git_process, pipe
from kvartal.history.git.failures import (
    DiskFailed,
    NotFetched,
    ObjectLost,
    RepositoryUnreadable,
)
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError, Translate, filled, untranslated

TREE: Final = "40000"
LINK: Final = "120000"
FILES: Final = frozenset({"100644", "100755", "100664"})

_ARGUMENTS: Final = ("--no-replace-objects", "cat-file", "--batch")
_PERSON: Final = re.compile(r"(.*?) ?<([^<>]*)> ?(-?[0-9]+) ([+-])([0-9]{2})([0-9]{2})")
_HEADER_PARTS: Final = 3
_SIGNATURES: Final = (("SSH SIGNATURE", "ssh"), ("PGP", "openpgp"), ("SIGNED MESSAGE", "x509"))


class ObjectBroken(KvartalError):
    """An object of the repository cannot be read, or is not what its hash says."""

    template = N_(
        "Объект {name} в хранилище git не читается или подменён: история не та, что была. "
        "Подробности покажет `git fsck`; целую копию даст `git clone` с другого места."
    )


class ObjectMissing(ObjectBroken):
    """An object that the history names is not in this clone, which should have it."""

    template = N_(
        "Объекта {name} в хранилище git нет, а история на него ссылается: проверить её нельзя. "
        "Подробности покажет `git fsck`; целую копию даст `git clone` с другого места."
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


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something, and when by their own clock."""

    name: str
    email: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, as its own bytes say.

    Attributes:
        id: Its full hash.
        tree: Hash of its tree.
        parents: Hashes of its parents.
        author: Name of the author.
        authored: When it was written, by the author's clock; anyone can set it at will.
        committed: When it was committed, by the committer's clock.
        message: The whole message.
        signature: ``openpgp``, ``ssh`` or ``x509``; empty for an unsigned one.
        author_email: Address of the author.
        committer: Name of the committer.
        committer_email: Address of the committer.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    authored: datetime
    committed: datetime
    message: str
    signature: str
    author_email: str = ""
    committer: str = ""
    committer_email: str = ""

    @property
    def subject(self) -> str:
        """The first paragraph of the message in one line, as git takes it."""
        lines = self.message.lstrip("\n").split("\n")
        end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
        return " ".join(line.strip() for line in lines[:end])


@dataclass(frozen=True, slots=True)
class Tag:
    """An annotated tag, as its own bytes say.

    Attributes:
        name: The name that was given to it.
        target: Hash of what it names.
        kind: Kind of that: ``commit``.
        tagger: Who made it.
        message: Its message, without a signature.
        signature: As of a commit.
    """

    name: str
    target: str
    kind: str
    tagger: Person
    message: str
    signature: str


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
        return None if content is None else _commit(name, content)

    def tag(self, name: str) -> Tag | None:
        """Return an annotated tag by its hash; None where that is no tag."""
        kind, content = self._checked(name)
        return _tag(content) if kind == "tag" and content is not None else None

    def tree(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return mode and hash of what is in a tree, by name.

        Raises:
            ObjectBroken: It is not there, or not the one of this hash.
        """
        known = self._trees.get(name)
        if known is None:
            known = self._trees[name] = dict(_entries(self._required(name, "tree"), len(name) // 2))
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
        kind, content = next(self._answers)
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
        if isinstance(failed, RepositoryUnreadable | DiskFailed):
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
                    yield head[1], stdout.read(int(head[2]) + 1)[:-1]
                elif head[-1:] == ["missing"]:
                    yield "", None
                else:
                    raise self.missing(self._wanted)


def _commit(name: str, content: bytes) -> Commit:
    headers, message = _parted(content)
    author = _person(headers.get("author", [""])[0])
    committer = _person(headers.get("committer", [""])[0])
    return Commit(
        id=name,
        tree=headers["tree"][0],
        parents=tuple(headers.get("parent", ())),
        author=author.name,
        authored=author.time,
        committed=committer.time,
        message=message,
        signature=_signature("\n".join(headers.get("gpgsig", headers.get("gpgsig-sha256", [])))),
        author_email=author.email,
        committer=committer.name,
        committer_email=committer.email,
    )


def _tag(content: bytes) -> Tag:
    headers, message = _parted(content)
    signature = _signature(message)
    if signature:
        message = message[: message.rindex("-----BEGIN ")]
    return Tag(
        name=headers.get("tag", [""])[0],
        target=headers.get("object", [""])[0],
        kind=headers.get("type", [""])[0],
        tagger=_person(headers.get("tagger", [""])[0]),
        message=message,
        signature=signature,
    )


def _parted(content: bytes) -> tuple[dict[str, list[str]], str]:
    """Return the headers of an object, each with its values, and its message."""
    head, _, message = content.partition(b"\n\n")
    headers: dict[str, list[str]] = {}
    for line in head.replace(b"\n ", b"\v").split(b"\n"):
        name, _, value = decode(line).partition(" ")
        headers.setdefault(name, []).append(value.replace("\v", "\n"))
    return headers, _decoded(message, headers.get("encoding", ["utf-8"])[0])


def _decoded(text: bytes, encoding: str) -> str:
    try:
        return text.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return decode(text)


def _signature(text: str) -> str:
    for mark, kind in _SIGNATURES:
        if f"-----BEGIN {mark}" in text:
            return kind
    return ""


def _person(text: str) -> Person:
    found = _PERSON.fullmatch(text)
    if found is None:
        return Person(text, "", datetime.fromtimestamp(0, UTC))
    name, email, seconds, sign, hours, minutes = found.groups()
    away = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    zone = timezone(away) if abs(away) < timedelta(days=1) else UTC
    try:
        return Person(name, email, datetime.fromtimestamp(int(seconds), zone))
    except (OverflowError, OSError, ValueError):
        return Person(name, email, datetime.fromtimestamp(0, UTC))


def _entries(tree: bytes, length: int) -> Generator[tuple[str, tuple[str, str]], None, None]:
    at = 0
    while at < len(tree):
        space = tree.index(b" ", at)
        end = tree.index(b"\0", space)
        name = decode(tree[space + 1 : end])
        yield name, (tree[at:space].decode(), tree[end + 1 : end + 1 + length].hex())
        at = end + 1 + length
