"""What cannot be read is never reported as absent: each kind of damage, on each surface."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import Result

from kvartal.history.git.command import GitResult
from kvartal.history.git.damage import (
    BranchLikelyLost,
    HistoryDamaged,
    ObjectReplaced,
    ObjectUnread,
    PackDamaged,
    PackListDamaged,
)
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import NotFetched, RepositoryUnreadable, command_error
from kvartal.history.git.refs import readable_refs
from kvartal.history.git.repository_reader import RepositoryReader
from kvartal.history.log.revision import PlanRemovedInVersion
from kvartal.history.programme import open_programme
from kvartal.history.versions import version_at
from tests.commands.conftest import Run
from tests.support.plans import rewrite
from tests.support.repository import git

NOBODY = 65534
OLD = "HEAD~2"
"""The version that is spoilt; the changes before and after it are each of 1.1.2 alone."""
LOST = "в хранилище git не "  # «Не находится», or «не прочесть».
DAMAGED = "История в репозитории повреждена"
REPLACED = "лежит другое"
NOT_FETCHED = "е получен"
UNKNOWN = "Что изменено, не узнать"
IN_VERIFY = {
    LOST: "в хранилище git не находится, а история на него ссылается",
    DAMAGED: "в хранилище git не читается или подменён",
    REPLACED: "в хранилище git не читается или подменён",
    NOT_FETCHED: "История в этой копии начинается здесь",
    "partial clone": "не получен с сервера",
}
ACROSS = "Версия перед этим изменением не читается."


@dataclass(frozen=True)
class Damage:
    """A way to spoil a repository.

    Attributes:
        spoil: Does it; returns the repository to work in.
        sentence: What every command that needs the version says.
        lost: What the log does not tell: the change of the version itself, or also all before it.
    """

    spoil: Callable[[Path], Path]
    sentence: str
    lost: str = "version"


def stored(repo: Path, name: str) -> Path:
    """Return the file that holds an object, ready to be spoilt."""
    found = git(repo, "rev-parse", name).strip()
    path = repo / ".git" / "objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


def lost(name: str) -> Callable[[Path], Path]:
    def spoil(repo: Path) -> Path:
        stored(repo, name).unlink()
        return repo

    return spoil


def corrupt(name: str, keep: int = 0) -> Callable[[Path], Path]:
    def spoil(repo: Path) -> Path:
        path = stored(repo, name)
        path.write_bytes(path.read_bytes()[:keep] or b"garbage")
        return repo

    return spoil


def replaced(name: str, other: str) -> Callable[[Path], Path]:
    """Return what stores a different object, which git reads, under the id of one."""

    def spoil(repo: Path) -> Path:
        stored(repo, name).write_bytes(stored(repo, other).read_bytes())
        return repo

    return spoil


def graphed(spoil: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """Return what spoils a repository whose commits `git gc` has listed in a file of their own."""

    def spoil_graphed(repo: Path) -> Path:
        git(repo, "commit-graph", "write", "--reachable")
        return spoil(repo)

    return spoil_graphed


def cloned(*options: str) -> Callable[[Path], Path]:
    """Return what makes a clone whose server cannot be reached."""

    def spoil(repo: Path) -> Path:
        git(repo, "config", "uploadpack.allowFilter", "true")
        clone = repo.with_name("clone")
        git(repo.parent, "clone", "--quiet", *options, repo.as_uri(), str(clone))
        repo.rename(repo.with_name("offline"))
        return clone

    return spoil


BLOB, TREE = f"{OLD}:plan/2024.yaml", f"{OLD}:plan"
DAMAGES = {
    "blob lost": Damage(lost(BLOB), LOST),
    "blob corrupt": Damage(corrupt(BLOB), DAMAGED),
    "blob cut off": Damage(corrupt(BLOB, keep=200), DAMAGED),
    "blob replaced": Damage(replaced(BLOB, "HEAD:plan/2024.yaml"), REPLACED),
    "tree lost": Damage(lost(TREE), LOST),
    "tree corrupt": Damage(corrupt(TREE), DAMAGED),
    "root tree lost": Damage(graphed(lost(f"{OLD}^{{tree}}")), LOST),
    "commit lost": Damage(lost(OLD), LOST, lost="all before"),
    "commit lost, still listed": Damage(graphed(lost(OLD)), LOST, lost="all before"),
    "commit corrupt": Damage(corrupt(OLD), DAMAGED, lost="all before"),
    "partial clone": Damage(cloned("--filter=blob:none"), NOT_FETCHED),
    "shallow clone": Damage(cloned("--depth=2"), NOT_FETCHED),
}


@pytest.fixture
def history(programme: Path, repo: Path) -> Path:
    """Return a repository with three changes of the notes of 1.1.2 after its beginning."""
    text = programme.read_text(encoding="utf-8")
    at = text.index("    result:", text.index("- id: 1.1.2"))
    for notes in ("первое", "второе", "третье"):
        programme.write_text(f"{text[:at]}    notes: {notes}\n{text[at:]}", encoding="utf-8")
        git(repo, "commit", "--quiet", "--all", "--message", f"Примечание: {notes}")
    return repo


@pytest.fixture
def ask(here: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs a command in a repository."""

    def invoke(repo: Path, *arguments: str | Path) -> Result:
        monkeypatch.chdir(repo)
        return here(*arguments)

    return invoke


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_version_that_git_cannot_read_is_not_absent(
    kind: str, history: Path, ask: Callable[..., Result], tmp_path: Path
) -> None:
    damage = DAMAGES[kind]
    last_but_one = git(history, "rev-parse", "HEAD~1").strip()
    abbreviated = git(history, "rev-parse", "--short", OLD).strip()
    repo = damage.spoil(history)
    page = tmp_path / "page.html"
    for arguments in (
        ("diff", OLD),
        ("diff", f"{OLD}..HEAD~1", "--json"),
        ("diff", OLD, "--format", "html", "--output", page),
        ("diff", f"HEAD...{OLD}"),
        ("diff", abbreviated),
        ("undo", last_but_one),
    ):
        result = ask(repo, *arguments)
        assert result.exit_code == 1, arguments
        assert damage.sentence in result.stderr, arguments
        if "--json" in arguments:
            assert list(json.loads(result.stdout)) == ["error"]
        else:
            assert result.stdout == "", arguments
    assert not page.exists()
    plan = repo / "plan" / "2024.yaml"
    programme = open_programme(plan, name="plan/2024.yaml")
    error = NotFetched if damage.sentence == NOT_FETCHED else HistoryDamaged
    with pytest.raises(error, match=damage.sentence):
        version_at(programme, programme.read(), OLD)
    verified = ask(repo, "verify")
    assert verified.exit_code == 1
    said = IN_VERIFY[damage.sentence if kind != "partial clone" else kind]
    # The end of a shallow clone is a finding: the rest was checked.
    assert said in (verified.stdout if kind == "shallow clone" else verified.stderr)
    assert ask(repo, "validate").exit_code == 0


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_log_says_which_changes_it_cannot_tell(
    kind: str, history: Path, ask: Callable[..., Result]
) -> None:
    damage = DAMAGES[kind]
    repo = damage.spoil(history)
    for measure in ((), ("1.1.2",)):
        text, data = ask(repo, "log", *measure), ask(repo, "log", *measure, "--json")
        rows = json.loads(data.stdout)
        assert all(change["field"] != "id" for row in rows[:3] for change in row["changes"])
        if kind == "shallow clone":
            assert len(rows) == 2
            assert rows[1]["changes"] == []
            assert NOT_FETCHED in text.stdout
            continue
        assert (text.exit_code, data.exit_code) == (1, 1)
        assert "История показана не вся" in text.stderr
        unread = [damage.sentence in row.get("unread", "") for row in rows]
        if damage.lost == "all before":
            assert unread == [False, True]
            assert [len(row["changes"]) for row in rows] == [1, 0]
            assert UNKNOWN in text.stdout
            continue
        if kind == "partial clone":
            assert unread == [True] * 4
            continue
        assert unread == [False, False, True, False]
        assert UNKNOWN in text.stdout
        assert ACROSS in text.stdout
        assert rows[1]["changes"] == [
            {"id": "1.1.2", "field": "notes", "old": None, "new": "второе"}
        ]
        assert rows[1]["compared_with"] == rows[3]["commit"]


