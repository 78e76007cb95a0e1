"""The plans of other folders that a merge writes, and those that are to be synced by themselves."""

from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import MergeInput, merge_files
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.sync import other_folders
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.evidence_merge import RenamedFile
from kvartal.history.sync.folder_plans import MergedFolder, MergeInputs
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.sync.other_folders import folder_of, merge_other_plans
from kvartal.history.sync.trees import TreeEntry
from kvartal.history.sync.validation import VersionContents
from tests.history.case_lines import plan

INPUTS = MergeInputs("ours", "theirs", ("base",))
OFFICE = plan("office").text.encode()
NAMED = OFFICE.replace("Стоит".encode(), "Работает".encode(), 1)
OTHER = b"title: no plan\n"
EVIDENCE = "evidence/2024/1.1.1/a.pdf"
WITH_FILE = OFFICE.replace(
    b'        date: "2024-03-28"\n',
    b'        date: "2024-03-28"\n        evidence:\n          files:\n            - path: '
    + EVIDENCE.encode()
    + b"\n              size: 1\n              sha256: "
    + b"a" * 64
    + b"\n",
)


class _Changed(Repository):
    """A repository in which both sides changed files."""

    def run(self, *arguments: str, **_: object) -> GitResult:
        names = {
            "ours": "branch/a.yaml plan/2024.yaml docs/x.md only/a.yaml top.yml branch/.x.yml",
            "theirs": "branch/b.yml plan/2024.yaml docs/x.md .tool/a.yaml top.yml",
        }[arguments[-1]]
        assert arguments[0] == "diff-tree"
        assert arguments[-2] == "base"
        return GitResult("diff-tree", 0, names.replace(" ", "\0").encode() + b"\0", "")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return _Changed(tmp_path / "plan", tmp_path / ".git", tmp_path / ".git", "plan/")


def files(ours: bytes, theirs: bytes, base: bytes = OFFICE) -> MergeInput:
    return MergeInput(base, ours, theirs, "a.yaml", MarkerLabels())


def merged(name: str, versions: MergeInput) -> MergedPlan:
    result = merge_files(versions, None)
    return MergedPlan(name, versions, result.merged, result.content if result.is_clean else None)


def given(
    monkeypatch: pytest.MonkeyPatch,
    *plans: MergedPlan,
    left: dict[str, MergeInput] | None = None,
    renamed: tuple[RenamedFile, ...] = (),
) -> list[str]:
    """Let each folder have these plans; return the folders that are asked for."""
    asked: list[str] = []

    def merge(contents: VersionContents, inputs: MergeInputs) -> MergedFolder:
        assert inputs is INPUTS
        asked.append(contents.repository.prefix)
        return MergedFolder(contents, plans, renamed, left or {})

    monkeypatch.setattr(other_folders, "merge_folder_plans", merge)
    return asked


def test_only_folders_are_merged_in_which_both_sides_changed_plans(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = given(monkeypatch)
    others = merge_other_plans(repository, INPUTS)
    assert asked == ["", "branch/"]
    assert (others.folders, others.undecided) == ((), ())


def test_plans_that_both_changed_are_written_under_their_path(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = merged("a.yaml", files(NAMED, OFFICE.replace("ОЧНОЕ".encode(), "ИНОЕ".encode())))
    assert both.content is not None
    one_side = MergedPlan("b.yaml", files(NAMED, OFFICE), None, NAMED)
    given(monkeypatch, both, one_side)
    others = merge_other_plans(repository, INPUTS)
    assert [[plan.name for plan in folder.plans] for folder in others.folders] == [
        ["a.yaml"],
        ["branch/a.yaml"],
    ]
    assert all(plan.is_elsewhere for folder in others.folders for plan in folder.plans)
    assert others.undecided == ()


def test_a_plan_with_renamed_evidence_is_written_too(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = TreeEntry("100644", "a" * 40)
    moved = RenamedFile(Side.OURS, "evidence/2024/1.1.1/b.pdf", EVIDENCE, entry, "b", entry)
    with_file = MergedPlan("a.yaml", files(WITH_FILE, OFFICE), None, WITH_FILE)
    without = MergedPlan("b.yaml", files(NAMED, OFFICE), None, NAMED)
    given(monkeypatch, with_file, without, renamed=(moved,))
    others = merge_other_plans(repository, INPUTS)
    assert [[plan.name for plan in folder.plans] for folder in others.folders] == [
        ["a.yaml"],
        ["branch/a.yaml"],
    ]
    assert [[file.folder for file in folder.renamed] for folder in others.folders] == [
        [""],
        ["branch/"],
    ]


def test_what_breaks_a_rule_or_cannot_be_merged_is_to_be_synced_by_itself(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = MergedPlan(
        "a.yaml",
        files(NAMED, OFFICE),
        merged("a.yaml", files(NAMED, OFFICE)).merged,
        NAMED.replace(b"id: 1.2.1", b"id: 1.1.1"),
    )
    undecided = merged("b.yaml", files(NAMED, OFFICE.replace("Стоит".encode(), "Нет".encode(), 1)))
    assert undecided.content is None
    left = {
        "c.yaml": files(NAMED, b"measures: [\n"),
        "d.yaml": files(NAMED, OFFICE),
        "e.yaml": files(OTHER, OTHER),
        "f.yaml": files(NAMED, OTHER),
    }
    given(monkeypatch, broken, undecided, left=left)
    others = merge_other_plans(repository, INPUTS)
    assert others.undecided == ("d.yaml", "a.yaml", "branch/d.yaml", "branch/a.yaml")
    assert [len(folder.plans) for folder in others.folders] == [2, 2]


def test_what_is_no_plan_is_left_to_git(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = merged("a.yaml", files(OTHER + b"a: 1\n", OTHER + b"b: 1\n", OTHER))
    assert other.merged is not None
    given(monkeypatch, other)
    assert merge_other_plans(repository, INPUTS).folders == ()


@pytest.mark.parametrize(
    ("path", "folder"), [("a.yaml", ""), ("b/a.yaml", "b/"), ("c/b/a.yaml", "c/b/")]
)
def test_the_folder_of_a_file(path: str, folder: str) -> None:
    assert folder_of(path) == folder
