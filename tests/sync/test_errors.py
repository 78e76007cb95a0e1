"""What prevents a sync: each reason has its sentence, and the clone stays as it was."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import (
    GitLocked,
    HookRefused,
    NoIdentity,
    NoWorkTree,
    SigningFailed,
)
from kvartal.history.git.setting_errors import SettingWrong
from kvartal.history.store.errors import (
    DetachedHead,
    OperationInProgress,
    UncommittedEdits,
    WouldOverwriteFiles,
)
from kvartal.history.sync import transport, transport_answers
from kvartal.history.sync.errors import (
    FilesConflict,
    LocalPlanInvalid,
    NothingCommitted,
    PlanMissingAtRemote,
    ReceivedPlanInvalid,
    RemoteBranchDeleted,
    RemoteEmptied,
    RemoteRewritten,
    ShallowHistory,
    UnrelatedHistories,
)
from kvartal.history.sync.remote import find_remote_branch, url
from kvartal.history.sync.remote_errors import (
    BranchProtected,
    NoRemote,
    PushHookRefused,
    RemoteAccessDenied,
    RemoteBrokeOff,
    RemoteCheckedOut,
    RemoteDamaged,
    RemoteFailed,
    RemoteHttpError,
    RemoteNotFound,
    RemoteNotGit,
    RemoteRefused,
    RemoteUnreachable,
    SeveralRemotes,
    TransportMissing,
    UnknownRemote,
)
from kvartal.history.sync.state_files import call_in_progress
from kvartal.history.sync.sync import synchronise
from kvartal.history.sync.transport_answers import call_failure
from kvartal.schema.errors import KvartalError
from tests.support.repository import git, visible_state
from tests.sync.clones import Clone, SharedRepository


def refused(clone: Clone, kind: type[KvartalError], *, remote: str | None = None) -> KvartalError:
    """Try to sync; check that it raises this error and changes nothing; return the error."""
    before = visible_state(clone.folder)
    with pytest.raises(kind) as caught:
        clone.sync(remote=remote)
    assert type(caught.value) is kind
    assert visible_state(clone.folder) == before
    return caught.value


# ------------------------------------------------------------------------------------ the remote


def test_no_remote_says_how_to_add_one(one: Clone) -> None:
    one.git("remote", "remove", "origin")
    assert "git remote add origin" in str(refused(one, NoRemote))


def test_of_several_remotes_one_has_to_be_named(shared: SharedRepository, one: Clone) -> None:
    one.git("remote", "rename", "origin", "office")
    one.git("branch", "--unset-upstream")
    one.git("remote", "add", "backup", shared.bare)
    assert "backup, office" in str(refused(one, SeveralRemotes))
    assert "nobody" in str(refused(one, UnknownRemote, remote="nobody"))
    assert url(find_repository(one.folder), "nobody") == "nobody"
    assert one.sync(remote="backup").remote == "backup"
    # It is the upstream from now on, also after another one was named once.
    assert one.sync().remote == "backup"
    assert one.sync(remote="office").remote == "office"
    assert one.sync().remote == "backup"


def test_a_remote_that_does_not_answer(one: Clone) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for scheme in ("http", "ssh"):
        one.git("remote", "set-url", "origin", f"{scheme}://127.0.0.1:{port}/repo.git")
        assert "не отвечает" in str(refused(one, RemoteUnreachable))


@pytest.fixture
def password_server() -> Iterator[str]:
    """Return the URL of a server that asks for a password."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object, **_options: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/repo.git"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_password_is_not_waited_for_where_nobody_can_type_it(
    one: Clone, password_server: str
) -> None:
    one.git("remote", "set-url", "origin", password_server)
    assert "не впускает" in str(refused(one, RemoteAccessDenied))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("fatal: unable to access 'x': The requested URL returned error: 503", RemoteHttpError),
        (
            "error: RPC failed; HTTP 404 curl 22 The requested URL returned error: 404",
            RemoteHttpError,
        ),
        ("fatal: unable to access 'x': The requested URL returned error: 407", RemoteHttpError),
        ("fatal: repository 'http://x/' not found", RemoteNotFound),
        ("fatal: x/info/refs not valid: is this a git repository?", RemoteNotGit),
        ("fatal: protocol error: bad line length character: <htm", RemoteNotGit),
        (
            "fatal: remote-curl: bad line length character: <htm\nfatal: expected flush after ref",
            RemoteNotGit,
        ),
        ("fatal: unable to access 'x': Empty reply from server", RemoteBrokeOff),
        (
            "error: RPC failed; curl 18 transfer closed with 5 bytes\nfatal: expected flush",
            RemoteBrokeOff,
        ),
        (
            "error: RPC failed; curl 52 Empty reply\nfatal: expected flush after ref listing",
            RemoteBrokeOff,
        ),
        ("fatal: the remote end hung up unexpectedly", RemoteBrokeOff),
        (
            "Connection closed by 10.0.0.1 port 22\nfatal: Could not read from remote",
            RemoteBrokeOff,
        ),
        ("fatal: unable to access 'x': Failed to connect to x port 1", RemoteUnreachable),
    ],
)
def test_a_remote_that_answers_is_not_told_as_silent(
    one: Clone, words: str, kind: type[KvartalError]
) -> None:
    one.git("remote", "set-url", "origin", "https://host.invalid/plans.git")
    repository = find_repository(one.folder)
    branch = find_remote_branch(repository, "main", None)
    failed = call_failure(repository, branch, GitResult("fetch", 128, b"", words), "fetch")
    assert type(failed) is kind
    assert words in str(failed)
    assert ("не отвечает" in str(failed)) == (kind is RemoteUnreachable)


