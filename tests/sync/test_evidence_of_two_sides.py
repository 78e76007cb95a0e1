"""Evidence that two sides have under one name: what is renamed, and where each file ends up."""

from collections.abc import Mapping

import pytest

from kvartal.history.store.evidence import with_renamed_files
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.evidence_merge import (
    RenamedFile,
    SideEvidence,
    ambiguous_paths,
    evidence_changes,
    evidence_hashes,
    name_collisions,
)
from kvartal.history.sync.trees import TreeEntry
from kvartal.schema.changes import Plain, PlanData

ACT = "evidence/1/act.pdf"
A, B, C = "a" * 40, "b" * 40, "c" * 40


def files(**ids: str) -> dict[str, TreeEntry]:
    """Return evidence files by path; `act` is short for the act."""
    return {
        f"evidence/1/{name.replace('_', '.')}": TreeEntry("100644", one)
        for name, one in ids.items()
    }


def renamed(
    ours: Mapping[str, TreeEntry],
    theirs: Mapping[str, TreeEntry],
    base: Mapping[str, TreeEntry],
    *needed: str,
) -> list[tuple[Side, str, str, str, str]]:
    """Return side, old and new name of what is renamed, its id, and the name of the other file."""
    found = list(name_collisions(ours, theirs, base, needed))
    mirrored = list(name_collisions(theirs, ours, base, needed))
    assert [(one.path, one.new_path, one.entry, one.kept_entry) for one in found] == [
        (one.path, one.new_path, one.entry, one.kept_entry) for one in mirrored
    ]
    return [
        (
            one.side,
            one.path.removeprefix("evidence/1/"),
            one.new_path.removeprefix("evidence/1/"),
            one.entry.object_id,
            one.kept_path.removeprefix("evidence/1/"),
        )
        for one in found
    ]


def test_of_two_new_files_of_one_name_that_with_the_higher_id_is_renamed() -> None:
    moved = (Side.THEIRS, "act.pdf", "act (2).pdf", B, "act.pdf")
    assert renamed(files(act_pdf=A), files(act_pdf=B), {}) == [moved]
    assert renamed(files(act_pdf=B), files(act_pdf=A), {}) == [(Side.OURS, *moved[1:])]
    assert renamed(files(act_pdf=A), files(act_pdf=A), {}) == []
    assert renamed(files(act_pdf=A), files(other_pdf=B), {}) == []


def test_names_that_differ_in_case_are_one_name_on_some_disks() -> None:
    assert renamed(files(act_pdf=A), files(ACT_PDF=B), {}) == [
        (Side.THEIRS, "ACT.PDF", "ACT (2).PDF", B, "act.pdf")
    ]
    # One content under two such names is two files as well.
    assert renamed(files(act_pdf=A), files(ACT_PDF=A), {}) == [
        (Side.OURS, "act.pdf", "act (2).pdf", A, "ACT.PDF")
    ]


def test_a_new_name_is_free_on_both_sides_and_before() -> None:
    ours, theirs = files(act_pdf=A, x_pdf=A), files(act_pdf=B, x_pdf=B)
    ours |= {"evidence/1/act (2).pdf": TreeEntry("100644", C)}
    base = {"evidence/1/ACT (3).pdf": TreeEntry("100644", C)}
    assert [one[2] for one in renamed(ours, theirs, base)] == ["act (4).pdf", "x (2).pdf"]


def test_a_file_that_one_side_replaced_is_renamed_only_where_both_are_needed() -> None:
    base = files(act_pdf=A)
    assert renamed(files(act_pdf=B), base, base) == []
    assert renamed(files(act_pdf=B), base, base, ACT) == [
        (Side.OURS, "act.pdf", "act (2).pdf", B, "act.pdf")
    ]
    assert renamed(files(act_pdf=B), files(act_pdf=C), base) == [
        (Side.THEIRS, "act.pdf", "act (2).pdf", C, "act.pdf")
    ]


