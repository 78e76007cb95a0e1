"""Every state in which git will not commit: its sentence, and everything exactly as before."""

import os
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history import leftovers, saving
from kvartal.history.ledger import Ledger
from kvartal.history.refusals import (
    ContentAltered,
    DetachedHead,
    DiskFull,
    GitFailed,
    GitLocked,
    HookRefused,
    NoIdentity,
    NotARepository,
    OperationUnderWay,
    PlanChangedOutside,
    PlanHidden,
    PlanIgnored,
    ReadOnlyFolder,
    SigningFailed,
    UncommittedEdits,
    UnmergedPaths,
)
from kvartal.history.standing import InGit
from kvartal.history.swap import swap as exchanged
from kvartal.schema.errors import KvartalError
from tests.support.keeping import git as plain_git
from tests.support.keeping import recording, setting, subjects, touched, traces

Git = Callable[..., str]

posix = pytest.mark.skipif(os.name == "nt", reason="hooks are run by a shell")


@pytest.fixture
def ledger(programme: Path) -> Ledger:
    return Ledger(programme, patience=0.2)


@pytest.fixture
def act(tmp_path: Path) -> Path:
    source = tmp_path / "Акт ввода.pdf"
    source.write_bytes(b"%PDF-1.7 \xd0\x90\xd0\xba\xd1\x82")
    return source


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE", 0.2)
    monkeypatch.setattr(saving, "PATIENCE", 0.2)


def hook(repo: Path, name: str, script: str) -> None:
    path = repo / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def refused(ledger: Ledger, repo: Path, act: Path, kind: type[KvartalError]) -> KvartalError:
    """Try to record with evidence; return the refusal, after which all is as before."""
    (repo / "чужой.txt").write_text("подготовлен", encoding="utf-8")
    plain_git(repo, "add", "чужой.txt")
    before = ledger.look()
    found = traces(repo)
    with pytest.raises(kind) as caught:
        ledger.apply(before, *recording(before.data, ledger.path, act))
    assert traces(repo) == found
    assert ledger.look().digest == before.digest
    return caught.value


@posix
@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_refuses_in_its_own_words(ledger: Ledger, repo: Path, act: Path, name: str) -> None:
    hook(repo, name, "echo 'Правки вносят только по понедельникам' >&2; exit 1")
    refusal = refused(ledger, repo, act, HookRefused)
    assert "Правки вносят только по понедельникам" in str(refusal)


@posix
def test_a_hook_that_refuses_the_branch_is_told(ledger: Ledger, repo: Path, act: Path) -> None:
    hook(repo, "reference-transaction", 'test "$1" != prepared || exit 1')
    refused(ledger, repo, act, HookRefused)


@posix
@pytest.mark.parametrize("stage", ["pre-commit", "commit-msg"])
def test_a_git_that_is_killed_leaves_all_as_before(
    ledger: Ledger, repo: Path, act: Path, stage: str
) -> None:
    hook(repo, stage, "kill -9 $PPID; sleep 0.1")
    refused(ledger, repo, act, KvartalError)
    (repo / ".git" / "hooks" / stage).unlink()
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit


@posix
def test_a_git_that_is_killed_after_its_commit_has_committed(ledger: Ledger, repo: Path) -> None:
    hook(repo, "post-commit", "kill -9 $PPID; sleep 0.1")
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit
    assert plain_git(repo, "status", "--porcelain") == ""
    assert traces(repo).strays == []


@posix
def test_hooks_that_allow_are_run(ledger: Ledger, repo: Path) -> None:
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        hook(repo, name, f"echo {name} >> ../ran")
    before = ledger.look()
    ledger.apply(before, setting(before.data, "Отдел ОК"))
    ran = (repo.parent / "ran").read_text(encoding="ascii").split()
    assert ran == ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"]


@posix
def test_a_hook_that_only_formats_the_plan_is_followed(ledger: Ledger, repo: Path) -> None:
    hook(repo, "pre-commit", "echo '# formatted' >> plan/2024.yaml; git add plan/2024.yaml")
    before = ledger.look()
    outcome = ledger.apply(before, setting(before.data, "Отдел ОК"))
    assert outcome.commit
    assert outcome.snapshot.source.text.endswith("# formatted\n")
    assert outcome.snapshot.digest == ledger.look().digest
    assert traces(repo).strays == []
    assert plain_git(repo, "status", "--porcelain") == ""