def test_an_address_without_a_repository(one: Clone, tmp_path: Path) -> None:
    one.git("remote", "set-url", "origin", tmp_path / "нет такого")
    assert "нет такого" in str(refused(one, RemoteNotFound))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("packed-refs", "garbage"),
        ("HEAD", "garbage"),
        ("refs/heads/main", "garbage"),
        ("refs/heads/main", "1234567890" * 4),
        ("config", "[core"),
        ("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nother = true"),
        ("config", "[core]\ncompression = x"),
        ("{tree}", "garbage"),
        ("{tree}", None),
    ],
)
def test_a_damaged_remote_is_neither_this_clone_nor_the_network(
    shared: SharedRepository, one: Clone, name: str, content: str | None
) -> None:
    other = shared.clones[1]
    other.set("1.1.4", notes="Да")
    other.push()
    tree = git(shared.bare, "rev-parse", "main:plan").strip()
    file = shared.bare / name.format(tree=f"objects/{tree[:2]}/{tree[2:]}")
    if file.exists():
        file.chmod(0o600)
    file.write_text(f"{content}\n", encoding="ascii") if content else file.unlink()
    message = str(refused(one, RemoteDamaged))
    assert message.startswith("Общий репозиторий «origin» (")
    assert "на месте, но git его не читает" in message


def test_a_folder_that_broke_off_without_a_word_is_asked_why(
    shared: SharedRepository, one: Clone
) -> None:
    """Whether git passes on what its packing prints is a race between two of its processes."""
    words = "fetch-pack: unexpected disconnect while reading sideband packet"
    repository = find_repository(one.folder)
    branch = find_remote_branch(repository, "main", None)
    result = GitResult("fetch", 128, b"", words)
    assert type(call_failure(repository, branch, result, "fetch")) is RemoteBrokeOff
    git(shared.bare, "config", "pack.window", "x")
    failed = call_failure(repository, branch, result, "fetch")
    assert type(failed) is RemoteDamaged
    assert "bad numeric config value 'x' for 'pack.window'" in str(failed)