def test_the_sentence_names_both_files_in_their_folder() -> None:
    (one,) = name_collisions(files(act_pdf=A), files(act_pdf=B), {})
    assert f"«{ACT}» приложили" in one.note.message()
    assert "«evidence/1/act (2).pdf»." in one.note.message()
    elsewhere = RenamedFile(one.side, "a", "b", one.entry, "a", one.entry, folder="branch/")
    assert "«branch/a» приложили" in elsewhere.note.message()
    assert "«branch/b»." in elsewhere.note.message()


def plan(*paths: str, sha256: str = A) -> PlanData:
    """Return a plan with a record that refers to files."""
    named: list[Plain] = [{"path": path, "size": 1, "sha256": sha256} for path in paths]
    return {"measures": [{"id": "1", "records": [{"quarter": 1, "evidence": {"files": named}}]}]}


def test_records_refer_to_files_by_their_new_names() -> None:
    new = {ACT: "evidence/1/act (2).pdf"}
    assert with_renamed_files(plan(ACT, "b"), new) == plan(new[ACT], "b")
    assert with_renamed_files(plan("b"), new) == plan("b")
    assert with_renamed_files(plan(ACT), {}) == plan(ACT)
    odd: list[PlanData] = [
        {"measures": "odd"},
        {"measures": ["odd", {"records": "odd"}, {"records": [{"evidence": {"files": [1]}}]}]},
        {"measures": [{"records": [{"evidence": {"files": [{"path": 1}, {}]}}, {}]}]},
        {"title": "odd"},
    ]
    for data in odd:
        assert with_renamed_files(data, new) == data


def test_what_plans_refer_to_and_what_of_it_has_two_contents() -> None:
    a, b, c = (f"evidence/2024/1/{name}" for name in "abc")
    first, second = "a" * 64, "b" * 64
    plans = [plan(a, b, sha256=first), plan(b, c, sha256=second)]
    assert evidence_hashes(plans) == {a: first, b: second, c: second}
    assert ambiguous_paths(plans) == {b}
    assert ambiguous_paths([plans[0], plans[0]]) == set()


@pytest.mark.parametrize(
    ("merged", "hashes", "expected"),
    [
        pytest.param(files(act=A), {"act": "1"}, {}, id="there"),
        pytest.param({}, {"act": "1"}, {"act": A}, id="git removed it"),
        pytest.param(files(act=C), {"act": "1"}, {"act": A}, id="git made something else of it"),
        pytest.param({}, {"act": "2"}, {"act": B}, id="theirs"),
        pytest.param(files(act=C), {"act": "3"}, {}, id="no side has it"),
        pytest.param(files(act=A), {}, {"act": None}, id="nobody needs it"),
        pytest.param({}, {}, {}, id="nobody needs it, and it is not there"),
        pytest.param(files(own=A), {"act": "1"}, {"act": A}, id="a file that no plan names stays"),
    ],
)
def test_merged_plans_find_their_evidence(
    merged: Mapping[str, TreeEntry], hashes: Mapping[str, str], expected: Mapping[str, str | None]
) -> None:
    def path(name: str) -> str:
        return f"evidence/1/{name}"

    sides = [
        SideEvidence(files(act=A), {path("act"): "1"}),
        SideEvidence(files(act=B), {path("act"): "2"}),
    ]
    needed = {path(name): sha256 for name, sha256 in hashes.items()}
    changes = evidence_changes(merged, sides, (), needed)
    assert changes == {
        path(name): None if one is None else TreeEntry("100644", one)
        for name, one in expected.items()
    }


def test_a_renamed_file_and_the_one_that_keeps_its_name_are_both_put_in_place() -> None:
    (one,) = name_collisions(files(act=A), files(ACT=B), {})
    sides = [
        SideEvidence(files(act=A), {"evidence/1/act": "1"}),
        SideEvidence({one.new_path: one.entry}, {one.new_path: "2"}),
    ]
    needed = {"evidence/1/act": "1", one.new_path: "2"}
    changes = evidence_changes(files(act=C), sides, [one], needed)
    assert changes == {
        "evidence/1/ACT": None,
        "evidence/1/act": TreeEntry("100644", A),
        one.new_path: TreeEntry("100644", B),
    }
