"""`kvartal doctor`: what is there, what is missing, and the command that mends it."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.store.write_lock import write_lock
from kvartal.tui.commands import machine_checks
from tests.states import repositories as state
from tests.states.conftest import Run
from tests.support.repository import git

MISSING = "-- "


@pytest.fixture
def healthy(programme: Path, ask: Run) -> Path:
    assert ask(programme, "git-setup").exit_code == 0
    return programme


def missing(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(MISSING)]


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the terminal that the tests run in."""
    monkeypatch.setattr(machine_checks, "_terminal_size", lambda: None)


def test_where_nothing_is_missing(healthy: Path, repo: Path, ask: Run) -> None:
    done = ask(healthy, "doctor")
    assert (done.exit_code, done.stderr) == (0, "")
    version = subprocess.check_output(["git", "--version"], encoding="ascii").split()[2]
    schema = repo.relative_to(Path.cwd()) / "schema/plan.schema.json"
    assert done.stdout.splitlines() == [
        f"ok  Программа git: {version}",
        "ok  Терминал: команда запущена не в терминале, поэтому он не проверен",
        "ok  Кодировка и язык: UTF-8, русский",
        "ok  Дополнения: office, timestamp",
        f"ok  Файл программы: {healthy.relative_to(Path.cwd())}, 2024 год, мероприятий: 20",
        f"ok  История: {repo}",
        "ok  Ссылки git: все читаются",
        "ok  Прерванная работа: не найдено",
        "ok  Файлы блокировки: не найдено",
        "ok  Сохранение: можно сохранять",
        "ok  Правка вручную: не найдено",
        "ok  Автор изменений: Иванова Анна <ivanova@tests.example>",
        "ok  Слияние по полям: настроено",
        (
            f"ok  Схема для редакторов: файла {schema} нет, он нужен только редакторам: "
            f"`kvartal schema > {schema}`"
        ),
        (
            "ok  Общий репозиторий: не указан, он нужен только для обмена: "
            "`git remote add origin адрес`"
        ),
    ]


def test_in_english_and_for_programs(healthy: Path, ask: Run) -> None:
    assert "ok  Lock files: none\n" in ask(healthy, "doctor", "--lang", "en").stdout
    report = json.loads(ask(healthy, "doctor", "--json").stdout)
    assert report["ok"] is True
    checks = {check["code"]: check for check in report["checks"]}
    assert checks["locks"]["ok"] is True
    assert checks["remote"]["commands"] == ["git remote add origin адрес"]


def test_that_git_merges_line_by_line_is_no_failure(programme: Path, ask: Run) -> None:
    done = ask(programme, "doctor")
    assert (done.exit_code, missing(done.stdout)) == (0, [])
    assert "ok  Слияние по полям: не настроено в этой копии, оно нужно только для" in done.stdout
    assert "`kvartal git-setup`" in done.stdout


def edited(plan: Path) -> Path:
    plan.write_text(plan.read_text("utf-8").replace("2024", "2024 "), encoding="utf-8")
    return plan


def invalid(plan: Path) -> Path:
    text = plan.read_text("utf-8").replace("language:", "lang: ru\nlanguage:")
    plan.write_text(text, encoding="utf-8")
    git(plan.parent, "commit", "--quiet", "--all", "-m", "Опечатка")
    return plan


def no_driver(plan: Path) -> Path:
    git(plan.parent, "config", "--unset", "merge.kvartal.driver")
    return plan


def stored(plan: Path, revision: str) -> Path:
    name = git(plan.parent, "rev-parse", revision).strip()
    return plan.parents[1] / ".git" / "objects" / name[:2] / name[2:]


def lost_blob(plan: Path) -> Path:
    stored(plan, "HEAD:./2024.yaml").unlink()
    return plan


def corrupt_blob(plan: Path) -> Path:
    file = stored(plan, "HEAD:./2024.yaml")
    file.chmod(0o600)
    file.write_bytes(b"garbage")
    return plan


def corrupt_commit(plan: Path) -> Path:
    git(plan.parent, "tag", "old", "HEAD")
    git(plan.parent, "commit", "--quiet", "--allow-empty", "-m", "Да")
    file = stored(plan, "old")
    git(plan.parent, "tag", "--delete", "old")
    file.chmod(0o600)
    file.write_bytes(b"x")
    return plan