def test_a_wrong_setting_here_is_not_blamed_on_the_remote(
    shared: SharedRepository, one: Clone
) -> None:
    """Git reads this one when it stores what has come."""
    other = shared.clones[1]
    other.set("1.1.4", notes="Да")
    other.push()
    one.git("config", "core.sharedRepository", "x")
    assert "настройки core.sharedrepository: значение «x»" in str(refused(one, SettingWrong))


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        ("/нет/ssh", TransportMissing, "Не запускается программа «/нет/ssh»"),
        ("нет-ssh -v", TransportMissing, "Не запускается программа «нет-ssh»"),
        ("false", RemoteFailed, "git fetch не выполнен, а почему, сказано в его ответе"),
        ("echo Welcome; true", RemoteFailed, "protocol error"),
        ("echo bash: line 1: git-upload-pack: command not found >&2; false", RemoteFailed, "pack"),
    ],
)
def test_what_the_way_to_the_remote_answers_is_not_taken_for_the_remote(
    one: Clone, program: str, kind: type[KvartalError], words: str
) -> None:
    one.git("remote", "set-url", "origin", "ssh://host.invalid/plans.git")
    one.git("config", "core.sshCommand", program)
    assert words in str(refused(one, kind))


def test_a_closed_folder_is_not_an_address_without_a_repository(
    one: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(one.git("remote", "get-url", "origin").strip().removeprefix("file://"))
    (folder / "HEAD").rename(folder / "closed")  # As git sees a folder that it may not read.
    refused(one, RemoteDamaged)
    monkeypatch.setattr(transport_answers, "is_readable", lambda _: False)
    assert "нет входа или права" in str(refused(one, RemoteAccessDenied))


def test_a_refusal_of_git_names_the_command(one: Clone) -> None:
    one.git("remote", "set-url", "origin", "ext::sh -c true")
    assert "git fetch" in str(refused(one, RemoteFailed))


def test_a_new_branch_is_pushed_and_gets_an_upstream(shared: SharedRepository, one: Clone) -> None:
    one.git("switch", "--quiet", "-c", "черновик")
    one.set("1.1.2", notes="Да")
    shared.hook("post-receive", "echo Принято >&2")
    synced = one.sync()
    assert not synced.notes  # A word of the server is no complaint.
    assert (synced.branch, synced.received, synced.sent) == ("черновик", 0, 2)
    assert git(shared.bare, "rev-parse", "черновик").strip() == one.head
    assert one.git("rev-parse", "--abbrev-ref", "@{upstream}").strip() == "origin/черновик"
    assert one.git("rev-parse", "main") == one.git("rev-parse", "origin/main")


def test_an_unrelated_history_is_not_merged(one: Clone, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "-b", "main", "чужой")
    git(tmp_path / "чужой", "commit", "--quiet", "--allow-empty", "-m", "Начало")
    one.git("remote", "add", "чужой", tmp_path / "чужой")
    assert "другая история" in str(refused(one, UnrelatedHistories, remote="чужой"))


def test_a_branch_that_is_checked_out_there_is_not_pushed_to(one: Clone, other: Clone) -> None:
    one.git("remote", "set-url", "origin", other.folder)
    one.set("1.1.2", notes="Да")
    assert "git clone --bare" in str(refused(one, RemoteCheckedOut))


def test_a_rewritten_history_is_refused_until_it_is_accepted(
    shared: SharedRepository, one: Clone, other: Clone
) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.sync()
    one.git("reset", "--quiet", "--hard", "HEAD~1")
    one.set("1.1.3", notes="Иначе")
    one.git("push", "--quiet", "--force")
    message = str(refused(other, RemoteRewritten))
    assert "Иванова Анна" in message
    assert "1.1.2: notes" in message
    other.git("fetch", "--quiet")  # The tracking ref has followed the remote by now.
    refused(other, RemoteRewritten)
    synced = other.sync(accept_rewritten=True)
    assert (synced.received, shared.head()) == (1, other.head)
    assert (other.value("1.1.2", "notes"), other.value("1.1.3", "notes")) == ("Да", "Иначе")
    other.sync()


def test_a_branch_that_was_deleted_there_is_reported(shared: SharedRepository, one: Clone) -> None:
    git(shared.bare, "update-ref", "-d", "refs/heads/main")
    git(shared.bare, "update-ref", "refs/heads/other", one.head)
    assert "больше нет ветки «main»" in str(refused(one, RemoteBranchDeleted))
    git(shared.bare, "update-ref", "-d", "refs/heads/other")
    # So an empty repository looks, and a page that is none.
    assert "отвечает не он" in str(refused(one, RemoteEmptied))
    one.sync(accept_rewritten=True)
    assert shared.head() == one.head


def test_a_shallow_clone(shared: SharedRepository, one: Clone, tmp_path: Path) -> None:
    one.git("push", "--quiet", "origin", "HEAD:refs/heads/side")
    one.set("1.1.2", notes="Да")
    one.sync()
    one.git("switch", "--quiet", "-c", "side", "HEAD~1")
    one.set("1.1.3", notes="Сбоку")
    one.git("push", "--quiet", "origin", "side")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{shared.bare}", "cut")
    cut = Clone(tmp_path / "cut")
    cut.set("1.1.4", notes="Здесь")
    assert cut.sync().sent == 1
    cut.git("config", "branch.main.merge", "refs/heads/side")
    assert "--unshallow" in str(refused(cut, ShallowHistory))


# --------------------------------------------------------------------------------------- the server


def test_what_a_hook_of_the_server_says(shared: SharedRepository, one: Clone) -> None:
    shared.hook("pre-receive", "echo 'По пятницам нельзя' >&2; exit 1")
    one.set("1.1.2", notes="Да")
    message = str(refused(one, RemoteRefused))
    assert message.endswith(": remote: По пятницам нельзя")
    assert "pre-receive hook declined" in message


def test_a_protected_branch(shared: SharedRepository, one: Clone) -> None:
    shared.hook(
        "pre-receive", "echo 'You are not allowed to push to protected branches' >&2; exit 1"
    )
    one.set("1.1.2", notes="Да")
    assert "защищена" in str(refused(one, BranchProtected))


def test_what_a_hook_of_the_clone_says(one: Clone) -> None:
    one.hook("pre-push", "echo 'Сначала проверьте' >&2; exit 1")
    one.set("1.1.2", notes="Да")
    assert "Сначала проверьте" in str(refused(one, PushHookRefused))


# ---------------------------------------------------------------------------------------- the clone


def test_a_clone_in_the_middle_of_a_git_operation(shared: SharedRepository, one: Clone) -> None:
    head = one.head
    one.git("checkout", "--quiet", "--detach")
    refused(one, DetachedHead)
    one.git("switch", "--quiet", "main")
    (one.folder / ".git" / "MERGE_HEAD").write_text(f"{head}\n", encoding="ascii")
    refused(one, OperationInProgress)
    plan = shared.bare / "plan" / "2024.yaml"
    plan.parent.mkdir()
    plan.write_bytes(one.plan.read_bytes())
    with pytest.raises(NoWorkTree):
        synchronise(plan)


def test_a_plan_that_is_edited_or_not_in_the_history(one: Clone) -> None:
    one.plan.write_text(one.plan.read_text("utf-8").replace("Обеспечен", "Обещан"), "utf-8")
    assert "kvartal adopt" in str(refused(one, UncommittedEdits))
    one.git("rm", "--quiet", "--cached", "plan/2024.yaml")
    refused(one, UncommittedEdits)
    one.git("commit", "--quiet", "-m", "Без программы")
    refused(one, NothingCommitted)


def test_other_files_of_the_user_stay_as_they_are(one: Clone, other: Clone) -> None:
    one.write("Читай.txt", "Да\n")
    one.commit("Читай")
    one.push()
    other.set("1.1.2", notes="Да")
    other.write("новый.txt", "не внесён")
    other.write("готов.txt", "подготовлен")
    other.git("add", "готов.txt")
    other.write(".gitattributes", "# правка\n")
    status = other.git("status", "--porcelain")
    assert other.sync().commit is not None
    assert other.git("status", "--porcelain") == status
    assert other.git("show", "HEAD:Читай.txt") == "Да\n"


def test_files_that_would_be_overwritten_are_named(one: Clone, other: Clone) -> None:
    one.write("Читай.txt", "Да\n")
    one.write(".gitattributes", "# правка\n")
    one.commit("Читай")
    one.push()
    other.write("Читай.txt", "Моё\n")
    other.write(".gitattributes", "# моя\n")
    message = str(refused(other, WouldOverwriteFiles))
    assert ".gitattributes, Читай.txt" in message


def test_other_files_merge_as_git_merges_them_or_are_named(one: Clone, other: Clone) -> None:
    lines = [f"{at}\n" for at in range(10)]
    one.write("Читай.txt", "".join(lines))
    one.commit("Читай")
    one.push()
    other.git("pull", "--quiet")
    for clone, edited in ((one, ["первый\n", *lines[1:]]), (other, [*lines[:9], "второй\n"])):
        clone.write("Читай.txt", "".join(edited))
        clone.commit("Правка")
    one.push()
    other.sync()
    text = (other.folder / "Читай.txt").read_text("utf-8")
    assert text == "".join(["первый\n", *lines[1:9], "второй\n"])
    one.git("pull", "--quiet")
    for clone in (one, other):
        clone.write("Читай.txt", f"{clone.folder.name}\n")
        clone.commit("Иначе")
    one.push()
    assert "изменены файлы, которые сами не сливаются: Читай.txt" in str(
        refused(other, FilesConflict)
    )


def test_the_merge_commit_runs_the_message_hooks(one: Clone, other: Clone) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.set("1.1.3", notes="Да")
    other.hook("commit-msg", "grep -q 'Задача' \"$1\" || { echo 'Нет номера' >&2; exit 1; }")
    assert "Нет номера" in str(refused(other, HookRefused))
    # The second hook writes a byte that is no text in UTF-8.
    changes = 'sed -i "1s/$/ (Задача 5)/" "$1" && printf "\\377" >> "$1"'
    other.hook("prepare-commit-msg", f'test "$2" = merge && {changes}')
    other.sync()
    assert other.git("log", "-1", "--format=%s").strip().endswith("(Задача 5)")
    assert other.git("log", "-1", "--format=%b").strip().endswith(r"\udcff")


def test_the_merge_is_signed_where_commits_are(one: Clone, other: Clone, tmp_path: Path) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.set("1.1.3", notes="Да")
    other.git("config", "commit.gpgSign", "true")
    other.git("config", "gpg.program", "false")
    refused(other, SigningFailed)
    signer = tmp_path / "signer"
    signer.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'подпись'\n", "utf-8"
    )
    signer.chmod(0o755)
    other.git("config", "gpg.program", signer)
    other.sync()
    assert "gpgsig подпись" in other.git("cat-file", "commit", "HEAD")


