"""Once a commit exists the answer is «saved», whatever fails after it."""

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.commands.conftest import PROGRAM
from tests.support.repository import git as plain_git
from tests.support.repository import visible_state

Run = Callable[..., Result]
Git = Callable[..., str]

WARNING = "kvartal: Сделано и сохранено. Не удалось только напечатать ответ (на диске нет места).\n"

ACT = ("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27")

has_full_device = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device of Linux"
)


def shell(repo: Path, redirect: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with its streams redirected by a shell."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirect}', "sh", *PROGRAM, *arguments],
        cwd=repo,
        capture_output=True,
        check=False,
    )


def unlink_failing_for(
    monkeypatch: pytest.MonkeyPatch, suffix: str, code: int = errno.EIO
) -> Callable[[], int]:
    """Let the system refuse to delete files of a name; return how to ask how often it did."""
    unlink, refused = os.unlink, []

    def refusing(path: Any, **options: Any) -> None:  # noqa: ANN401 - as of the original
        if os.fspath(path).endswith(suffix) and os.path.lexists(path):
            refused.append(path)
            raise OSError(code, os.strerror(code), os.fspath(path))
        unlink(path, **options)

    monkeypatch.setattr(os, "unlink", refusing)
    return lambda: len(refused)


@has_full_device
@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "1.1.2", "notes=x"],
        ["cancel", "1.1.2", "--reason", "Нет средств", "--date", "2024-05-01"],
        ["undo"],
    ],
)
def test_a_stdout_that_takes_nothing_is_a_warning(
    programme: Path, repo: Path, run: Run, arguments: list[str]
) -> None:
    assert run("set", "1.1.2", "responsible=Отдел").exit_code == 0
    head = plain_git(repo, "rev-parse", "HEAD")
    done = shell(repo, "> /dev/full", *arguments)
    assert (done.returncode, done.stderr.decode()) == (0, WARNING)
    assert plain_git(repo, "rev-parse", "HEAD~1") == head


@has_full_device
@pytest.mark.parametrize("redirect", ["> /dev/full 2> /dev/full", ">&- 2>&- <&-", "2>&-"])
def test_streams_that_take_nothing_do_not_make_saved_failed(
    programme: Path, repo: Path, redirect: str
) -> None:
    done = shell(repo, redirect, "set", "1.1.2", "notes=x")
    assert done.returncode == 0
    assert plain_git(repo, "log", "-1", "--format=%s").startswith("1.1.2: примечания")
    assert plain_git(repo, "status", "--porcelain") == ""


