"""What `kvartal log` says about a commit besides its fields: the reason, what it reverts."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run

Git = Callable[..., str]


def edit(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), encoding="utf-8")


def last(run: Run, *arguments: str) -> list[str]:
    """Return what the log prints about the last commit, without the line of who and when."""
    return run("log", "--limit", "1", *arguments).stdout.splitlines()[1:]


def test_the_reason_and_what_is_undone_are_printed(
    programme: Path, run: Run, git: Git, ask: Ask
) -> None:
    edit(programme, "measures:\n", "# Таблица по приказу № 5\nmeasures:\n")
    git("commit", "-qam", "Правка", "-m", "По приказу № 7\nот 1 апреля\n\n# Conflicts:\n#\tx")
    comment = "    Комментарий в файле: — → Таблица по приказу № 5"
    by_hand = ["  Сделано без этой программы.", "  Слова автора: По приказу № 7"]
    by_hand.append("  Слова автора: от 1 апреля")
    assert last(run) == ["Правка", *by_hand, "  Программа в целом", comment]
    assert ask("log")[0]["note"] == "По приказу № 7\nот 1 апреля"
    edit(programme, "№ 5\nmeasures:\n", "№ 5\n\nmeasures:\n")
    git("commit", "-qam", "Пустая строка")
    assert last(run)[1:] == [by_hand[0], "  Значения не изменились: только оформление файла."]
    edit(programme, "\n\nmeasures:\n", "\nmeasures:\n")
    git("commit", "-qam", "x", "-m", "\x1b[31m<b>\n" * 25)
    lines = last(run)
    assert lines[2] == "  Слова автора: ␛[31m<b>"
    assert lines[22] == "  … и ещё строк: 5"
    run("set", "1.1.2", "notes=x")
    edit(programme, "notes: x", "notes: z")
    adoption = run("adopt", "--reason", "Опечатка [1]")
    assert adoption.exit_code == 0, adoption.output
    assert last(run)[1] == "  Причина: Опечатка [1]"
    assert last(run, "1.1.2")[1] == "  Причина: Опечатка [1]"
    adopted, undone = git("rev-parse", "HEAD").strip(), run("undo")
    assert undone.exit_code == 0
    assert last(run)[1] == f"  В записи сказано: отменяет запись {adopted[:10]}."
    undo = git("rev-parse", "HEAD").strip()
    run("redo")
    assert last(run)[1] == f"  В записи сказано: возвращает то, что отменила запись {undo[:10]}."


def test_a_renamed_file_is_no_beginning(
    programme: Path, here: Run, run: Run, git: Git, ask: Ask
) -> None:
    run("set", "1.1.3", "notes=а")
    git("mv", programme, programme.with_name("2024 год.yaml"))
    git("commit", "-qm", "Переименован")
    lines = last(run)
    assert "прежде это был «plan/2024.yaml»" in lines[2]
    assert "`git log -- ':/plan/2024.yaml'`" in lines[2]
    assert len(lines) == 3
    assert last(run, "1.1.2") == lines
    assert ask("log")[0]["changes"] == []
    assert "нет в программе" in run("log", "9.9.9").stderr
    compared = here("diff", "HEAD~2")
    assert "В версии HEAD~2 файл программы назывался «plan/2024.yaml»" in compared.stderr
    assert compared.stdout.splitlines()[1:] == ["    Примечания: — → а"]
    assert "раньше файл программы назывался «plan/2024.yaml»" in here("undo").stderr


def test_a_shallow_clone_says_that_there_was_more(
    programme: Path, here: Run, run: Run, tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in "ab":
        run("set", "1.1.2", f"notes={text}")
    git("clone", "-q", "--depth", "2", programme.parents[1].as_uri(), tmp_path / "clone")
    monkeypatch.chdir(tmp_path / "clone")
    lines = here("log").stdout.splitlines()
    assert len(lines) == 8
    assert "  Что было раньше, не получено с сервера" in lines[-1]
    assert "--unshallow" in here("log", "1.1.2").stdout
    assert "не получено с сервера: в этой копии" in here("diff", "2001-01-01").stderr
    assert "нет в программе" in here("log", "9.9.9").stderr


def test_of_long_texts_only_what_differs_is_printed(programme: Path, run: Run) -> None:
    same = " ".join(f"слово{number}" for number in range(500))
    run("set", "1.1.2", f"notes={same}")
    assert f"    Примечания: — → {same}" in last(run)
    run("set", "1.1.2", f"notes={same} Конец.")
    old, new = last(run)[-2:]
    assert old.startswith("      − слово0 слово1 ")
    assert old.endswith(" слово498 слово499")
    assert new.startswith("      + … ")
    assert new.endswith(" слово498 слово499 Конец.")
    assert len(old) + len(new) < 300
    run("set", "1.1.2", f"notes={same.replace('слово250', 'иное')}")
    old, new = last(run)[-2:]
    assert " слово249 слово250 слово251 " in old
    assert " слово249 иное слово251 " in new
    run("set", "1.1.2", f"notes={'совсем другой текст ' * 30}")
    assert " слово200 слово201 " in last(run)[-2]


def test_a_spoilt_file_has_a_history(programme: Path, run: Run, git: Callable[..., str]) -> None:
    programme.write_text("measures: [", encoding="utf-8")
    day = date.fromisoformat(git("log", "-1", "--format=%as").strip())
    of_that_day = ("--since", f"{day:%d.%m.%Y}", "--until", str(day))
    assert "Программа на 2024 год" in run("log", "1.1.2", *of_that_day).stdout
    for outside in (("--until", day - timedelta(days=1)), ("--since", day + timedelta(days=1))):
        assert run("log", *map(str, outside)).stdout == "За эти дни изменений нет.\n"


def test_a_measure_is_never_listed_without_what_changed_in_it(
    programme: Path, run: Run, git: Callable[..., str]
) -> None:
    text = programme.read_text(encoding="utf-8")
    result = "Обеспечена установка терминала электронной очереди"
    assert f"result: {result}\n" in text
    programme.write_text(text.replace(f"result: {result}\n", f'result: "{result} "\n'), "utf-8")
    line = f"    Ожидаемый результат: «{result}» → «{result} »\n"
    assert line in run("diff").stdout
    git("commit", "-q", "-a", "-m", "Пробел")
    assert line in run("log", "--limit", "1").stdout
    back = f"    Ожидаемый результат: «{result} » → «{result}»\n"
    assert back in run("undo", "--dry-run").stdout


def test_long_values_are_shown_by_what_differs(programme: Path, run: Run) -> None:
    words = " ".join(f"слово{number}" for number in range(20))
    run("set", "1.1.2", f"notes={words} начало {words}")
    run("set", "1.1.2", f"notes={words} конец {words}")
    printed = run("log", "--limit", "1").stdout
    assert "    Примечания:\n      − … " in printed
    assert len(max(printed.splitlines(), key=len)) < 200
    assert "начало" in printed
    assert "конец" in printed


def test_what_nobody_checked_is_named_as_the_author_s_words(
    programme: Path, run: Run, git: Git
) -> None:
    """A paragraph that a person or a hook adds to a message of the program too."""
    run("set", "1.1.2", "notes=Да")
    message = git("log", "-1", "--format=%B")
    subject, _, rest = message.partition("\n\n")
    claim = "Согласовано с директором."
    git("commit", "-q", "--amend", "-m", f"{subject}\n\n{claim}\n\n{rest}")
    assert f"  Слова автора: {claim}" in last(run)
    assert f"  The author's words: {claim}" in last(run, "--lang", "en")
    reverts = f"Kvartal-Reverts: {'a' * 40}"
    git("commit", "-q", "--amend", "-m", f"{subject}\n\n{reverts}")
    assert f"  Слова автора: {reverts}" in last(run)
    assert not any("отменяет" in line for line in last(run))
    edit(programme, "notes: Да", "notes: Нет")
    run("adopt", "--reason", "Опечатка")
    assert "  Причина: Опечатка" in last(run)