def test_a_merge_without_an_identity(
    one: Clone, other: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.set("1.1.3", notes="Да")
    other.git("config", "--unset", "user.name")
    empty = tmp_path / "gitconfig"
    empty.write_text("", encoding="ascii")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(empty))
    refused(other, NoIdentity)


# ------------------------------------------------------------------------------- invalid versions


def commit_invalid(clone: Clone) -> str:
    """Commit a plan that breaks a rule, with plain git; return the commit."""
    text = clone.plan.read_text("utf-8")
    clone.plan.write_text(text.replace("quarters: [3]", "quarters: [3, 3]", 1), "utf-8")
    return clone.commit("Правка на сервере")


def test_an_invalid_version_is_refused_with_its_commit_and_line(one: Clone, other: Clone) -> None:
    one.set("1.1.1", notes="До")
    commit = commit_invalid(one)
    one.set("1.1.3", notes="После")
    one.push()
    message = str(refused(other, ReceivedPlanInvalid))
    assert f"Версия {commit[:10]} " in message
    assert "plan/2024.yaml, строка 21" in message
    assert "Иванова Анна" in message
    other.set("1.1.2", notes="Да")
    assert str(refused(other, ReceivedPlanInvalid)) == message


def test_another_programme_is_looked_at_where_the_other_side_changed_it(
    one: Clone, other: Clone
) -> None:
    """What both sides had of it already was looked at when it came, or is older than the rules."""
    other_year, invalid = "plan/2025.yaml", "    quarters: [3, 3]\n"
    text = one.plan.read_text("utf-8").replace("2024", "2025")
    one.write(other_year, text.replace("    quarters: [3]\n", invalid, 1))
    commit = one.commit("Программа на 2025 год")
    one.push()
    message = str(refused(other, ReceivedPlanInvalid))
    assert f"Версия {commit[:10]} " in message
    assert "plan/2025.yaml, строка " in message
    other.git("pull", "--quiet")
    one.set("1.1.1", notes="Да")
    one.push()
    other.sync()
    assert other.plan.read_bytes() == one.plan.read_bytes()