@has_full_device
def test_an_import_says_so_once(programme: Path, repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "а.csv"
    file.write_text("№;Мероприятие;Срок\n1.1.9;Обучить;2 квартал\n", encoding="utf-8")
    done = shell(repo, "> /dev/full", "import", str(file))
    assert (done.returncode, done.stderr.decode().count(WARNING)) == (0, 1)
    assert "Система отказала" not in done.stderr.decode()


@has_full_device
def test_settings_of_git_that_are_written_are_no_failure(programme: Path, repo: Path) -> None:
    done = shell(repo, "> /dev/full", "git-setup")
    assert (done.returncode, done.stderr.decode()) == (0, WARNING)
    assert plain_git(repo, "config", "merge.kvartal.name")


@has_full_device
@pytest.mark.parametrize("arguments", [["list"], ["undo", "--dry-run"], ["validate"], ["adopt"]])
def test_an_answer_that_is_all_there_is_stays_a_failure(
    programme: Path, repo: Path, run: Run, arguments: list[str]
) -> None:
    assert run("set", "1.1.2", "notes=y").exit_code == 0
    done = shell(repo, "> /dev/full", *arguments)
    assert done.returncode == 1
    assert done.stderr.decode() == "kvartal: Система отказала: на диске нет места.\n"


@pytest.mark.parametrize("suffix", [".kvartal-tmp", "intent.json"])
def test_what_cannot_be_cleaned_up_is_a_warning(
    programme: Path, repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    with monkeypatch.context() as patch:
        refusals = unlink_failing_for(patch, suffix)
        result = run("set", "1.1.2", "notes=x")
        assert refusals()
    assert result.exit_code == 0
    assert result.stdout.startswith("Сохранено: 1.1.2: примечания")
    assert result.stderr == (
        "kvartal: Изменение сохранено. Не удалось только убрать за ним временное (диск отказал "
        "(ошибка ввода-вывода)): это сделает следующий запуск.\n"
    )
    assert run("set", "1.1.2", "notes=y").exit_code == 0
    assert visible_state(repo).leftovers == []


def test_a_folder_that_cannot_be_restored_to_order_does_not_undo_an_adoption(
    programme: Path, repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme.write_text(programme.read_text(encoding="utf-8") + "# правка\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        unlink_failing_for(patch, "intent.json", errno.EROFS)
        result = run("adopt", "--reason", "сверка")
    assert result.exit_code == 0
    assert "Сохранено: " in result.stdout
    assert "(диск доступен только для чтения)" in result.stderr


def test_a_subject_that_git_does_not_tell_is_no_failure(
    programme: Path, repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvartal.history.git.errors import GitFailed
    from kvartal.history.programme import Programme

    def fail(*_: object) -> str:
        raise GitFailed(command="log", words="out of memory")

    monkeypatch.setattr(Programme, "subject", fail)
    result = run("set", "1.1.2", "notes=x")
    head = plain_git(repo, "rev-parse", "HEAD")[:7]
    assert (result.exit_code, result.stdout) == (0, f"Сохранено: {head}\n")


@pytest.mark.usefixtures("programme")
def test_the_id_of_a_commit_is_as_short_in_every_clone(run: Run, repo: Path, git: Git) -> None:
    git("config", "core.abbrev", "40")
    head = run("set", "1.1.2", "notes=x").stdout.strip()[-9:]
    assert head == f"({plain_git(repo, 'rev-parse', 'HEAD')[:7]})"


def test_an_interrupt_that_comes_after_the_commit_comes_too_late(
    programme: Path, repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvartal.history.store import commit

    intended = commit.intended_commit
    calls = []

    def interrupted(*arguments: Any) -> str | None:  # noqa: ANN401 - as of the original
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return intended(*arguments)

    monkeypatch.setattr(commit, "intended_commit", interrupted)
    result = run("set", "1.1.2", "notes=x")
    assert result.exit_code == 0
    assert result.stdout.startswith("Сохранено: 1.1.2: ")


def test_a_history_that_has_begun_is_no_failure(
    programme: Path, root: Path, here: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "новая"
    plan = folder / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())
    (folder / ".gitattributes").symlink_to("нигде/файл")
    result = here("init", folder)
    assert result.exit_code == 0
    assert "История начата: " in result.stdout
    assert "История начата. Не удалось только записать файл .gitattributes" in result.stderr


@pytest.mark.usefixtures("programme")
def test_an_undo_says_which_altered_file_it_leaves(run: Run, repo: Path, git: Git) -> None:
    """Nothing refers to it any more, and the history does not hold what is in it now."""
    act = repo.parent / "Акт.txt"
    act.write_text("акт", encoding="utf-8")
    recorded = run(*ACT, "--file", str(act))
    assert recorded.exit_code == 0, recorded.stderr
    kept = repo / "plan/evidence/2024/1.1.2/Акт.txt"
    kept.write_text("исправлено", encoding="utf-8")
    undone = run("undo", "--reason", "ошибка")
    assert undone.exit_code == 0
    assert undone.stdout.startswith("Сохранено: ")
    assert undone.stderr == (
        "kvartal: Больше не приложено, но осталось в папке, потому что в истории такого содержания "
        "нет: evidence/2024/1.1.2/Акт.txt. Если это не нужно, удалите сами.\n"
    )
    assert kept.read_text(encoding="utf-8") == "исправлено"
    assert "evidence" in git("status", "--porcelain")
