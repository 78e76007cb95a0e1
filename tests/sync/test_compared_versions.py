"""Versions of a plan read from trees and checked; what a rewritten remote is refused for.

Git's part is played by a repository that holds blobs by tree and path.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.history.merge.merge import merge
from kvartal.history.sync import compare, validation
from kvartal.history.sync.compare import Comparison, Fetched
from kvartal.history.sync.divergence import Choices, Divergence, FieldConflict, Side
from kvartal.history.sync.errors import (
    ChoicesOutdated,
    LocalPlanInvalid,
    PlanMissingAtRemote,
    RemoteBranchDeleted,
    RemoteEmptied,
    RemoteRewritten,
    SyncConflicts,
)
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.validation import VersionChecker, VersionContents
from tests.history.case_lines import edited, plan

BRANCH = RemoteBranch("main", "origin", "main", "refs/remotes/origin/main", has_upstream=True)
OFFICE = plan("office").text.encode()
BROKEN = OFFICE.replace(b"id: 1.2.1", b"id: 1.1.1")
FILE = b"act"
PATH = "evidence/2024/1.1.1/a.pdf"
WITH_FILE = OFFICE.replace(
    b'        date: "2024-03-28"\n',
    (
        '        date: "2024-03-28"\n        evidence:\n          files:\n'
        f"            - path: {PATH}\n              size: 3\n"
        f"              sha256: {sha256(FILE).hexdigest()}\n"
    ).encode(),
)


class _Trees(Repository):
    """A repository of trees: the content of files by tree and by path from the root."""

    trees: ClassVar[dict[str, dict[str, bytes]]] = {}
    read_objects: ClassVar[list[str]] = []

    def run(self, *arguments: str, **_: object) -> GitResult:
        assert arguments[0] == "ls-tree"
        words = [word for word in arguments[1:] if not word.startswith("-")]
        tree, folder = words[0], words[1] if len(words) > 1 else ""
        is_deep = "-r" in arguments
        lines = []
        for path, content in self.trees[tree].items():
            below = path.removeprefix(folder)
            if path.startswith(folder) and (is_deep or "/" not in below):
                mode = "120000" if content.startswith(b"link") else "100644"
                size = "-" if content.startswith(b"lost") else str(len(content))
                name = self.object_name(content)
                lines.append(f"{mode} blob {name} {size}\t{path}\0")
        return GitResult("ls-tree", 0, "".join(lines).encode(), "")

    def blob(self, revision: str, path: str) -> bytes | None:
        return self.trees[revision].get(self.prefix + path)

    def object(self, object_id: str) -> bytes:
        self.read_objects.append(object_id)
        found = (one for tree in self.trees.values() for one in tree.values())
        return next(one for one in found if self.object_name(one) == object_id)


@pytest.fixture
def checker(tmp_path: Path) -> VersionChecker:
    _Trees.trees, _Trees.read_objects = {}, []
    repository = _Trees(tmp_path / "plan", tmp_path / ".git", tmp_path / ".git", "plan/")
    return VersionChecker(VersionContents(repository), "2024.yaml")


def tree(name: str, **files: bytes) -> str:
    """Store a tree of files in the plan's folder; «_» is the dot of a suffix."""
    _Trees.trees[name] = {f"plan/{path.replace('_', '.')}": one for path, one in files.items()}
    return name


def with_file(name: str, content: bytes) -> str:
    tree(name, **{"2024_yaml": WITH_FILE})
    _Trees.trees[name][f"plan/{PATH}"] = content
    _Trees.trees[name]["plan/evidence/.gitattributes"] = b"*"
    return name


def codes(problems: Sequence[object]) -> list[str]:
    return [f"{one.file}: {one.code}" for one in problems]  # type: ignore[attr-defined]


def test_plans_are_the_yaml_files_of_the_folder(checker: VersionChecker) -> None:
    tree("t", **{"2024_yaml": OFFICE, "b_yml": OFFICE, "_x_yaml": OFFICE, "c_txt": OFFICE})
    _Trees.trees["t"] |= {"plan/more/d.yaml": OFFICE, "plan/e.yaml": b"link", "top.yaml": OFFICE}
    assert list(checker.contents.plans("t")) == ["2024.yaml", "b.yml"]
    assert checker.contents.plans("t") is checker.contents.plans("t")


def test_evidence_is_all_but_the_attributes(checker: VersionChecker) -> None:
    evidence = checker.contents.evidence(with_file("t", FILE))
    assert {path: entry.size for path, entry in evidence.items()} == {PATH: 3}
    assert checker.contents.evidence("t") is evidence