@posix
def test_a_hook_that_formats_and_refuses_leaves_no_formatting(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    hook(repo, "pre-commit", "echo '# formatted' >> plan/2024.yaml; exit 1")
    refused(ledger, repo, act, HookRefused)


@posix
def test_a_hook_that_alters_facts_gets_no_commit(ledger: Ledger, repo: Path) -> None:
    hook(repo, "pre-commit", "sed -i 's/Отдел ОК/Отдел КО/' plan/2024.yaml; git add plan/2024.yaml")
    before, head = ledger.look(), traces(repo).head
    with pytest.raises(PlanChangedOutside):
        ledger.apply(before, setting(before.data, "Отдел ОК"))
    found = traces(repo)
    assert (found.head, found.strays) == (head, [])
    # Whoever wrote there last keeps what was written.
    assert "Отдел КО" in ledger.path.read_text(encoding="utf-8")


@posix
def test_a_key_that_signs_nothing_is_told(
    ledger: Ledger, repo: Path, git: Git, act: Path, tmp_path: Path
) -> None:
    program = tmp_path / "gpg"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\necho 'gpg: нет ключа' >&2\nexit 2\n", encoding="utf-8"
    )
    program.chmod(0o755)
    git("config", "gpg.program", program)
    git("config", "commit.gpgSign", "true")
    refused(ledger, repo, act, SigningFailed)


@posix
def test_a_key_that_signs_is_used(ledger: Ledger, repo: Path, git: Git, tmp_path: Path) -> None:
    program = tmp_path / "gpg"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'подпись'\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    git("config", "gpg.program", program)
    git("config", "commit.gpgSign", "true")
    before = ledger.look()
    ledger.apply(before, setting(before.data, "Отдел ОК"))
    assert "gpgsig подпись" in git("cat-file", "commit", "HEAD")


def test_no_identity_is_told_and_none_is_made_up(
    ledger: Ledger, repo: Path, git: Git, act: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    # A machine with a full name is one where git would make an address up.
    monkeypatch.setenv("EMAIL", "")
    assert "git config --global user.name" in str(refused(ledger, repo, act, NoIdentity))
    git("config", "user.name", "Иванова Анна")
    refused(ledger, repo, act, NoIdentity)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "a@tests.example")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "a@tests.example")
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit


def test_a_detached_head_is_told(ledger: Ledger, repo: Path, git: Git, act: Path) -> None:
    git("checkout", "--quiet", "--detach")
    refused(ledger, repo, act, DetachedHead)


def diverge(repo: Path, git: Git) -> None:
    """Give `main` and `other` a file each with the same name and another content."""
    git("switch", "--quiet", "-c", "other")
    (repo / "x.txt").write_text("other\n", encoding="utf-8")
    git("add", "x.txt")
    git("commit", "-qm", "other")
    git("switch", "--quiet", "main")
    (repo / "x.txt").write_text("main\n", encoding="utf-8")
    git("add", "x.txt")
    git("commit", "-qm", "main")


@pytest.mark.parametrize(
    ("command", "operation"),
    [
        (("merge", "other"), "merge"),
        (("rebase", "other"), "rebase"),
        (("rebase", "--apply", "other"), "rebase"),
        (("cherry-pick", "other"), "cherry-pick"),
        (("revert", "--no-edit", "HEAD^"), "revert"),
    ],
)
def test_an_operation_under_way_is_told(
    ledger: Ledger, repo: Path, git: Git, act: Path, command: tuple[str, ...], operation: str
) -> None:
    diverge(repo, git)
    if operation == "revert":
        (repo / "x.txt").write_text("again\n", encoding="utf-8")
        git("commit", "-qam", "again")
    plain_git(repo, *command, check=False)
    found = traces(repo)
    before = ledger.look()
    with pytest.raises(OperationUnderWay) as caught:
        ledger.apply(before, *recording(before.data, ledger.path, act))
    assert caught.value.fields["operation"] == operation
    assert traces(repo) == found
    condition = ledger.condition()
    assert isinstance(condition.obstacle, OperationUnderWay)