def linked_state_folder(plan: Path) -> Path:
    folder = plan.parents[1] / ".git" / "kvartal"
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))
    return plan


def folder_for_note(plan: Path) -> Path:
    (plan.parents[1] / ".git" / "kvartal" / "intent.json").mkdir(parents=True)
    return plan


@pytest.mark.parametrize(
    ("build", "title", "command"),
    [
        (state.no_repository, "История", "kvartal init"),
        (state.no_identity, "Автор изменений", "git config --local user.name"),
        (state.detached, "Сохранение", "git switch"),
        (edited, "Правка вручную", "kvartal adopt"),
        (invalid, "Файл программы", "kvartal validate"),
        (no_driver, "Слияние по полям", "kvartal git-setup"),
        (state.stale_lock, "Файлы блокировки", "kvartal doctor --unlock"),
        (state.lock_is_folder, "Файлы блокировки", "kvartal doctor --unlock"),
        (state.recent_lock, "Файлы блокировки", "Дождитесь её окончания"),
        (lost_blob, "История", "в хранилище git не находится"),
        (corrupt_blob, "История", "История в репозитории повреждена"),
        (corrupt_commit, "История", "повреждена"),
        (linked_state_folder, "Сохранение", "ссылка на другое место"),
        (folder_for_note, "Сохранение", "intent.json» — не обычный файл"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_mends_it(
    healthy: Path, ask: Run, build: Callable[[Path], Path], title: str, command: str
) -> None:
    done = ask(build(healthy), "doctor")
    (line,) = missing(done.stdout)
    assert line.startswith(f"{MISSING} {title}: ")
    assert command in line
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("ref", "command"),
    [
        ("refs/remotes/origin/main", "kvartal sync"),
        ("refs/kvartal/seen/abcdabcdabcdabcd", "kvartal sync"),
        ("refs/tags/kvartal/verified/2024-10-01", "git tag -d kvartal/verified/2024-10-01"),
        ("refs/heads/старое", "git update-ref -d refs/heads/старое"),
    ],
)
@pytest.mark.parametrize("text", ["garbage\n", f"{'1234567890' * 4}\n"])
def test_a_ref_that_cannot_be_read_is_named_and_the_rest_is_looked_at(
    healthy: Path, repo: Path, ask: Run, ref: str, command: str, text: str
) -> None:
    file = repo / ".git" / ref
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="ascii")
    done = ask(healthy, "doctor")
    assert (done.exit_code, done.stderr) == (1, "")
    (line,) = missing(done.stdout)
    assert line.startswith(f"{MISSING} Ссылки git: ")
    assert ref.removeprefix("refs/tags/") in line
    assert f"`{command}`" in line
    assert "ok  Слияние по полям: настроено" in done.stdout


def test_a_damaged_history_is_told_beside_a_broken_ref(healthy: Path, repo: Path, ask: Run) -> None:
    (repo / ".git" / "refs" / "heads" / "old").write_text("garbage\n", encoding="ascii")
    lost_blob(healthy)
    lines = missing(ask(healthy, "doctor").stdout)
    assert [line.split(":")[0] for line in lines] == ["--  История", "--  Ссылки git"]
    assert "в хранилище git не находится" in lines[0]


@pytest.mark.parametrize("is_detached", [False, True])
@pytest.mark.parametrize("is_another_broken", [False, True])
def test_a_lost_commit_at_head_is_a_damaged_history_and_no_ref_to_be_deleted(
    healthy: Path, repo: Path, ask: Run, *, is_detached: bool, is_another_broken: bool
) -> None:
    if is_detached:
        git(repo, "switch", "--quiet", "--detach")
        git(repo, "branch", "--quiet", "-D", "main")
    if is_another_broken:
        (repo / ".git" / "refs" / "heads" / "old").write_text("garbage\n", encoding="ascii")
    stored(healthy, "HEAD").unlink()
    output = ask(healthy, "doctor").stdout
    (line,) = [line for line in missing(output) if line.startswith("--  История: ")]
    assert "git clone" in line
    refs = [line for line in output.splitlines() if "Ссылки git" in line]
    assert len(refs) == is_another_broken
    assert not any("refs/heads/main" in line or "все читаются" in line for line in refs)


def test_a_lost_branch_is_a_damaged_history(healthy: Path, repo: Path, ask: Run) -> None:
    """Beside which it is not said that all refs can be read."""
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "Дальше")
    (repo / ".git" / "refs" / "heads" / "main").unlink()
    output = ask(healthy, "doctor").stdout
    assert "--  История: Ссылка git на ветку «main» пропала" in output
    assert "Ссылки git:" not in output


