"""What each clone saw is left at the remote: a server that is rewritten is found out."""

from pathlib import Path

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository

SEEN = "refs/kvartal/seen/"


def rewritten(clone: Clone) -> list[Finding]:
    findings = verify(clone.plan, VerifyRequest()).findings
    return [finding for finding in findings if finding.code == "history-rewritten"]


def refs(repository: Path) -> list[str]:
    return git(repository, "for-each-ref", "--format=%(refname)", SEEN).split()


def truncate(shared: SharedRepository) -> None:
    git(shared.bare, "update-ref", "refs/heads/main", "refs/heads/main~2")


def two_changes_then_truncated(shared: SharedRepository) -> str:
    """Sync two changes, and take them away from the server; return the last one."""
    one = shared.clones[0]
    one.set("1.1.2", notes="Да")
    last = one.set("1.1.3", notes="Да")
    one.sync()
    truncate(shared)
    return last


def test_a_truncated_server_is_found_by_a_fresh_clone(
    shared: SharedRepository, tmp_path: Path
) -> None:
    """It has never seen what is gone: another clone left it there."""
    last = two_changes_then_truncated(shared)
    (ref,) = refs(shared.bare)
    assert git(shared.bare, "rev-parse", ref).strip() == last
    git(tmp_path, "clone", "--quiet", shared.bare, tmp_path / "fresh")
    fresh = Clone(tmp_path / "fresh")
    assert rewritten(fresh) == []
    (note,) = fresh.sync().notes
    assert "Другие копии видели" in note.message()
    (finding,) = rewritten(fresh)
    assert finding.id == f"history-rewritten:{last[:12]}"
    assert "Другая копия" in finding.message()
    fresh.git("merge", "--quiet", last)
    assert rewritten(fresh) == []
    assert fresh.sync().notes == ()


def test_what_was_dropped_on_purpose_is_not_announced(
    shared: SharedRepository, tmp_path: Path
) -> None:
    """Of all that is gone verify names the last change of the plan, and accept takes that."""
    one, other = shared.clones
    one.set("1.1.2", notes="Да")
    one.sync()
    other.sync()
    last = one.set("1.1.3", notes="Да")
    one.write("README", "Как это устроено")
    one.commit("README")
    one.sync()
    git(shared.bare, "update-ref", "refs/heads/main", "refs/heads/main~3")
    git(tmp_path, "clone", "--quiet", shared.bare, tmp_path / "fresh")
    fresh = Clone(tmp_path / "fresh")
    assert len(fresh.sync().notes) == 1
    message = f"Принято\n\nKvartal-Change: accept\nKvartal-Finding: history-rewritten:{last[:12]}"
    # The last acceptance counts, as long as it does.
    for until, is_announced in (("", False), ("\nKvartal-Until: 2024-10-01", True)):
        fresh.git("commit", "--quiet", "--allow-empty", "--message", message + until)
        assert len(fresh.sync().notes) == is_announced


def test_a_shallow_clone_takes_nothing_older_for_dropped(
    shared: SharedRepository, tmp_path: Path
) -> None:
    one, other = shared.clones
    other.sync()
    one.set("1.1.2", notes="Да")
    one.sync()
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{shared.bare}", tmp_path / "fresh")
    assert Clone(tmp_path / "fresh").sync().notes == ()


def test_a_clone_does_not_forget_what_it_synced(shared: SharedRepository) -> None:
    """Not even where the server has forgotten everything, and a rebase made it anew since."""
    last = two_changes_then_truncated(shared)
    one = shared.clones[0]
    for ref in refs(shared.bare):
        git(shared.bare, "update-ref", "-d", ref)
    one.git("fetch", "--quiet", "--prune", "origin")
    one.git("reset", "--quiet", "--hard", "origin/main")
    one.set("1.1.4", notes="Да")
    one.sync(accept_rewritten=True)
    other = ("-c", "user.name=Сидорова Вера", "cherry-pick", f"{last}~2..{last}")
    for command in (("status",), other):
        one.git(*command)
        (finding,) = rewritten(one)
        assert finding.id == f"history-rewritten:{last[:12]}"
        assert "Эта копия видела" in finding.message()


def test_clones_that_are_behind_have_lost_nothing(shared: SharedRepository) -> None:
    one, two = shared.clones
    one.set("1.1.2", notes="Да")
    one.sync()
    two.set("1.1.3", notes="Да")
    two.sync()
    one.git("fetch", "--quiet", "origin", f"+{SEEN}*:{SEEN}*", "main")
    assert rewritten(one) == []
    one.sync()
    two.sync()
    assert rewritten(one) == rewritten(two) == []
    assert len(refs(shared.bare)) == 2


def test_a_server_that_takes_no_such_refs(shared: SharedRepository) -> None:
    """The sync is none the worse for it."""
    shared.hook("update", f'case "$1" in {SEEN}*) echo Нельзя >&2; exit 1;; esac')
    one, two = shared.clones
    head = one.set("1.1.2", notes="Да")
    assert one.sync().sent == 1
    two.sync()
    assert two.head == head
    assert refs(shared.bare) == []


def test_a_branch_of_its_own(shared: SharedRepository) -> None:
    """What was seen of one branch is not missed in another."""
    one, two = shared.clones
    one.git("switch", "--quiet", "-c", "draft")
    one.set("1.1.2", notes="Да")
    one.sync()
    two.sync()
    assert rewritten(two) == []


def test_hostile_refs(shared: SharedRepository) -> None:
    """Names and contents that no clone leaves are passed over."""
    blob = git(shared.bare, "rev-parse", "refs/heads/main:plan/2024.yaml").strip()
    for name in ("blob0", "x", "a" * 100, "Имя", "$(touch x)"):
        git(shared.bare, "update-ref", SEEN + name.replace(" ", "_"), blob)
    two = shared.clones[1]
    two.sync()
    (two.folder / ".git" / "kvartal" / "seen.json").write_text("{")
    codes = [finding.code for finding in verify(two.plan, VerifyRequest()).findings]
    assert codes == ["seen-unreadable"]
    two.sync()