def test_what_stands_in_this_clone_only_does_not_change_what_the_log_says(
    history: Path, ask: Callable[..., Result]
) -> None:
    """As little as what `verify` says: objects put in the place of others, and cut-off parents."""
    before = ask(history, "log", "1.1.2", "--json").stdout
    forget_parents(history)
    git(
        history,
        "replace",
        "HEAD~1",
        git(history, "commit-tree", "HEAD~2^{tree}", "-m", "x").strip(),
    )
    cut_off = history / ".git" / "info" / "grafts"
    cut_off.parent.mkdir(exist_ok=True)
    cut_off.write_text(git(history, "rev-parse", "HEAD"), encoding="ascii")
    after = ask(history, "log", "1.1.2", "--json")
    assert (after.stdout, after.stderr) == (before, "")


def forget_parents(repo: Path) -> None:
    """Let the commit-graph of a repository, which git believes, say that HEAD has no parent."""
    git(repo, "commit-graph", "write", "--reachable")
    graph = repo / ".git" / "objects" / "info" / "commit-graph"
    content = graph.read_bytes()[:-20]
    before, tree, after = content.partition(
        bytes.fromhex(git(repo, "rev-parse", "HEAD^{tree}").strip())
    )
    none = bytes.fromhex("70000000")
    content = before + tree + none + after[4:]
    graph.chmod(0o600)
    graph.write_bytes(content + sha1(content, usedforsecurity=False).digest())
    assert git(repo, "rev-list", "--count", "HEAD").strip() == "1"


