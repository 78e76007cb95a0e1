"""The commands that change something: each makes one commit, or is refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.store.ledger import Ledger
from kvartal.history.store.recovery import Recovery, RecoveryOutcome
from tests.commands.conftest import Ask, Run

Git = Callable[..., str]


def head(git: Git) -> str:
    return git("rev-parse", "HEAD").strip()


def trailers(git: Git) -> str:
    return git("log", "-1", "--format=%(trailers:only,unfold)").strip()


def test_set_changes_one_line_in_one_commit(programme: Path, run: Run, git: Git) -> None:
    before = head(git)
    text = "Обеспечена установка терминала и табло"
    result = run("set", "1.1.2", f"result={text}")
    assert (result.exit_code, result.stderr) == (0, "")
    short = git("rev-parse", "--short", "HEAD").strip()
    assert result.stdout.startswith("Сохранено: 1.1.2: ")
    assert result.stdout.endswith(f" ({short})\n")
    assert git("rev-parse", "HEAD^").strip() == before
    assert git("diff", "HEAD^", "--numstat") == "1\t1\tplan/2024.yaml\n"
    assert git("status", "--short") == ""
    assert trailers(git) == "Kvartal-Change: set\nKvartal-Measure: 1.1.2"
    assert text in programme.read_text(encoding="utf-8")


def test_set_takes_several_fields_at_once(programme: Path, run: Run, ask: Ask, git: Git) -> None:
    fields = ("responsible=Отдел ОК", "budget.plan=1 250 000,50", "actions=Закупка; Установка")
    assert run("set", "1.1.2", *fields).exit_code == 0
    assert git("rev-list", "--count", "HEAD") == "2\n"
    row = ask("show", "1.1.2")
    assert row["responsible"] == [{"name": "Отдел ОК", "role": None}]
    assert row["budget"] == {"plan": 1250000.5, "fact": None}
    assert row["actions"] == ["Закупка", "Установка"]


def test_money_of_one_source_and_year_is_stored_and_read_back(
    programme: Path, run: Run, ask: Ask
) -> None:
    assert run("set", "1.1.2", "budget.0.source=Тариф", "budget.0.plan=5").exit_code == 0
    assert run("set", "1.1.1", "budget.plan=7").exit_code == 0
    assert run("set", "1.1.1", "budget.0.year=2024").exit_code == 0
    text = programme.read_text(encoding="utf-8")
    assert "    budget:\n      - source: Тариф\n        plan: 5\n" in text
    assert "    budget:\n      - year: 2024\n        plan: 7\n" in text
    money = {"plan": 5, "fact": None, "source": "Тариф"}
    assert ask("show", "1.1.2")["budget"] == money
    assert run("validate").exit_code == 0
    assert run("verify").exit_code == 0


def test_setting_what_is_there_already_writes_nothing(programme: Path, run: Run, git: Git) -> None:
    before = programme.read_bytes(), programme.stat().st_mtime_ns, head(git)
    result = run(
        "set", "1.1.2", "number=1.1.2", "result=Обеспечена установка терминала электронной очереди"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Без изменений")
    assert (programme.read_bytes(), programme.stat().st_mtime_ns, head(git)) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["set", "1.1.22", "notes=x"], "Может быть, 1.1.2"),
        (["set", "9.9.9", "notes=x"], "«9.9.9» нет в программе"),
        (["set", "1.1.2", "nosuch=x"], "Поля «nosuch» нет"),
        (["set", "1.1.2", "number="], "не может быть пустым"),
        (["set", "1.1.2", "budget.plan=много"], "не число"),
        (["set", "1.1.2", "term=4 квартал"], "kvartal postpone 1.1.2"),
        (["set", "1.1.2", "channel=9.9"], "Изменение не записано"),
        (["postpone", "1.1.2", "--to", "III квартал", "--reason", "Так"], "срок и так"),
        (["postpone", "1.1.2", "--to", "когда-нибудь", "--reason", "Так"], "Скажите, как: "),
        (["postpone", "1.1.2", "--to", "31.02.2024", "--reason", "Так"], "не бывает"),
        (["postpone", "1.1.2", "--to", "4", "--reason", " "], "Укажите причину"),
        (["cancel", "1.1.2", "--reason", ""], "Укажите причину"),
        (["remove", "9.9.9"], "«9.9.9» нет в программе"),
        (["undo"], "Отменять нечего"),
        (["redo"], "Возвращать нечего"),
        (["record", "1.1.2", "--quarter", "1", "--date", "2024-03-30"], "Изменение не записано"),
        (["record", "1.1.2", "9.9", "--quarter", "3", "--date", "2024-09-30"], "«9.9» нет"),
        (["record", "1.1.2", "--quarter", "3", "--file", "nosuch.pdf"], "nosuch.pdf» нет"),
        (
            [
                "add",
                "--channel",
                "9.9",
                "--proposal",
                "П",
                "--action",
                "А",
                "--term",
                "4",
                "--result",
                "Р",
            ],
            "Канала обслуживания «9.9» нет",
        ),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    programme: Path, run: Run, git: Git, arguments: list[str], message: str
) -> None:
    before = programme.read_bytes(), head(git)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("kvartal: ")
    assert message in result.stderr
    assert (programme.read_bytes(), head(git)) == before
    assert git("status", "--short") == ""


def test_what_is_staged_and_dirty_stays_as_it_was(programme: Path, run: Run, git: Git) -> None:
    folder = programme.parent.parent
    (folder / "staged.txt").write_text("в индексе\n", encoding="utf-8")
    git("add", "staged.txt")
    (folder / "staged.txt").write_text("и дальше\n", encoding="utf-8")
    (folder / "new.txt").write_text("новый\n", encoding="utf-8")
    before = git("status", "--short"), git("diff"), git("diff", "--cached")
    act = folder / "act.txt"
    act.write_text("акт", encoding="utf-8")
    git("add", "act.txt")
    git("commit", "--quiet", "-m", "Акт", "--only", "act.txt")
    for arguments in (
        ["set", "1.1.2", "notes=x"],
        ["record", "1.1.2", "--quarter", "3", "--date", "2024-09-27", "--file", act],
        ["undo"],
        ["redo"],
    ):
        assert run(*arguments).exit_code == 0
        assert (git("status", "--short"), git("diff"), git("diff", "--cached")) == before
        touched = git("show", "--name-only", "-z", "--format=", "HEAD").split("\0")
        assert "plan/2024.yaml" in touched
        assert all(not name or name.startswith("plan/") for name in touched)


def test_postponing_keeps_the_original_term(programme: Path, run: Run, ask: Ask, git: Git) -> None:
    why = ("--reason", "Поставка задержана", "--basis", "Приказ 7", "--date", "10.09")
    assert run("postpone", "1.1.2", "--to", "до 30.11", *why).exit_code == 0
    row = ask("show", "1.1.2", "--as-of", "2024-10-01")
    assert row["due"] == "2024-11-30"
    assert row["original_term"]["quarters"] == [3]
    assert row["postponements"] == [
        {
            "date": "2024-09-10",
            "to": {
                "text": "до 30.11",
                "start": None,
                "due": "2024-11-30",
                "quarters": [],
                "points": [],
            },
            "reason": "Поставка задержана",
            "basis": "Приказ 7",
        }
    ]
    assert "Kvartal-Change: postpone" in trailers(git)


def test_cancelling(programme: Path, run: Run, ask: Ask) -> None:
    assert run("--as-of", "2024-09-10", "cancel", "1.1.2", "--reason", "Нет денег").exit_code == 0
    row = ask("show", "1.1.2", "--as-of", "2024-10-01")
    assert row["state"] == "cancelled"
    assert row["cancelled"] == {"date": "2024-09-10", "reason": "Нет денег", "basis": None}
    again = run("cancel", "1.1.2", "--reason", "Ещё раз")
    assert (again.exit_code, "уже снято" in again.stderr) == (1, True)


def test_adding_takes_the_next_number_and_its_place(programme: Path, run: Run, ask: Ask) -> None:
    new = (
        *("--proposal", "П", "--action", "А", "--action", "Б"),
        *("--term", "4 квартал", "--result", "Р"),
    )
    assert run("add", "--channel", "1.1", *new).exit_code == 0
    rows = ask("list", "--section", "1")
    assert [row["id"] for row in rows][4:7] == ["1.1.4", "1.1.5", "1.2.1"]
    assert rows[5]["actions"] == ["А", "Б"]
    assert rows[5]["term"]["text"] == "4 квартал"
    assert run("add", "--channel", "1.1", "--number", "1.1.5", *new).exit_code == 0
    assert (
        run("add", "--channel", "1.3", *new[:-4], "--term", "постоянно", *new[-2:]).exit_code == 0
    )
    rows = {row["id"]: row for row in ask("list", "--section", "1")}
    assert rows["1.1.5-2"]["number"] == "1.1.5"
    assert rows["1.3.1"]["due"] is None


def test_adding_wants_actions_of_its_own_or_another_s(programme: Path, run: Run, ask: Ask) -> None:
    new = ("--channel", "2.2", "--proposal", "П", "--term", "4 квартал", "--result", "Р")
    assert run("add", *new[:2], *new[4:]).exit_code == 2
    assert run("add", *new, "--action", "А", "--actions-from", "2.2.1").exit_code == 2
    assert run("add", *new, "--actions-from", "2.2.1", "--number", "2.2.1").exit_code == 0
    assert ask("show", "2.2.1-4")["actions_from"] == "2.2.1"


def test_removing_and_undoing_give_equal_bytes(programme: Path, run: Run, git: Git) -> None:
    before = programme.read_bytes()
    assert run("remove", "1.2.2").exit_code == 0
    removed = programme.read_bytes()
    assert removed != before
    result = run("undo")
    assert (result.exit_code, programme.read_bytes() == before) == (0, True)
    assert "отменено: «удалено" in result.stdout
    assert run("redo").exit_code == 0
    assert programme.read_bytes() == removed
    assert git("rev-list", "--count", "HEAD") == "4\n"
    assert "Kvartal-Change: redo" in trailers(git)


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "1.1.2", "result=Иное: «да»", "notes=#1"],
        [
            "record",
            "1.1.1",
            "1.2.1",
            "--quarter",
            "1",
            "--date",
            "2024-03-30",
            "--link",
            "https://a.ru",
        ],
        ["postpone", "3.1.1", "--to", "III квартал", "--reason", "Раньше", "--date", "2024-02-01"],
        ["cancel", "3.1.1", "--reason", "Нет", "--date", "2024-02-01"],
    ],
)
def test_undo_gives_equal_bytes(programme: Path, run: Run, arguments: list[str]) -> None:
    before = programme.read_bytes()
    assert run(*arguments).exit_code == 0
    assert programme.read_bytes() != before
    assert run("undo").exit_code == 0
    assert programme.read_bytes() == before


def by_hand(programme: Path) -> bytes:
    """Edit the file as a person with an editor does."""
    text = programme.read_text(encoding="utf-8")
    edited = text.replace("Проведение ремонтных работ в", "Ремонт в", 1)
    assert edited != text
    programme.write_text(edited, encoding="utf-8")
    return edited.encode()


def test_a_manual_edit_gets_its_own_commit(programme: Path, run: Run, git: Git) -> None:
    by_hand(programme)
    result = run("set", "1.1.2", "notes=x")
    assert result.exit_code == 0
    assert "Правка файла вручную внесена в историю отдельно" in result.stderr
    assert git("rev-list", "--count", "HEAD") == "3\n"
    assert "Kvartal-Change: edit" in git("log", "-1", "--format=%B", "HEAD^")
    assert git("diff", "HEAD^", "--numstat") == "1\t0\tplan/2024.yaml\n"


def test_a_refused_change_does_not_commit_a_manual_edit(
    programme: Path, run: Run, git: Git
) -> None:
    edited = by_hand(programme)
    assert run("set", "1.1.2", "channel=9.9").exit_code == 1
    assert run("set", "1.1.2", "number=1.1.2").exit_code == 0
    assert programme.read_bytes() == edited
    assert git("rev-list", "--count", "HEAD") == "1\n"


def test_undo_undoes_the_change_and_not_the_manual_edit(
    programme: Path, run: Run, git: Git
) -> None:
    run("set", "1.1.2", "notes=x")
    edited = by_hand(programme).replace(b"    notes: x\n", b"")
    result = run("undo")
    assert (result.exit_code, programme.read_bytes()) == (0, edited)
    assert "внесена в историю отдельно" in result.stderr


def test_an_invalid_manual_edit_is_not_committed(programme: Path, run: Run, git: Git) -> None:
    text = programme.read_text(encoding="utf-8")
    faulty = text.replace("quarters: [3]", "quarters: [7]", 1)
    programme.write_text(faulty, encoding="utf-8")
    result = run("set", "1.1.2", "notes=x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert programme.read_text(encoding="utf-8") == faulty
    assert git("rev-list", "--count", "HEAD") == "1\n"


def test_a_number_that_is_too_long_is_refused(programme: Path, run: Run) -> None:
    result = run("set", "1.1.2", f"budget.plan={'9' * 5000}")
    assert (result.exit_code, "не число" in result.stderr) == (1, True)


def test_all_problems_that_a_change_would_cause_are_reported(programme: Path, run: Run) -> None:
    result = run("set", "1.1.2", "channel=9.9", "same_work=9.9.9")
    assert result.exit_code == 1
    first, *others = result.stderr.splitlines()
    assert first.startswith("kvartal: Изменение не записано: ")
    assert others
    assert all(one.startswith("  ") and "2024.yaml" not in one for one in others)


def test_a_recovered_save_is_reported(
    programme: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovered = Recovery(RecoveryOutcome.COMPLETED, "1.1.3: примечания: — → x", "0" * 40)
    monkeypatch.setattr(Ledger, "recover", lambda _ledger, **_options: recovered)
    result = run("set", "1.1.2", "notes=x")
    assert result.exit_code == 0
    message = "kvartal: Прерванное сохранение завершено: 1.1.3: примечания: — → x\n"
    assert result.stderr == message


def test_without_git_nothing_is_saved(
    tmp_path: Path, run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "alone" / "plan"
    folder.mkdir(parents=True)
    plan = folder / "2024.yaml"
    plan.write_bytes((root / "plan" / "2024.yaml").read_bytes())
    before = plan.read_bytes()
    monkeypatch.chdir(folder)
    assert run("list").exit_code == 0
    result = run("set", "1.1.2", "notes=x")
    assert (result.exit_code, "git init" in result.stderr) == (1, True)
    assert plan.read_bytes() == before