def test_a_mark_whose_object_is_corrupt_is_named(healthy: Path, repo: Path, ask: Run) -> None:
    git(repo, "tag", "-a", "-m", "Да", "kvartal/verified/2024-10-01")
    file = stored(healthy, "kvartal/verified/2024-10-01")
    file.chmod(0o600)
    file.write_bytes(b"x")
    lines = missing(ask(healthy, "doctor").stdout)
    assert [
        line for line in lines if "метка kvartal/verified/2024-10-01 не читается" in line
    ] == lines


def test_with_whom_changes_are_exchanged(healthy: Path, repo: Path, ask: Run) -> None:
    git(repo, "remote", "add", "shared", "https://name:secret@git.example/plan")
    last = ask(healthy, "doctor").stdout.splitlines()[-1]
    assert last.startswith("ok  Общий репозиторий: shared, ветка main; ")
    git(repo, "remote", "add", "other", "../other")
    (line,) = missing(ask(healthy, "doctor").stdout)
    assert "`kvartal sync --remote имя`" in line


def test_a_plan_that_cannot_be_read(
    healthy: Path, ask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(healthy)
    opened = io.open

    def closed(file: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as of `open`
        if Path(str(file)).name == healthy.name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return opened(file, *arguments, **options)

    monkeypatch.setattr(io, "open", closed)
    done = ask(healthy, "doctor")
    assert (done.exit_code, done.stderr) == (1, "")
    assert [line.split(":")[0] for line in missing(done.stdout)] == [
        "--  Файл программы",
        "--  Сохранение",
    ]
    assert done.stdout.count("файл не открывается: нет права доступа.") == 2


def test_a_plan_that_is_a_link_says_where_it_leads(healthy: Path, ask: Run) -> None:
    real = healthy.parents[1] / "data" / healthy.name
    real.parent.mkdir()
    healthy.rename(real)
    healthy.symlink_to(real)
    done = ask(healthy, "doctor")
    shown = real.relative_to(Path.cwd())
    assert f"ведёт по ссылке к файлу «{shown}»" in done.stdout


def test_without_a_programme_the_machine_is_checked_all_the_same(ask: Run) -> None:
    done = ask(Path("plan"), "doctor")
    assert done.stdout.startswith("ok  Программа git: ")
    (line,) = missing(done.stdout)
    assert line.startswith("--  Файл программы: ")
    assert "\nok  Автор изменений: Иванова Анна <ivanova@tests.example>\n" in done.stdout
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull  # restored by the fixture
    assert "git config --global user.name" in missing(ask(Path("plan"), "doctor").stdout)[1]


@pytest.mark.parametrize(
    ("variables", "size", "words"),
    [
        ({}, (80, 24), "ok  terminal xterm-256color, окно 80×24"),
        ({"TERM": "dumb"}, (80, 24), "--  terminal TERM=xterm-256color kvartal"),
        ({"TERM": ""}, (80, 24), "--  terminal `export TERM=xterm-256color`"),
        ({}, (79, 24), "--  terminal окно 79×24, а экран рассчитан на 80×24"),
        ({}, (0, 0), "--  terminal `stty cols 80 rows 24`"),
        ({"COLORTERM": "truecolor"}, (80, 24), "ok  colours 16 777 216"),
        ({}, (80, 24), "ok  colours 256; если терминал умеет больше: `export COLORTERM="),
        ({"TERM": "linux"}, (80, 24), "ok  colours 16"),
        ({"TERM": "dumb"}, (80, 24), "ok  colours нет; "),
        ({"NO_COLOR": "1"}, (80, 24), "ok  colours `unset NO_COLOR`"),
        ({}, None, "--  locale koi8-r: "),
        ({}, None, "--  locale `export LC_ALL=C.UTF-8`"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="names the commands of POSIX systems")
def test_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    size: tuple[int, int] | None,
    words: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(machine_checks, "_terminal_size", lambda: size)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="koi8-r"))
    sign, code, text = words.split(maxsplit=2)
    (check,) = [one for one in machine_checks.machine_checks() if one.code == code]
    assert check.is_ok is (sign == "ok")
    assert text in check.text


def test_an_extra_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "_is_installed", lambda _name: False)
    (check,) = [one for one in machine_checks.machine_checks() if one.code == "extras"]
    assert check.is_ok
    assert '`pip install "kvartal[timestamp]"`' in check.text


def test_a_writer_at_work_is_no_failure(healthy: Path, repo: Path, ask: Run) -> None:
    with write_lock(repo / ".git"):
        done = ask(healthy, "doctor")
    assert done.exit_code == 0
    assert f"сохраняет процесс {os.getpid()}, это не сбой" in done.stdout


# ------------------------------------------------------------------------------------- --unlock


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for running gits there")
@pytest.mark.parametrize("build", [state.stale_lock, state.lock_is_folder])
def test_a_stale_lock_is_moved_away(
    healthy: Path, repo: Path, ask: Run, build: Callable[[Path], Path]
) -> None:
    plan = build(healthy)
    assert "`kvartal doctor --unlock`" in ask(plan, "set", "1.1.2", "notes=Да").stderr
    done = ask(plan, "doctor", "--unlock")
    moved = repo / ".git" / "kvartal" / "aside" / "index.lock"
    assert done.stdout.startswith(f"Отложено: {moved}\nok  ")
    assert (done.exit_code, moved.exists()) == (0, True)
    assert ask(plan, "set", "1.1.2", "notes=Да").exit_code == 0


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for running gits there")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("config", ("git-setup", "--remove")),
        ("refs/tags/kvartal/verified/{today}", ("verify", "--mark")),
    ],
)
def test_a_stale_lock_that_stops_no_commit_is_named_and_moved_away(
    healthy: Path, repo: Path, ask: Run, name: str, words: tuple[str, ...]
) -> None:
    name = name.format(today=datetime.now().astimezone().date())
    state.stale_lock(healthy, f"{name}.lock")
    for command in (("doctor",), words):
        told = ask(healthy, *command)
        assert told.exit_code == 1
        assert f"git не может изменить «{repo / '.git' / name}»" in told.stdout + told.stderr
        assert "`kvartal doctor --unlock`" in told.stdout + told.stderr
    assert ask(healthy, "set", "1.1.2", "notes=Да").exit_code == 0
    done = ask(healthy, "doctor", "--unlock")
    assert (done.exit_code, done.stdout.startswith("Отложено: ")) == (0, True)
    assert ask(healthy, *words).exit_code == 0