def test_a_bisection_is_told(ledger: Ledger, repo: Path, git: Git, act: Path) -> None:
    git("bisect", "start")
    assert "`git bisect reset`" in str(refused(ledger, repo, act, OperationUnderWay))


def test_conflicts_of_other_files_without_a_merge_stay_as_they_are(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    diverge(repo, git)
    git("switch", "--quiet", "other")
    (repo / "x.txt").write_text("stashed\n", encoding="utf-8")
    git("stash")
    git("switch", "--quiet", "main")
    plain_git(repo, "stash", "pop", check=False)
    conflict = git("ls-files", "--unmerged")
    before = ledger.look()
    ledger.apply(before, *recording(before.data, ledger.path, act))
    assert len(touched(repo)) == 2
    assert git("ls-files", "--unmerged") == conflict


def test_a_plan_in_conflict_is_told(ledger: Ledger, repo: Path, git: Git) -> None:
    blobs = [git("hash-object", "-w", "plan/2024.yaml").strip()] * 3
    lines = "".join(
        f"100644 {blob} {stage}\tplan/2024.yaml\n" for stage, blob in enumerate(blobs, 1)
    )
    git("rm", "--quiet", "--cached", "plan/2024.yaml")
    subprocess.run(
        ["git", "update-index", "--index-info"], cwd=repo, input=lines, text=True, check=True
    )
    before = ledger.look()
    with pytest.raises(UnmergedPaths):
        ledger.apply(before, setting(before.data, "Отдел ОК"))


def test_an_ignored_plan_is_told(programme: Path, repo: Path, git: Git, act: Path) -> None:
    git("rm", "--quiet", "--cached", "plan/2024.yaml")
    (repo / ".gitignore").write_text("plan/\n", encoding="utf-8")
    git("add", ".gitignore")
    git("commit", "-qm", "Без плана")
    refused(Ledger(programme), repo, act, PlanIgnored)


@pytest.mark.parametrize("mark", ["--skip-worktree", "--assume-unchanged"])
def test_a_plan_that_git_was_told_to_pass_over_is_told(
    ledger: Ledger, repo: Path, git: Git, act: Path, mark: str
) -> None:
    git("update-index", mark, "plan/2024.yaml")
    refused(ledger, repo, act, PlanHidden)


def test_edits_by_hand_come_first(ledger: Ledger, repo: Path, act: Path) -> None:
    ledger.path.write_bytes(ledger.path.read_bytes() + b"# note\n")
    assert ledger.condition().is_edited
    refused(ledger, repo, act, UncommittedEdits)


def test_what_is_staged_of_the_plan_alone_is_no_edit(ledger: Ledger, repo: Path, git: Git) -> None:
    text = ledger.path.read_bytes()
    ledger.path.write_bytes(text + b"# staged\n")
    git("add", "plan")
    ledger.path.write_bytes(text)
    condition = ledger.condition()
    assert condition.standing is not None
    assert condition.standing.plan is InGit.SAVED
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit


def test_no_repository_is_told(tmp_path: Path, programme: Path) -> None:
    plan = tmp_path / "2024.yaml"
    plan.write_bytes(programme.read_bytes())
    ledger = Ledger(plan)
    before = ledger.look()
    with pytest.raises(NotARepository) as caught:
        ledger.apply(before, setting(before.data, "Отдел ОК"))
    assert "git init" in str(caught.value)
    assert isinstance(ledger.condition().obstacle, NotARepository)
    assert plan.read_bytes() == programme.read_bytes()


def test_a_lock_of_another_git_is_told_and_left_alone(
    ledger: Ledger, repo: Path, act: Path
) -> None:
    lock = repo / ".git" / "index.lock"
    before = ledger.look()
    found = traces(repo)
    lock.touch()
    os.utime(lock, (0, time.mktime((2024, 3, 31, 12, 0, 0, 0, 0, 0))))
    with pytest.raises(GitLocked) as caught:
        ledger.apply(before, *recording(before.data, ledger.path, act))
    assert "31.03.2024 12:00:00" in str(caught.value)
    assert lock.exists()
    lock.unlink()
    assert traces(repo) == found


@posix
def test_a_lock_that_comes_in_between_is_waited_for(
    ledger: Ledger, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "PATIENCE", 20)
    monkeypatch.setattr(leftovers, "PATIENCE", 20)
    lock = repo / ".git" / "index.lock"

    def swap(path: Path, other: Path, *, comes_out: str) -> None:
        exchanged(path, other, comes_out=comes_out)
        lock.touch()
        threading.Timer(0.5, lock.unlink).start()

    monkeypatch.setattr(saving, "swap", swap)
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit


@pytest.mark.parametrize(
    ("error", "kind"), [(28, DiskFull), (30, ReadOnlyFolder), (13, ReadOnlyFolder)]
)
@pytest.mark.parametrize("failing", ["write_new", "swap", "bring"])
def test_a_disk_that_refuses_leaves_all_as_before(
    ledger: Ledger,
    repo: Path,
    act: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: int,
    kind: type[KvartalError],
    failing: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    name = (
        "kvartal.history.placing.write_new"
        if failing == "bring"
        else f"{saving.__name__}.{failing}"
    )
    monkeypatch.setattr(name, refuse)
    refused(ledger, repo, act, kind)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_may_not_be_written_is_told(ledger: Ledger, repo: Path, act: Path) -> None:
    folder = ledger.path.parent
    rights = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(0o555)
    try:
        refused(ledger, repo, act, ReadOnlyFolder)
    finally:
        folder.chmod(rights)


def test_an_attribute_that_alters_evidence_is_told(
    ledger: Ledger, repo: Path, git: Git, tmp_path: Path
) -> None:
    (repo / ".gitattributes").write_text("*.csv text\n", encoding="utf-8")
    git("add", ".gitattributes")
    git("commit", "-qm", "Атрибуты")
    source = tmp_path / "звонки.csv"
    source.write_bytes(b"a;b\r\n1;2\r\n")
    refusal = refused(ledger, repo, source, ContentAltered)
    assert "«evidence/2024/1.1.2/звонки.csv»" in str(refusal)
    assert "«evidence/** -text -filter»" in str(refusal)
    assert subjects(repo, 1) == ["Атрибуты"]


def test_a_filter_that_alters_the_plan_is_told(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    (repo / ".gitattributes").write_text("*.yaml filter=upper\n", encoding="utf-8")
    git("config", "filter.upper.clean", "tr a-z A-Z")
    git("add", ".gitattributes", "plan/2024.yaml")
    git("commit", "-qam", "Фильтр")
    refused(ledger, repo, act, ContentAltered)


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
    before = ledger.look()
    outcome = ledger.apply(before, setting(before.data, "Отдел ОК"))
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
        before = ledger.look()
        ledger.apply(before, setting(before.data, "Отдел ОК"))
        assert touched(folder) == ["plan/2024.yaml"]
        assert plain_git(folder, "status", "--porcelain") == ""
        assert traces(folder).strays == []
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
    before = ledger.look()
    ledger.apply(before, setting(before.data, "Отдел ОК"))
    assert touched(repo) == ["Планы [1]/год «2024»/план *?.yaml"]


def test_a_shallow_clone_keeps_on(programme: Path, repo: Path, tmp_path: Path, git: Git) -> None:
    git("commit", "-q", "--allow-empty", "-m", "ещё")
    clone = tmp_path / "clone"
    plain_git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", clone)
    ledger = Ledger(clone / "plan" / "2024.yaml")
    before = ledger.look()
    assert ledger.apply(before, setting(before.data, "Отдел ОК")).commit


def test_a_sparse_checkout_with_the_plan_in_it_keeps_on(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    (repo / "другое").mkdir()
    (repo / "другое" / "x").write_text("x", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "Другое")
    git("sparse-checkout", "set", "plan")
    assert not (repo / "другое").exists()
    before = ledger.look()
    ledger.apply(before, *recording(before.data, ledger.path, act))
    assert len(touched(repo)) == 2
    assert git("ls-tree", "-d", "--name-only", "-z", "HEAD") == "plan\0другое\0"


def test_a_sparse_checkout_without_the_evidence_is_told(
    ledger: Ledger, repo: Path, git: Git, act: Path
) -> None:
    git("sparse-checkout", "set", "--no-cone", "/*.txt", "/plan/*.yaml")
    assert "sparse-checkout" in str(refused(ledger, repo, act, GitFailed))
