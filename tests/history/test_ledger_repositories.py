"""Repositories of many kinds: attributes, worktrees, submodules, odd names, sparse, shallow."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.errors import OutsideSparseCheckout
from kvartal.history.store.errors import ContentAltered
from kvartal.history.store.ledger import Ledger
from tests.support.repository import (
    changed_paths,
    record_with_file,
    refused_record,
    set_responsible,
    subjects,
    visible_state,
)
from tests.support.repository import git as plain_git

Git = Callable[..., str]

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")

pytestmark = pytest.mark.usefixtures("short_waits")


def test_an_attribute_that_alters_evidence_is_reported(
    ledger: Ledger, repo: Path, git: Git, tmp_path: Path
) -> None:
    """One of the clone's own is stronger than those that come with the evidence."""
    info = repo / ".git" / "info" / "attributes"
    info.parent.mkdir(exist_ok=True)
    info.write_text("*.csv text\n", encoding="utf-8")
    before = subjects(repo, 1)
    source = tmp_path / "звонки.csv"
    source.write_bytes(b"a;b\r\n1;2\r\n")
    refusal = refused_record(ledger, repo, source, ContentAltered)
    assert "«evidence/2024/1.1.2/звонки.csv»" in str(refusal)
    assert "«evidence/** -text -filter»" in str(refusal)
    assert subjects(repo, 1) == before


def test_a_filter_that_alters_the_plan_is_reported(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    (repo / ".gitattributes").write_text("*.yaml filter=upper\n", encoding="utf-8")
    git("config", "filter.upper.clean", "tr a-z A-Z")
    git("add", ".gitattributes", "plan/2024.yaml")
    git("commit", "-qam", "Фильтр")
    refused_record(ledger, repo, act, ContentAltered)


@pytest.mark.parametrize("setting_", ["core.autocrlf", "attribute"])
def test_line_ends_that_git_converts_are_no_alteration(
    programme: Path, repo: Path, git: Git, setting_: str
) -> None:
    if setting_ == "attribute":
        (repo / ".gitattributes").write_text("*.yaml text eol=crlf\n", encoding="utf-8")
        git("add", ".gitattributes")
        git("commit", "-qm", "Атрибуты")
    else:
        git("config", "core.autocrlf", "true")
    programme.unlink()
    git("checkout", "--quiet", "--", "plan")
    assert b"\r\n" in programme.read_bytes()
    ledger = Ledger(programme)
    before = ledger.read()
    outcome = ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert outcome.commit
    assert outcome.snapshot.source.encoded == programme.read_bytes()
    assert programme.read_bytes().count(b"\n") == programme.read_bytes().count(b"\r\n")
    assert git("diff", "--numstat", "HEAD^", "HEAD").split()[:2] == ["1", "0"]
    assert git("status", "--porcelain") == ""


def test_a_worktree_and_a_submodule_keep_their_own_plan(
    programme: Path, repo: Path, git: Git, tmp_path: Path
) -> None:
    git("worktree", "add", "--quiet", "-b", "вторая", "../second")
    outer = tmp_path / "outer"
    plain_git(tmp_path, "init", "--quiet", outer)
    allow = ("-c", "protocol.file.allow=always")
    plain_git(outer, *allow, "submodule", "--quiet", "add", repo, "inner")
    for folder in (repo.parent / "second", outer / "inner"):
        ledger = Ledger(folder / "plan" / "2024.yaml")
        before = ledger.read()
        ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
        assert changed_paths(folder) == ["plan/2024.yaml"]
        assert plain_git(folder, "status", "--porcelain") == ""
        assert visible_state(folder).leftovers == []
    assert subjects(repo, 1) == ["Программа на 2024 год"]
    assert git("status", "--porcelain") == ""


def test_names_of_any_letters_are_kept(repo: Path, git: Git, root: Path) -> None:
    git("config", "core.quotePath", "true")
    folder = repo / "Планы [1]" / "год «2024»"
    folder.mkdir(parents=True)
    plan = folder / "план *?.yaml"
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())
    (folder / "план xx.yaml").write_text("не тронь", encoding="utf-8")
    ledger = Ledger(plan)
    before = ledger.read()
    ledger.apply(before, set_responsible(before.data, "Отдел ОК"))
    assert changed_paths(repo) == ["Планы [1]/год «2024»/план *?.yaml"]


def test_a_shallow_clone_keeps_on(programme: Path, repo: Path, tmp_path: Path, git: Git) -> None:
    git("commit", "-q", "--allow-empty", "-m", "ещё")
    clone = tmp_path / "clone"
    plain_git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", clone)
    ledger = Ledger(clone / "plan" / "2024.yaml")
    before = ledger.read()
    assert ledger.apply(before, set_responsible(before.data, "Отдел ОК")).commit


def test_a_sparse_checkout_with_the_plan_in_it_keeps_on(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    (repo / "другое").mkdir()
    (repo / "другое" / "x").write_text("x", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "Другое")
    git("sparse-checkout", "set", "plan")
    assert not (repo / "другое").exists()
    before = ledger.read()
    ledger.apply(before, *record_with_file(before.data, ledger.path, act))
    assert len(changed_paths(repo)) == 3
    assert git("ls-tree", "-d", "--name-only", "-z", "HEAD") == "plan\0другое\0"


def test_a_sparse_checkout_without_the_evidence_is_reported(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    git("sparse-checkout", "set", "--no-cone", "/*.txt", "/plan/*.yaml")
    told = str(refused_record(ledger, repo, act, OutsideSparseCheckout))
    assert "plan/evidence/2024/1.1.2/Акт ввода [1].pdf" in told
    assert "git sparse-checkout add 'plan'" in told