def test_a_recent_lock_stays(healthy: Path, repo: Path, ask: Run) -> None:
    done = ask(state.recent_lock(healthy), "doctor", "--unlock")
    assert (done.exit_code, len(missing(done.stdout))) == (1, 1)
    assert (repo / ".git" / "index.lock").exists()


@pytest.fixture
def running_git(repo: Path) -> Iterator[None]:
    """Let a git work in the repository."""
    with subprocess.Popen(
        ["git", "-C", repo, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"HEAD\n")
        process.stdin.flush()
        process.stdout.readline()
        yield
        process.stdin.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no lock is known to be stale")
def test_a_lock_stays_where_a_git_runs(
    healthy: Path, repo: Path, ask: Run, running_git: None
) -> None:
    done = ask(state.stale_lock(healthy), "doctor", "--unlock")
    assert "Дождитесь её окончания" in missing(done.stdout)[0]
    assert (repo / ".git" / "index.lock").exists()


def test_nothing_is_unlocked_while_another_writes(healthy: Path, repo: Path, ask: Run) -> None:
    plan = state.stale_lock(healthy)
    with pytest.MonkeyPatch.context() as patch, write_lock(repo / ".git"):
        patch.setattr(write_lock.__wrapped__, "__kwdefaults__", {"timeout": 0.1})  # type: ignore[attr-defined]
        done = ask(plan, "doctor", "--unlock")
    assert done.exit_code == 1
    assert "Программу сейчас сохраняет другой процесс" in done.stderr
    assert (repo / ".git" / "index.lock").exists()