def test_plans_that_cannot_be_read_give_no_data(checker: VersionChecker) -> None:
    data = checker.contents.data([OFFICE, b"[", b"year: 2024\n"])
    assert [one.get("year") for one in data] == [2024, 2024]


def test_every_plan_is_checked_and_the_known_ones_where_they_changed(
    checker: VersionChecker,
) -> None:
    tree("t", **{"2024_yaml": BROKEN, "b_yaml": BROKEN, "c_yaml": b"title: no plan\n"})
    tree("known", **{"2024_yaml": BROKEN, "b_yaml": BROKEN})
    tree("other", **{"2024_yaml": OFFICE, "b_yaml": OFFICE})
    one = ["plan/2024.yaml: id-duplicate"]
    both = [*one, "plan/b.yaml: id-duplicate"]
    assert codes(checker.problems("t", None))[:1] == one
    assert {*both} <= {*codes(checker.problems("t", None))}
    assert {line.partition(":")[0] for line in codes(checker.problems("t", "known"))} == {
        "plan/2024.yaml"
    }
    assert {line.partition(":")[0] for line in codes(checker.problems("t", "other"))} == {
        "plan/2024.yaml",
        "plan/b.yaml",
    }
    assert checker.problems("other", None) == ()


def test_a_plan_that_is_no_yaml_or_no_plan_is_a_problem(checker: VersionChecker) -> None:
    tree("t", **{"2024_yaml": b"measures: [\n"})
    assert codes(checker.problems("t", None)) == ["plan/2024.yaml: yaml-syntax"]
    tree("u", **{"2024_yaml": b"title: no plan\n"})
    assert all(
        line.startswith("plan/2024.yaml: schema-") for line in codes(checker.problems("u", None))
    )
    assert checker.problems("u", None)


@pytest.mark.parametrize(
    ("content", "code", "is_read"),
    [
        (FILE, None, True),
        (b"ACT", "evidence-altered", True),
        (b"longer", "evidence-altered", False),
        (b"link", "evidence-missing", False),
        (b"lost", "evidence-altered", True),
    ],
)
def test_evidence_has_to_be_what_its_record_says(
    checker: VersionChecker, content: bytes, code: str | None, *, is_read: bool
) -> None:
    with_file("t", content)
    found = checker.problems("t", None)
    assert [one.code for one in found] == ([] if code is None else [code])
    assert bool(_Trees.read_objects) is is_read
    if code is not None:
        assert found[0].file == "plan/2024.yaml"
        assert found[0].line == 1 + WITH_FILE[: WITH_FILE.index(b"- path")].count(b"\n")


def test_evidence_that_is_known_to_be_right_is_not_read_again(checker: VersionChecker) -> None:
    with_file("t", FILE)
    assert checker.problems("t", None, checker.contents.evidence("t")) == ()
    assert _Trees.read_objects == []
    with_file("u", b"ACT")
    assert [one.code for one in checker.problems("u", None, checker.contents.evidence("t"))] == [
        "evidence-altered"
    ]
    tree("v", **{"2024_yaml": WITH_FILE})
    assert [one.code for one in checker.problems("v", None)] == ["evidence-missing"]


def test_a_version_without_the_plan_is_refused(checker: VersionChecker) -> None:
    tree("a" * 40, b_yaml=OFFICE)
    tree("b" * 40, **{"2024_yaml": OFFICE})
    with pytest.raises(PlanMissingAtRemote) as caught:
        checker.refuse_missing("a" * 40, "b" * 40, "origin")
    assert "plan/2024.yaml" in str(caught.value)
    assert "a" * 10 in str(caught.value)
    assert "a" * 11 not in str(caught.value)
    checker.refuse_missing("b" * 40, "b" * 40, "origin")
    checker.refuse_missing("a" * 40, "a" * 40, "origin")


