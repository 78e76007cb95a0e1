import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from kvartal.history.git import command as module
from kvartal.history.git import process_tree
from kvartal.history.git.command import git_process, pipe, run_git
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.environment import (
    call_variables,
    misleading_variables,
    scrub_environment,
)
from kvartal.history.git.errors import (
    DubiousOwnership,
    GitFailed,
    MisleadingEnvironment,
    NotARepository,
    NoWorkTree,
)
from kvartal.history.git.failures import untrusted_folder
from kvartal.history.git.repository import Repository
from kvartal.history.git.setting_errors import SettingsUnreadable
from kvartal.history.programme import open_programme
from kvartal.history.store.new_plan import knows_author
from kvartal.history.store.repo_state import PlanStatus
from tests.support.repository import git as plain_git

HOSTILE = {
    "GIT_DIR": "/nowhere/.git",
    "GIT_WORK_TREE": "/nowhere",
    "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_OBJECT_DIRECTORY": "/nowhere/objects",
    "GIT_COMMON_DIR": "/nowhere/.git",
    "GIT_PREFIX": "elsewhere/",
    "GIT_NAMESPACE": "other",
    "GIT_CONFIG_PARAMETERS": "'user.name=Чужой'",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "user.name",
    "GIT_CONFIG_VALUE_0": "Чужой",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_EDITOR": "false",
    "GIT_PAGER": "false",
    "GIT_EXTERNAL_DIFF": "false",
    "GPG_TTY": "/dev/tty",
}


def local_variables() -> list[str]:
    printed = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], check=True, capture_output=True, text=True
    )
    return printed.stdout.split()


def test_every_variable_that_git_calls_local_misleads() -> None:
    names = local_variables()
    assert "GIT_DIR" in names
    assert misleading_variables(dict.fromkeys(names, "x")) == tuple(sorted(names))


@pytest.mark.parametrize(
    "name",
    [
        *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
        *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
        *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "GIT_ASKPASS", "PATH", "SSH_ASKPASS"),
        *("GIT_SSL_CAINFO", "GIT_PYTHON_GIT_EXECUTABLE", "GIT_PS1_SHOWUPSTREAM"),
    ],
)
def test_who_the_user_is_misleads_nobody(name: str) -> None:
    assert misleading_variables({name: "мой"}) == ()


def test_what_every_call_sets_itself_misleads_nobody() -> None:
    assert misleading_variables(call_variables({})) == ()


def test_git_speaks_english_and_hooks_keep_the_letters_of_the_user() -> None:
    told = call_variables({"LANG": "ru_RU.UTF-8", "LC_ALL": ""})
    assert (told["LC_ALL"], told["LC_CTYPE"], told["LC_MESSAGES"]) == ("", "ru_RU.UTF-8", "C")


def test_only_a_call_that_reads_forgoes_locks() -> None:
    assert call_variables({})["GIT_OPTIONAL_LOCKS"] == "0"
    assert call_variables({}, writes=True)["GIT_OPTIONAL_LOCKS"] == "1"


