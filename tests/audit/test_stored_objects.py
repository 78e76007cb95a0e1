"""Commits, tags and trees from their own bytes, and what is answered where these are damaged."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kvartal.history.audit.object_reader import (
    ObjectBroken,
    ObjectMissing,
    ObjectReader,
)
from kvartal.history.audit.stored_objects import parse_commit, parse_tag, tree_entries
from kvartal.history.git.discovery import find_repository
from tests.audit.story import Story

NOWHEN = datetime.fromtimestamp(0, UTC)


def at(seconds: int, **away: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone(timedelta(**away)))


@pytest.mark.parametrize(
    ("line", "name", "email", "moment"),
    [
        ("А. П. <a@b.c> 86400 +0300", "А. П.", "a@b.c", at(86400, hours=3)),
        ("A<a@b.c>86400 -0330", "A", "a@b.c", at(86400, hours=-3, minutes=-30)),
        ("A <> -5 +0000", "A", "", at(-5)),
        (" <a@b.c> 86400 +0000", "", "a@b.c", at(86400)),
        # The hour of no place; a moment that no calendar holds; no moment.
        ("A <a@b.c> 86400 +2400", "A", "a@b.c", at(86400)),
        ("A <a@b.c> 86400 -2359", "A", "a@b.c", at(86400, hours=-23, minutes=-59)),
        ("A <a@b.c> 99999999999999999 +0000", "A", "a@b.c", NOWHEN),
        ("A <a@b.c>", "A <a@b.c>", "", NOWHEN),
        ("A <a@b.c> 86400 +03000", "A <a@b.c> 86400 +03000", "", NOWHEN),
    ],
)
def test_who_made_a_commit_and_when(line: str, name: str, email: str, moment: datetime) -> None:
    other = "B <b@b.c> 172800 +0500"
    lines = (f"author {line}\ncommitter {other}", f"author {other}\ncommitter {line}")
    author, committer = (parse_commit("0", f"tree 1\n{one}\n\nДа".encode()) for one in lines)
    assert (author.author, author.author_email, author.authored) == (name, email, moment)
    assert author.authored.utcoffset() == moment.utcoffset()
    assert (author.committer, author.committer_email) == ("B", "b@b.c")
    assert (committer.committer, committer.committer_email) == (name, email)
    assert committer.committed == moment
    assert committer.author == "B"
    assert parse_tag(f"object 1\ntagger {line}\n\nДа".encode()).tagger.time == moment


KINDS = (("SSH SIGNATURE", "ssh"), ("PGP SIGNATURE", "openpgp"), ("SIGNED MESSAGE", "x509"))


@pytest.mark.parametrize(("block", "kind"), [*KINDS, ("OTHER", "")])
def test_what_kind_of_signature_there_is(block: str, kind: str) -> None:
    begun = f"-----BEGIN {block}-----"
    for header in ("gpgsig", "gpgsig-sha256"):
        text = f"tree 1\nparent 2\nparent 3\n{header} {begun}\n  x\n -----END-----\n\n{begun}\n"
        commit = parse_commit("0", text.encode())
        assert (commit.tree, commit.parents, commit.signature) == ("1", ("2", "3"), kind)
        # What stands in the message signs nothing.
        assert commit.message == f"{begun}\n"
        assert parse_commit("0", f"tree 1\n\n{begun}\n".encode()).signature == ""
    tag = parse_tag(f"object 1\ntype commit\ntag v\n\nДа {begun}\n{begun}\nx\n".encode())
    assert (tag.name, tag.target, tag.kind, tag.signature) == ("v", "1", "commit", kind)
    assert tag.message == (f"Да {begun}\n" if kind else f"Да {begun}\n{begun}\nx\n")


@pytest.mark.parametrize(
    ("encoding", "content", "text"),
    [
        ("", "Правка".encode(), "Правка"),
        ("koi8-r", "Правка".encode("koi8-r"), "Правка"),
        # Git keeps what has no place in the encoding, and names the encoding all the same.
        ("koi8-r", "Правка №".encode(), "Правка №"),
        # Of ASCII an encoding may make something else.
        ("utf-7", b"+BB8-", "П"),
        ("nonsense", "Правка".encode("koi8-r"), None),
        ("ascii", "Правка".encode("koi8-r"), None),
    ],
)
def test_the_encoding_of_a_message(encoding: str, content: bytes, text: str | None) -> None:
    header = f"\nencoding {encoding}" if encoding else ""
    message = parse_commit("0", f"tree 1{header}\n\n".encode() + content).message
    assert message == (content.decode("utf-8", "surrogateescape") if text is None else text)


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        ("Да\n\nНет", "Да"),
        ("\n\nДа \n  и так\n \nНет\n", "Да и так"),
        ("Да", "Да"),
        ("", ""),
    ],
)
def test_the_first_line_of_a_message(message: str, subject: str) -> None:
    assert parse_commit("0", f"tree 1\n\n{message}".encode()).subject == subject


def test_what_is_in_a_tree() -> None:
    one, other = bytes(range(20)), b"\0 " * 10
    tree = b"100644 \xd0\x90 b\0" + one + b"40000 c\0" + other
    rows = [("А b", ("100644", one.hex())), ("c", ("40000", other.hex()))]
    assert list(tree_entries(tree, 20)) == rows
    assert list(tree_entries(b"", 20)) == []


# ---------------------------------------------------------------------------- asked of a repository


def stored(story: Story, name: str) -> Path:
    path = story.repo / ".git" / "objects" / name[:2] / name[2:]
    path.chmod(0o644)
    return path


def answer(ask: Callable[[str], object], name: str) -> object:
    """Return what is answered, or the class of the refusal."""
    try:
        return ask(name)
    except ObjectBroken as error:
        return type(error) if name[:12] in error.message() else error


@pytest.mark.parametrize(
    ("damage", "is_known"),
    [
        (Path.unlink, False),
        # What git cannot take for an object at all is for it not there.
        (lambda path: path.write_bytes(b"damaged"), False),
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), True),
        (lambda path: path.write_bytes(zlib.compress(b"blob 1\0x")), True),
    ],
    ids=("absent", "not compressed", "cut short", "of another hash"),
)
def test_a_damaged_object_is_refused_whatever_it_is_asked_as(
    story: Story, damage: Callable[[Path], object], *, is_known: bool
) -> None:
    """And the next one is read all the same."""
    story.rewrite("№АЭС/593", "№АЭС/594")
    story.commit("Правка")
    names = story.git("rev-parse", "HEAD~0", "HEAD:", "HEAD:plan/2024.yaml").split()
    with ObjectReader(find_repository(story.repo)) as objects:
        for name in names:
            path = stored(story, name)
            content = path.read_bytes()
            damage(path)
            found = [answer(ask, name) for ask in (objects.commit, objects.tag, objects.is_there)]
            needed = [answer(ask, name) for ask in (objects.tree, objects.blob)]
            assert found == ([ObjectBroken] * 3 if is_known else [None, None, False])
            assert needed == [ObjectBroken if path.exists() else ObjectMissing] * 2
            path.write_bytes(content)
            assert objects.is_there(name)


def test_an_object_of_another_kind_is_not_taken_for_the_one_asked_for(story: Story) -> None:
    story.git("tag", "-a", "-m", "Да", "v")
    names = story.git("rev-parse", "HEAD~0", "HEAD:", "HEAD:plan/2024.yaml", "v").split()
    with ObjectReader(find_repository(story.repo)) as objects:
        for kind, name in zip(("commit", "tree", "blob", "tag"), names, strict=True):
            for other in ("commit", "tree", "blob"):
                is_refused = answer(getattr(objects, other), name) is ObjectBroken
                assert is_refused == (other != kind)
            assert (objects.tag(name) is not None) == (kind == "tag")
            assert objects.is_there(name)


def test_where_in_a_tree_something_is(story: Story) -> None:
    (story.repo / "a" / "b").mkdir(parents=True)
    for name in ("a/b/c", "a/b.txt", "d"):
        (story.repo / name).write_text(name)
    (story.repo / "a" / "b" / "run").write_text("#!/bin/sh\n")
    (story.repo / "a" / "b" / "run").chmod(0o755)
    (story.repo / "a" / "link").symlink_to("b")
    story.git("add", "-A")
    story.git("update-index", "--add", "--cacheinfo", f"160000,{story.head},a/module")
    tree = story.git("write-tree").strip()
    rows = (line.split() for line in story.git("ls-tree", "-rt", tree).splitlines())
    listed = {path: (mode.lstrip("0"), name) for mode, _, name, path in rows}
    with ObjectReader(find_repository(story.repo)) as objects:
        for path, entry in listed.items():
            assert objects.at(tree, path) == entry
            assert objects.at(tree, f"{path}/") == entry
        for path in ("b", "a/c", "d/e", "a/link/c", "a/module/x"):
            assert objects.at(tree, path) is None
        assert objects.at(tree, "") == ("40000", tree)
        assert objects.at(None, "d") is None
        files = dict(objects.files(tree))
    # A link is no file, a module is none either.
    expected = {path: name for path, (mode, name) in listed.items() if mode.startswith("100")}
    assert files == expected
    assert {"a/b/c", "a/b/run", "a/b.txt", "d"} < set(files)


OLD = "author Пётр <a@b.c> 86400 +0000\ncommitter Пётр <a@b.c> 86400 +0000\nencoding {}\n\nДа"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("windows-1251", "Пётр"), ("koi8-r", "Пётр"), ("нет", None), ("unicode_escape", None)],
)
def test_names_and_message_in_the_encoding_of_the_commit(encoding: str, name: str | None) -> None:
    """Where git does not know it, it shows the bytes as they are."""
    text = OLD.format(encoding)
    commit = parse_commit("0", b"tree 1\n" + text.encode("koi8-r" if "8" in encoding else "cp1251"))
    is_read = (commit.author, commit.committer, commit.message) == ("Пётр", "Пётр", "Да")
    assert is_read is (name is not None)
    assert "Да" in parse_commit("0", b"tree 1\n" + text.encode()).message


def test_an_escape_is_not_read_as_what_it_stands_for() -> None:
    text = OLD.format("unicode_escape").replace("Да", "\\u0414")
    assert parse_commit("0", b"tree 1\n" + text.encode()).message == "\\u0414"


@pytest.mark.parametrize("encoding", ["utf-16", "cp037", "utf-7"])
def test_a_commit_whose_encoding_fits_no_header(encoding: str) -> None:
    """Its tree and its dates are read all the same."""
    commit = parse_commit("0", b"tree 1\n" + OLD.format(encoding).encode())
    assert (commit.tree, commit.authored, commit.author_email) == ("1", at(86400), "a@b.c")
