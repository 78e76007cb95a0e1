"""Commits and tags as their own bytes say, and what is in a tree."""

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from kvartal.history.git.command import decode, encode

TREE: Final = "40000"
LINK: Final = "120000"
FILES: Final = frozenset({"100644", "100755", "100664"})
_PERSON: Final = re.compile(r"(.*?) ?<([^<>]*)> ?(-?[0-9]+) ([+-])([0-9]{2})([0-9]{2})")
_ONCE: Final = ("tree", "author", "committer", "encoding")
_OF_PYTHON: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
"""Encodings that git does not know, so that it shows the bytes as they are."""
_SIGNATURES: Final = (("SSH SIGNATURE", "ssh"), ("PGP", "openpgp"), ("SIGNED MESSAGE", "x509"))


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
        message: The whole message, as git shows it.
        signature: ``openpgp``, ``ssh`` or ``x509``; empty for an unsigned one.
        author_email: Address of the author.
        committer: Name of the committer.
        committer_email: Address of the committer.
        hidden: What comes after a null byte in the message: git shows none of it.
        repeated: Headers that git writes once and that are there more often, with their values.
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
    hidden: str | None = None
    repeated: tuple[tuple[str, tuple[str, ...]], ...] = ()

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


def parse_commit(name: str, content: bytes) -> Commit:
    """Return a commit from its bytes.

    Args:
        name: Its hash.
        content: What git stores of it.
    """
    headers, text = _parted(content)
    message, nul, hidden = text.partition("\0")
    encoding = _encoding(headers)
    author = _person(headers.get("author", [""])[0], encoding)
    committer = _person(headers.get("committer", [""])[0], encoding)
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
        hidden=hidden if nul else None,
        repeated=tuple(
            (header, tuple(headers[header])) for header in _ONCE if len(headers.get(header, ())) > 1
        ),
    )


def parse_tag(content: bytes) -> Tag:
    """Return an annotated tag from its bytes."""
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
    lines = head.replace(b"\n ", b"\v").split(b"\n")
    for line in lines:
        name, _, value = decode(line).partition(" ")
        headers.setdefault(name, []).append(value.replace("\v", "\n"))
    return headers, _decoded(message, _encoding(headers))


def _encoding(headers: Mapping[str, list[str]]) -> str:
    return headers.get("encoding", ["utf-8"])[0]


def _decoded(text: bytes, encoding: str) -> str:
    # Where a sign has no place in the encoding that is set, git keeps UTF-8 and names the encoding.
    with suppress(UnicodeDecodeError):
        if not text.isascii():
            return text.decode("utf-8")
    try:
        is_known = codecs.lookup(encoding).name.replace("_", "-") not in _OF_PYTHON
        return text.decode(encoding) if is_known else decode(text)
    except (LookupError, ValueError):
        return decode(text)


def _signature(text: str) -> str:
    for mark, kind in _SIGNATURES:
        if f"-----BEGIN {mark}" in text:
            return kind
    return ""


def _person(text: str, encoding: str = "utf-8") -> Person:
    found = _PERSON.fullmatch(text)
    if found is None:
        return Person(text, "", datetime.fromtimestamp(0, UTC))
    name, email, seconds, sign, hours, minutes = found.groups()
    name = _decoded(encode(name), encoding)
    away = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    zone = timezone(away) if abs(away) < timedelta(days=1) else UTC
    try:
        return Person(name, email, datetime.fromtimestamp(int(seconds), zone))
    except (OverflowError, OSError, ValueError):
        return Person(name, email, datetime.fromtimestamp(0, UTC))


def tree_entries(tree: bytes, length: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield name, mode and hash of what is in a tree.

    Args:
        tree: Its bytes.
        length: How many bytes a hash has.
    """
    at = 0
    while at < len(tree):
        space = tree.index(b" ", at)
        end = tree.index(b"\0", space)
        name = decode(tree[space + 1 : end])
        yield name, (tree[at:space].decode(), tree[end + 1 : end + 1 + length].hex())
        at = end + 1 + length