@pytest.fixture
def hostile(programme: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a plan, with an environment such as git hands to hooks, and worse."""
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    return programme


def test_a_scrubbed_environment_leads_no_call_astray(hostile: Path) -> None:
    scrub_environment()
    repository = find_repository(hostile.parent)
    assert repository.prefix == "plan/"
    hostile.write_text("year: 2024\n", encoding="utf-8")
    assert repository.commit_only(["2024.yaml"], "Проверка").code == 0
    told = repository.read("log", "-1", "--format=%an %s").decode()
    assert told == "Иванова Анна Проверка\n"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone is read once here")
@pytest.mark.parametrize(
    ("zone", "stays"),
    [
        ("UTC+99999", False),
        ("UTC-24", False),
        ("AAA-23BBB-25,M3.2.0,M11.1.0", False),
        ("UTC-23:59", True),
    ],
)
def test_an_impossible_time_zone_gives_way_to_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, zone: str, *, stays: bool
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        scrub_environment()
        assert ("TZ" in os.environ) is stays
        assert abs(datetime.now().astimezone() - datetime.now(UTC)) < timedelta(minutes=1)
    time.tzset()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (".", "git не может прочесть файла своих настроек .: это папка, а не файл. "),
        ("/dev/zero", "git не понимает строки 1 файла своих настроек /dev/zero. "),
    ],
)
def test_unreadable_settings_are_not_reported_as_a_missing_git(
    programme: Path, monkeypatch: pytest.MonkeyPatch, settings: str, sentence: str
) -> None:
    """In a process of its own: GitPython asks git for its version when it is imported."""
    command = [
        sys.executable,
        "-m",
        "kvartal.tui",
        "--plan",
        str(programme),
        "set",
        "1.1.2",
        "notes=x",
    ]
    env = dict(os.environ, GIT_CONFIG_GLOBAL=settings)
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", env=env)
    assert (done.returncode, done.stderr.count(sentence)) == (1, 1), done.stderr
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", settings)
    for path in (programme.parent, programme.parent / "new"):
        with pytest.raises(SettingsUnreadable):  # Not: git knows no author.
            knows_author(path)


def test_a_library_is_refused_until_it_has_scrubbed_its_environment(hostile: Path) -> None:
    with pytest.raises(MisleadingEnvironment) as caught:
        open_programme(hostile)
    assert "GIT_INDEX_FILE" in str(caught.value)
    assert "scrub_environment()" in str(caught.value)
    scrub_environment()
    assert open_programme(hostile).state().plan is PlanStatus.COMMITTED


@pytest.mark.parametrize("module", ["kvartal.tui", "kvartal.tui.main"])
def test_the_program_scrubs_its_environment_at_the_start(hostile: Path, module: str) -> None:
    command = [sys.executable, "-m", module, "--plan", str(hostile), "set", "1.1.2", "notes=x"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Сохранено: 1.1.2: ")


def test_a_commit_is_on_the_disk_and_starts_no_housekeeping(programme: Path) -> None:
    def setting(name: str) -> str:
        return run_git(programme.parent, ("config", name)).stdout.decode().strip()

    assert setting("core.fsync") == "all"
    assert setting("gc.auto") == "0"
    assert setting("maintenance.auto") == "false"
    assert setting("core.fsmonitor") == "false"


def test_no_identity_is_made_up_from_the_names_of_account_and_machine(programme: Path) -> None:
    assert run_git(programme.parent, ("config", "user.useConfigOnly")).stdout == b"true\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no sessions there")
def test_no_terminal_is_there_to_ask_on(programme: Path) -> None:
    code = f"!{sys.executable} -c 'import os; print(os.getsid(0))'"
    plain_git(programme.parent, "config", "alias.session", code)
    assert int(run_git(programme.parent, ("session",)).stdout) != os.getsid(0)


def test_paths_are_literal(programme: Path) -> None:
    folder = programme.parent
    for name in ("а[1].txt", "а1.txt", "-n", ":(top)x", "*.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    repository = find_repository(folder)
    assert repository.add(["а[1].txt", "-n", ":(top)x", "*.txt"]).code == 0
    staged = plain_git(folder, "diff", "--cached", "--name-only", "-z").split("\0")
    assert sorted(filter(None, staged)) == [
        "plan/*.txt",
        "plan/-n",
        "plan/:(top)x",
        "plan/а[1].txt",
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_a_name_that_is_not_utf_8_comes_back_as_it_went(programme: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.txt")
    (programme.parent / name).write_text("x", encoding="utf-8")
    repository = find_repository(programme.parent)
    assert repository.add([name]).code == 0
    assert repository.commit_only([name], "Имя").code == 0
    assert repository.blob("HEAD", name) == b"x"


def test_objects_come_in_the_order_asked_for(programme: Path) -> None:
    repository = find_repository(programme.parent)
    names = ["HEAD:./2024.yaml", "HEAD:./no.yaml", "HEAD:./2024.yaml"]
    plan = programme.read_bytes()
    assert list(repository.objects(names)) == [plan, None, plan]


def test_a_stream_that_is_left_early_leaves_no_git_behind(programme: Path) -> None:
    repository = find_repository(programme.parent)
    stream = repository.objects(["HEAD:./2024.yaml"] * 1000)
    assert next(stream) == programme.read_bytes()
    stream.close()


def test_the_log_comes_commit_by_commit(programme: Path) -> None:
    repository = find_repository(programme.parent)
    for number in range(3):
        programme.write_text(f"year: {number}\n", encoding="utf-8")
        repository.commit_only(["2024.yaml"], f"Шаг {number}\n\nТело\n")
    # A plain `git status` minds neither setting.
    plain_git(programme.parent, "config", "diff.orderFile", "/no/such/file")
    plain_git(programme.parent, "config", "format.pretty", "no-such-format")
    plain_git(programme.parent, "config", "log.date", "no-such-date")
    assert "Шаг 2" in list(repository.log(["-1", "--raw"], "%s"))
    told = list(repository.log(["-3", "--", "2024.yaml"], "%s|%b"))
    assert told == ["Шаг 2|Тело\n", "Шаг 1|Тело\n", "Шаг 0|Тело\n"]
    with pytest.raises(GitFailed, match=r"^git log не выполнен\. "):
        list(repository.log(["no-such-revision"], "%s"))
    result = run_git(programme.parent, ("--no-replace-objects", "-c", "a.b=c", "log", "-x"))
    assert result.command == "log"


def test_a_message_is_taken_to_the_letter(programme: Path) -> None:
    message = "Тема\n\n# не комментарий\n  с отступом  \n\n\nТрейлер: да\n"
    programme.write_text("year: 1\n", encoding="utf-8")
    find_repository(programme.parent).commit_only(["2024.yaml"], message)
    raw = plain_git(programme.parent, "cat-file", "commit", "HEAD")
    assert raw.partition("\n\n")[2] == message


def test_the_folder_is_where_git_runs_or_nothing_runs(tmp_path: Path) -> None:
    # GitPython falls back to the current folder when the one asked for cannot be entered.
    done = run_git(tmp_path / "no-such-folder", ("rev-parse", "--show-toplevel"))
    assert done.code
    assert "cannot change to" in done.stderr


# A child that lets itself not be asked, such as an ssh that waits for its server.
STUBBORN = "sh -c \"trap '' TERM; echo \\$\\${}; while :; do sleep 0.1; done\" & sleep 60"


def has_ended(pid: int) -> bool:
    """Return whether a process ends soon; it may be a zombie of nobody."""
    for _turn in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8"):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_an_interrupted_call_has_ended_with_its_children(programme: Path) -> None:
    plain_git(programme.parent, "config", "alias.wait", f"!{STUBBORN.format('')}")
    kept, children = [], []

    def interrupted() -> None:
        with git_process(programme.parent, ("wait",)) as process:
            kept.append(process)
            children.append(int(pipe(process.stdout).readline()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert kept[0].returncode is not None
    assert has_ended(children[0])


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("moment", ["_gitpython", "call_variables", "start_options"])
def test_a_signal_before_there_is_a_git_starts_none_or_ends_it(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    plain_git(programme.parent, "config", "alias.wait", f"!echo $$ > '{tmp_path}/pid'; sleep 60")
    interrupt_at(monkeypatch, module, moment)
    with pytest.raises(KeyboardInterrupt):
        run_git(programme.parent, ("wait",))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    pid = tmp_path / "pid"
    assert not pid.exists() or not pid.read_text("ascii") or has_ended(int(pid.read_text("ascii")))


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_signal_between_the_start_and_what_ends_it_ends_git_with_its_children(
    programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = tmp_path / "pid"
    plain_git(programme.parent, "config", "alias.wait", f"!{STUBBORN.format(f' > {pid}')}")

    def is_running() -> None:
        while not pid.exists() or not pid.read_text("ascii"):
            time.sleep(0.01)

    interrupt_at(monkeypatch, process_tree, "process_tree", is_running)
    with pytest.raises(KeyboardInterrupt):
        run_git(programme.parent, ("wait",))
    assert has_ended(int(pid.read_text("ascii")))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert run_git(programme.parent, ("version",)).code == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_signal_that_nobody_turns_into_an_exception_stays_what_it_is(programme: Path) -> None:
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    with git_process(programme.parent, ("version",)):
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def interrupt_at(
    monkeypatch: pytest.MonkeyPatch,
    where: ModuleType,
    name: str,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Press Ctrl-C, as the terminal does, the first time a function is called."""
    function: Callable[..., object] = getattr(where, name)

    def pressed(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(where, name, function)
        before()
        os.kill(os.getpid(), signal.SIGINT)
        return function(*arguments, **options)

    monkeypatch.setattr(where, name, pressed)


def test_each_kind_of_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotARepository):
        find_repository(tmp_path)
    plain_git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    with pytest.raises(NoWorkTree):
        find_repository(tmp_path / "bare.git")
    plain_git(tmp_path, "init", "--quiet", "repo")
    with pytest.raises(NoWorkTree):
        find_repository(tmp_path / "repo" / ".git")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder to another user"
)
def test_a_repository_of_a_different_user_is_reported(repo: Path) -> None:
    for path in (repo, repo / ".git"):
        os.chown(path, 4711, 4711)
    with pytest.raises(DubiousOwnership) as caught:
        find_repository(repo)
    assert f"safe.directory '{repo}'" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "top"),
    [
        ("fatal: dubious ownership in repository at '/a b'", "/a b"),
        (
            "in repository at '/a'\n git config --add safe.directory '%(prefix)/b c'",
            "%(prefix)/b c",
        ),
        ("dubious ownership in repository at '/a'\n safe.directory '/b", "/a"),
        ("detected dubious ownership", "here"),
    ],
)
def test_the_folder_to_trust_is_the_one_that_git_names(words: str, top: str) -> None:
    assert untrusted_folder(Path("here"), words) == top


def test_a_repository_is_seen_from_each_of_its_folders(repo: Path, git: Callable[..., str]) -> None:
    deep = repo / "a" / "b"
    deep.mkdir(parents=True)
    (repo / "c").mkdir()
    found = find_repository(deep)
    assert found == Repository(deep, repo / ".git", repo / ".git", "a/b/", "sha1")
    assert found.at("c/") == find_repository(repo / "c")
    assert found.at("") == find_repository(repo)
    assert find_repository(repo).at("a/b/") == found


def test_the_id_of_content_is_the_one_that_git_gives(repo: Path, tmp_path: Path) -> None:
    (repo / "x").write_bytes("Акт".encode())
    for folder in (repo, _sha256_repository(tmp_path)):
        (folder / "x").write_bytes("Акт".encode())
        told = plain_git(folder, "hash-object", "x").strip()
        assert find_repository(folder).object_name("Акт".encode()) == told


def _sha256_repository(tmp_path: Path) -> Path:
    plain_git(tmp_path, "init", "--quiet", "--object-format=sha256", "other")
    return tmp_path / "other"


def test_importing_this_package_starts_no_git() -> None:
    code = f"import {module.__name__}, sys; sys.exit('git' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