def test_the_commit_that_brought_a_problem_is_named(
    checker: VersionChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (("new", BROKEN), ("bad", BROKEN), ("good", OFFICE), ("old", BROKEN)):
        tree(name, **{"2024_yaml": content})
    asked = []

    def read(_: Repository, arguments: Sequence[str]) -> Iterator[SimpleNamespace]:
        asked.append(tuple(arguments))
        names = ["new"] if arguments[0] == "-1" else ["new", "bad", "good", "old"]
        for name in names:
            yield SimpleNamespace(
                commit=name * 10, author=f"of {name}", date="2024-09-27T14:05:00+03:00"
            )

    monkeypatch.setattr(validation, "read_commits", read)
    for name in ("new", "bad", "good", "old"):
        _Trees.trees[name * 10] = _Trees.trees[name]
    problems = checker.problems("new", None)
    error = checker.received_invalid(problems, "origin", ("s1", "s2"), "new")
    assert "of bad" in str(error)
    assert ("bad" * 10)[:10] in str(error)
    assert "27.09.2024" in str(error)
    assert asked[1] == ("--topo-order", "new", "^s1", "^s2", "--", ".")


# ---------------------------------------------------------------------- a remote that lost work


class _Known(Repository):
    """A repository that knows a commit, of which the remote's is a descendant or not."""

    is_known: ClassVar[bool] = True
    is_descendant: ClassVar[bool] = False

    def object_id(self, name: str) -> str | None:
        assert name == "known^{commit}"
        return "known" if self.is_known else None

    def is_ancestor(self, old: str, new: str) -> bool:
        assert (old, new) == ("known", "theirs")
        return self.is_descendant


@pytest.mark.parametrize(
    ("fetched", "is_known", "is_descendant", "kind"),
    [
        (Fetched("theirs", None), True, False, None),
        (Fetched("theirs", "known"), False, False, None),
        (Fetched("theirs", "known"), True, True, None),
        (Fetched("theirs", "known"), True, False, RemoteRewritten),
        (Fetched(None, "known"), True, False, RemoteBranchDeleted),
        (Fetched(None, "known", has_refs=False), True, False, RemoteEmptied),
        (Fetched(None, "known"), False, False, None),
    ],
)
def test_a_remote_that_dropped_commits_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fetched: Fetched,
    kind: type[Exception] | None,
    *,
    is_known: bool,
    is_descendant: bool,
) -> None:
    monkeypatch.setattr(_Known, "is_known", is_known)
    monkeypatch.setattr(_Known, "is_descendant", is_descendant)
    lost = SimpleNamespace(
        commit="c" * 40, author="Иванова", date="2024-09-27T14:05:00+03:00", subject="1.1: да"
    )
    monkeypatch.setattr(compare, "read_commits", lambda *_: iter([lost]))
    repository = _Known(tmp_path, tmp_path, tmp_path, "")
    if kind is None:
        compare._refuse_rewritten(repository, BRANCH, fetched)
        return
    with pytest.raises(kind) as caught:
        compare._refuse_rewritten(repository, BRANCH, fetched)
    assert "origin" in str(caught.value)
    if kind is RemoteRewritten:
        words = ("c" * 10, "Иванова", "27.09.2024", "1.1: да")
        assert all(word in str(caught.value) for word in words)


# --------------------------------------------------------------------------------- the choices


def comparison(checker: VersionChecker, *, with_conflict: bool) -> Comparison:
    base = plan("office").data
    sides = [edited(base, [f"1.1.2 result = {text}"]) for text in ("Да", "Нет")]
    merged = merge(base, *sides)
    conflicts = tuple(FieldConflict("2024.yaml", one, merged.data) for one in merged.conflicts)
    found = conflicts if with_conflict else ()
    divergence = Divergence("origin", "main", "o", "t", "b", 1, 1, conflicts=found)
    return Comparison(checker.contents, "2024.yaml", divergence, None)


def test_choices_have_to_be_made_for_just_these_conflicts(checker: VersionChecker) -> None:
    disputed, settled = (comparison(checker, with_conflict=one) for one in (True, False))
    assert settled._sides(None) == ()
    assert disputed._sides(Side.THEIRS) == (Side.THEIRS,)
    assert disputed._sides(Choices("o", "t", (Side.OURS,))) == (Side.OURS,)
    with pytest.raises(SyncConflicts):
        disputed._sides(None)
    for outdated in (
        Choices("x", "t", (Side.OURS,)),
        Choices("o", "x", (Side.OURS,)),
        Choices("o", "t", ()),
        Choices("o", "t", (Side.OURS, Side.OURS)),
    ):
        with pytest.raises(ChoicesOutdated):
            disputed._sides(outdated)


def test_what_is_no_valid_programme_is_not_pushed(checker: VersionChecker) -> None:
    def compared(ours: str, theirs: str | None) -> Comparison:
        divergence = Divergence("origin", "main", ours, theirs, None, 0, 1)
        return Comparison(checker.contents, "2024.yaml", divergence, None)

    tree("good", **{"2024_yaml": OFFICE})
    tree("bad", **{"2024_yaml": BROKEN})
    compared("good", None).refuse_invalid()
    compared("good", "bad").refuse_invalid()
    compared("bad", "bad").refuse_invalid()
    for theirs in (None, "good"):
        with pytest.raises(LocalPlanInvalid):
            compared("bad", theirs).refuse_invalid()