def test_an_invalid_version_is_not_pushed(shared: SharedRepository, one: Clone) -> None:
    commit_invalid(one)
    head = shared.head()
    assert "plan/2024.yaml, строка 209" in str(refused(one, LocalPlanInvalid))
    assert shared.head() == head


def test_a_fix_of_an_invalid_version_is_pushed(one: Clone, other: Clone) -> None:
    commit_invalid(one)
    one.push()
    other.git("pull", "--quiet")
    other.git("revert", "--no-edit", "HEAD")
    one.set("1.1.3", notes="Тем временем")
    one.push()
    assert other.sync().commit is not None
    one.sync()


def test_a_version_with_missing_evidence_is_not_pushed(one: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF")
    one.git("rm", "--quiet", "-r", "plan/evidence")
    one.git("commit", "--quiet", "-m", "Уборка")
    assert "Акт.pdf» нет на месте" in str(refused(one, LocalPlanInvalid))


def test_a_version_with_altered_evidence_is_not_received(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"%PDF")
    one.write("plan/evidence/2024/1.1.2/Акт.pdf", "#PDF")
    commit = one.commit("Подмена")
    one.push()
    message = str(refused(other, ReceivedPlanInvalid))
    assert commit[:10] in message
    assert "не тот, что был приложен" in message


def test_a_plan_that_is_missing_there(one: Clone, other: Clone) -> None:
    one.git("mv", "plan/2024.yaml", "plan/2025.yaml")
    one.git("commit", "--quiet", "-m", "Новый год")
    one.push()
    assert "plan/2024.yaml" in str(refused(other, PlanMissingAtRemote))


def test_a_plan_that_was_begun_here_is_not_missing_there(one: Clone, other: Clone) -> None:
    other.set("1.1.2", notes="Да")
    other.push()
    text = one.plan.read_text("utf-8").replace("year: 2024", "year: 2025", 1)
    new = replace(one, name="2025.yaml")
    one.write("plan/2025.yaml", text)
    one.commit("Программа на 2025 год")
    assert new.sync().sent == 1
    other.sync()
    assert (other.plan.parent / "2025.yaml").read_text("utf-8") == text
    assert one.value("1.1.2", "notes") == "Да"


def test_a_refused_push_keeps_what_was_received(
    shared: SharedRepository, one: Clone, other: Clone
) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.set("1.1.3", notes="Да")
    shared.hook("pre-receive", "exit 1")
    with pytest.raises(RemoteRefused):
        other.sync()
    assert other.value("1.1.2", "notes") == "Да"
    shared.hook("pre-receive", "exit 0")
    again = synchronise(other.plan)
    assert (again.received, again.sent, again.commit) == (0, 1, None)
    assert shared.head() == other.head


def test_only_a_lock_left_by_a_killed_fetch_is_moved_away(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = one.folder / ".git" / "refs" / "remotes" / "origin" / "main.lock"
    repository = find_repository(one.plan.parent)
    other.set("1.1.2", notes="Да")  # Otherwise git would not need the lock.
    other.push()
    with call_in_progress(repository, find_remote_branch(repository, "main")):
        lock.touch()
        note = (one.folder / ".git" / "kvartal" / "errand.json").read_bytes()
    monkeypatch.setattr(transport, "PATIENCE", 0.1)
    with pytest.raises(GitLocked) as caught:
        one.sync()
    assert "origin/main.lock" in str(caught.value)
    (one.folder / ".git" / "kvartal" / "errand.json").write_bytes(note)
    one.sync()
    assert not lock.exists()