@pytest.mark.parametrize(
    "command",
    [
        *(("log",), ("log", "1.1.2"), ("verify",), ("undo",), ("diff", OLD), ("init",), ("adopt",)),
        *(
            ("set", "1.1.4", "notes=Потом"),
            ("sync",),
            ("export", "--kind", "review", "--format", "md"),
        ),
    ],
)
def test_a_branch_whose_file_is_lost_is_not_one_without_history(
    history: Path, ask: Callable[..., Result], command: tuple[str, ...]
) -> None:
    """Nothing begins a second history beside the one that is there."""
    head = git(history, "rev-parse", "HEAD").strip()
    (history / ".git" / "refs" / "heads" / "main").unlink()
    result = ask(history, *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"`git update-ref refs/heads/main {head}`" in result.stderr
    assert not (history / ".git" / "refs" / "heads" / "main").exists()


@pytest.mark.parametrize(
    ("suffix", "kept", "kind"),
    [(".pack", -100, PackDamaged), (".idx", -100, PackListDamaged), (".idx", 0, PackListDamaged)],
)
def test_of_a_damaged_pack_the_file_is_named(
    history: Path, suffix: str, kept: int, kind: type[HistoryDamaged]
) -> None:
    """What is in it is not missing, and a list can be made anew."""
    git(history, "repack", "-a", "-d", "-q")
    (pack,) = (history / ".git" / "objects" / "pack").glob("*.pack")
    file = pack.with_suffix(suffix)
    file.chmod(0o600)
    if kept:
        file.write_bytes(file.read_bytes()[:kept])
    else:
        file.unlink()
    with pytest.raises(kind, match=f"«.*{pack.name}»") as caught:
        find_repository(history).blob(OLD, "plan/2024.yaml")
    if kind is PackListDamaged:
        assert f'`git index-pack "{caught.value.fields["words"]}"`' in str(caught.value)
        git(history, "index-pack", str(caught.value.fields["words"]))
        assert find_repository(history).blob(OLD, "plan/2024.yaml")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("fatal: unable to read {id}", ObjectUnread),
        ("error: Could not read {id}", ObjectUnread),
        ("fatal: cannot simplify commit {id} (because of {id})", HistoryDamaged),
        ("fatal: Could not read from remote repository.", GitFailed),
        ("error: file .git/objects/pack/pack-{id}.pack is far too short to be", PackDamaged),
    ],
)
def test_what_git_says_of_an_object_is_not_made_certain(words: str, kind: type[GitFailed]) -> None:
    failed = command_error("log", words.format(id="a" * 40), 128)
    assert type(failed) is kind
    assert "не находится" not in str(failed)


@pytest.mark.parametrize("is_folder", [False, True])
def test_refs_that_git_cannot_read_are_not_absent(
    history: Path, ask: Callable[..., Result], *, is_folder: bool
) -> None:
    packed = history / ".git" / "packed-refs"
    packed.mkdir() if is_folder else packed.write_text("garbage\n", encoding="ascii")
    for command in (("log",), ("diff", OLD), ("verify",), ("undo",), ("set", "1.1.4", "notes=а")):
        result = ask(history, *command)
        assert (result.exit_code, result.stdout) == (1, ""), command
        assert "«packed-refs», где записаны ссылки" in result.stderr, command


@pytest.mark.parametrize("revision", ["a" * 40, "abcd1234", "HEAD~99", "нет", "@{upstream}"])
def test_what_is_not_in_a_whole_history_is_not_lost(
    history: Path, ask: Callable[..., Result], revision: str
) -> None:
    """As the hash of a colleague's commit that was not synced yet."""
    result = ask(history, "diff", revision)
    assert result.stderr.startswith(f"kvartal: Версии «{revision}» нет в истории.")


def test_a_revision_that_git_fails_at_is_not_absent(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it fails at."""
    run = RepositoryReader.run

    def failing(
        reader: RepositoryReader, *arguments: str, stdin: bytes | None = None, writes: bool = False
    ) -> GitResult:
        result = run(reader, *arguments, stdin=stdin, writes=writes)
        is_asked = arguments[0] == "rev-parse" and arguments[-1].startswith(OLD)
        return replace(result, code=128, stderr="fatal: out of memory") if is_asked else result

    monkeypatch.setattr(RepositoryReader, "run", failing)
    with pytest.raises(GitFailed, match="out of memory"):
        find_repository(history).commit_id(OLD)


def test_where_a_clone_ends_cannot_be_read(history: Path, ask: Callable[..., Result]) -> None:
    (history / ".git" / "shallow").write_text("garbage\n", encoding="ascii")
    for command in (("log",), ("diff", OLD), ("set", "1.1.4", "notes=а")):
        result = ask(history, *command)
        assert (result.exit_code, result.stdout) == (1, ""), command
        assert "Служебный файл git «.git/shallow» испорчен" in result.stderr


@pytest.mark.parametrize("is_log_lost", [False, True])
def test_a_first_commit_that_was_interrupted_is_no_lost_branch(
    history: Path, ask: Callable[..., Result], *, is_log_lost: bool
) -> None:
    """Git writes it, and its log, before there is a ref."""
    begun = history.with_name("begun")
    git(history.parent, "init", "--quiet", "--initial-branch=main", str(begun))
    shutil.copytree(history / "plan", begun / "plan")
    git(begun, "add", "plan")
    git(begun, "commit", "--quiet", "-m", "Начато")
    (begun / ".git" / "refs" / "heads" / "main").unlink()
    if is_log_lost:
        shutil.rmtree(begun / ".git" / "logs")
    assert find_repository(begun).commit_id() is None
    # Nor is it certain that there is nothing: both may be so, and one command mends both.
    first = "[0-9a-f]{40}"
    for command in ("log", "verify", "doctor"):
        result = ask(begun, command)
        assert result.exit_code == 1
        assert re.search(f"`git update-ref refs/heads/main {first}`", result.output), command


@pytest.mark.parametrize(
    "at", ["", "refs/remotes/origin/main", "refs/heads/other", "refs/remotes/origin/other"]
)
def test_a_branch_without_a_log_is_not_new_where_its_commits_are_stored(
    history: Path, ask: Callable[..., Result], at: str
) -> None:
    """Whether or not another ref leads to them."""
    head = git(history, "rev-parse", "HEAD").strip()
    if at:
        git(history, "update-ref", at, head)
    shutil.rmtree(history / ".git" / "logs")
    (history / ".git" / "refs" / "heads" / "main").unlink()
    with pytest.raises(BranchLikelyLost, match=f"последнее по дате — {head}"):
        find_repository(history / "plan").commit_id()
    (history / "new").mkdir()
    assert find_repository(history / "new").commit_id() is None
    result = ask(history, "log")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"`git update-ref refs/heads/main {head}`" in result.stderr
    assert ("`git switch other`" in result.stderr) is at.endswith("/other")


def test_a_lost_commit_of_a_merged_branch(
    history: Path, programme: Path, ask: Callable[..., Result]
) -> None:
    """What can be listed is; of the merge no choice is told that nobody can know of."""
    git(history, "switch", "--quiet", "--create", "other")
    for text in ("В работе", "Готово"):
        begun = programme.read_text(encoding="utf-8")
        programme.write_text(f"{begun}# {text}\n", encoding="utf-8")
        git(history, "commit", "--quiet", "--all", "--date=2020-01-01", "--message", text)
    git(history, "switch", "--quiet", "main")
    rewrite(programme, "notes: третье", "notes: четвёртое")
    git(history, "commit", "--quiet", "--all", "--message", "Примечание: четвёртое")
    git(history, "merge", "--quiet", "--no-ff", "--message", "Слияние", "other")
    stored(history, "other~1").unlink()
    shown = ask(history, "log", "--json")
    rows = {row["subject"]: row for row in json.loads(shown.stdout)}
    assert (shown.exit_code, len(rows)) == (1, 7)
    assert (next(iter(rows)), [*rows][-1]) == ("Слияние", "Готово")  # The newest first.
    merge, done = rows["Слияние"], rows["Готово"]
    assert (merge["choices"], merge["changes"], done["changes"]) == ([], [], [])
    assert LOST in merge["unread"]
    assert LOST in done["unread"]
    assert rows["Примечание: четвёртое"]["changes"] == [
        {"id": "1.1.2", "field": "notes", "old": "третье", "new": "четвёртое"}
    ]
    assert "unread" not in rows["Примечание: третье"]
    # Nothing is undone that is not known to be the last, and nothing is verified in part.
    for arguments in (("undo",), ("verify",)):
        refused = ask(history, *arguments)
        assert (refused.exit_code, refused.stdout) == (1, ""), arguments


def test_a_reading_command_does_not_fetch(history: Path, ask: Callable[..., Result]) -> None:
    git(history, "config", "uploadpack.allowFilter", "true")
    clone = history.with_name("clone")
    options = ("--quiet", "--filter=blob:none")
    git(history.parent, "clone", *options, history.as_uri(), str(clone))
    assert "не получено с сервера" in ask(clone, "diff", OLD).stderr.lower()
    # What the sentence advises is enough.
    git(clone, "fetch", "--quiet", "--refetch", "--no-filter")
    history.rename(history.with_name("offline"))
    assert "первое → третье" in ask(clone, "diff", OLD).stdout


def test_of_a_clone_without_trees_the_commits_are_listed(
    history: Path, ask: Callable[..., Result]
) -> None:
    clone = cloned("--filter=tree:0")(history)
    shown = ask(clone, "log", "--json")
    assert shown.exit_code == 1
    rows = json.loads(shown.stdout)
    assert [row["subject"] for row in rows[:2]] == ["Примечание: третье", "Примечание: второе"]
    assert all(NOT_FETCHED in row["unread"] for row in rows)
    assert "Сделано без этой программы" not in ask(clone, "log").stdout
    refused = ask(clone, "undo")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_shallow_clone_does_not_begin_where_it_ends(
    history: Path, ask: Callable[..., Result]
) -> None:
    clone = cloned("--depth=1")(history)
    for arguments in (("undo",), ("undo", "HEAD"), ("diff", "HEAD~1"), ("diff", "2024-01-01")):
        result = ask(clone, *arguments)
        assert (result.exit_code, result.stdout) == (1, ""), arguments
        assert NOT_FETCHED in result.stderr, arguments
        assert "git fetch --unshallow" in result.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can be somebody else")
def test_a_version_that_this_user_may_not_read(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("HOME", os.devnull)
    with TemporaryDirectory() as folder:
        repo = Path(shutil.copytree(history, Path(folder) / "repo"))
        closed = stored(repo, BLOB)
        subprocess.run(["chown", "-R", str(NOBODY), folder], check=True)
        os.chown(closed, 0, 0)
        closed.chmod(0o600)
        for place in ("tags/kvartal/verified", "kvartal/seen"):
            refs = repo / ".git" / "refs" / place
            refs.mkdir(parents=True)
            os.chown(refs, 0, 0)
            refs.chmod(0o700)
        programme = open_programme(repo / "plan" / "2024.yaml", name="plan/2024.yaml")
        # Imports what is imported late: somebody else may not read it.
        list(open_programme(history / "plan" / "2024.yaml", name="plan/2024.yaml").log())
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            repository = programme.repository()
            assert repository.blob("HEAD", "2024.yaml")
            with pytest.raises(RepositoryUnreadable, match="Нет права чтения"):
                repository.blob(OLD, "2024.yaml")
            answer = next(repository.objects([f"{OLD}:./2024.yaml"]))
            unread = [entry.unread for entry in programme.log("1.1.2")]
            for place in ("refs/tags/", "refs/kvartal/seen/"):
                with pytest.raises(RepositoryUnreadable, match="Нет права чтения"):
                    readable_refs(repository, place, "%(refname)")
        finally:
            os.setresuid(0, 0, 0)
    assert isinstance(answer, RepositoryUnreadable)
    assert [isinstance(one, RepositoryUnreadable) for one in unread] == [False, False, True, False]


def test_damaged_yaml_is_compared_across(
    history: Path, programme: Path, ask: Callable[..., Result]
) -> None:
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("    notes: третье\n", "    notes: [[[\n"), "utf-8")
    git(history, "commit", "--quiet", "--all", "--message", "Сломано")
    programme.write_text(text.replace("notes: третье", "notes: пятое"), "utf-8")
    git(history, "commit", "--quiet", "--all", "--message", "Починено")
    for measure in ((), ("1.1.2",)):
        mended, broken, third = json.loads(ask(history, "log", *measure, "--json").stdout)[:3]
        assert mended["changes"] == [
            {"id": "1.1.2", "field": "notes", "old": "третье", "new": "пятое"}
        ]
        assert mended["compared_with"] == third["commit"]
        assert "Программа не прочитана" in broken["unread"]
        shown = ask(history, "log", *measure)
        assert (shown.exit_code, ACROSS in shown.stdout) == (0, True)
    refused = ask(history, "diff", "HEAD~1")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Программа не прочитана" in refused.stderr


def test_only_a_tree_that_was_read_says_that_a_file_is_absent(
    history: Path, programme: Path
) -> None:
    opened = open_programme(programme, name="plan/2024.yaml")
    now, repository = opened.read(), opened.repository()
    assert repository.blob("HEAD", "2025.yaml") is None
    assert (
        repository.blob(f"{git(history, 'rev-list', '--max-parents=0', 'HEAD').strip()}^", "x")
        is None
    )
    assert list(repository.objects(["HEAD:./2025.yaml", "nothing"])) == [None, None]
    programme.unlink()
    git(history, "commit", "--quiet", "--all", "--message", "Убрано")
    shown = (
        "--format=переименовали (запись %h, %ad, %an: «%s»)",
        "--abbrev=10",
        "--date=format:%d.%m.%Y",
    )
    words = re.escape(git(history, "log", "-1", *shown).strip())
    with pytest.raises(PlanRemovedInVersion, match=words):
        version_at(opened, now, "HEAD")


def test_of_the_trees_on_the_way_to_a_file_the_replaced_one_is_named(history: Path) -> None:
    tree = git(history, "rev-parse", TREE).strip()
    replaced(TREE, BLOB)(history)
    with pytest.raises(ObjectReplaced, match=tree):
        find_repository(history / "plan").blob(OLD, "2024.yaml")


def test_each_of_many_objects_has_its_own_answer(history: Path, programme: Path) -> None:
    stored(history, f"{OLD}:plan/2024.yaml").write_bytes(b"garbage")
    stored(history, "HEAD~1:plan/2024.yaml").unlink()
    repository = open_programme(programme, name="plan/2024.yaml").repository()
    names = [f"HEAD~{number % 4}:./2024.yaml" for number in range(40)]
    for ahead in (0, 100, 2048):
        answers = list(repository.objects(names, ahead=ahead))
        kinds = ["bytes" if isinstance(one, bytes) else type(one).__name__ for one in answers]
        assert kinds == ["bytes", "ObjectLost", "HistoryDamaged", "bytes"] * 10
        assert all(isinstance(one, bytes | GitFailed) for one in answers)
