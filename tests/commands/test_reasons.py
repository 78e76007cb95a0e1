"""On what basis: reasons of undo and redo, and of manual edits that take back a fact."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.tui.commands import reasons
from tests.commands.conftest import Ask, Run

Git = Callable[..., str]
DONE = ("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27")
OTHER = ("record", "1.2.2", "--quarter", "3", "--date", "2024-09-27")
"""Of a measure that no other one refers to."""


def body(git: Git) -> list[str]:
    return git("log", "-1", "--format=%b").splitlines()


def without_record(plan: Path) -> None:
    """Take the record out of the file, as an editor would."""
    lines = plan.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.strip() == "records:")
    end = next(at for at in range(start, len(lines)) if lines[at].startswith("  - id:"))
    plan.write_text("".join([*lines[:start], *lines[end:]]), encoding="utf-8")


def test_undo_and_redo_take_a_reason(programme: Path, run: Run, git: Git, ask: Ask) -> None:
    run("set", "1.1.2", "notes=первое")
    assert run("undo", "--reason", "  Не то мероприятие → 1.1.3 ").stderr == ""
    assert body(git)[0] == "Причина: Не то мероприятие → 1.1.3"
    assert ask("log")[0]["note"] == "Причина: Не то мероприятие → 1.1.3"
    assert "  Причина: Не то мероприятие → 1.1.3\n" in run("log", "--limit", "1").stdout
    run("redo", "--reason", "Всё-таки оно")
    assert body(git)[0] == "Причина: Всё-таки оно"
    run("undo")
    assert not [line for line in body(git) if line.startswith("Причина")]
    assert run("verify", "--backdating-days", "100000").exit_code == 0


def test_a_fact_taken_back_without_a_reason_is_said_to_be(
    programme: Path, run: Run, git: Git
) -> None:
    run(*DONE)
    done = run("undo")
    assert done.exit_code == 0
    assert "(1.1.2), а почему — не сказано" in done.stderr
    assert body(git)[0] == "Причина: основание не указано"
    # What is done again is not taken back.
    assert run("redo").stderr == ""
    assert run("undo", "--reason", "Акт отозван").stderr == ""
    assert body(git)[0] == "Причина: Акт отозван"
    assert run("verify", "--backdating-days", "100000").exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        ("postpone", "1.1.2", "--to", "4 квартал 2024", "--reason", "Поставщик"),
        ("cancel", "1.1.2", "--reason", "Нет денег"),
    ],
)
def test_postponements_and_cancellations_are_facts(
    programme: Path, run: Run, git: Git, change: tuple[str, ...]
) -> None:
    assert run(*change).exit_code == 0
    assert "не сказано" in run("undo").stderr
    assert "Причина: основание не указано" in body(git)


def test_at_a_terminal_the_reason_is_asked_for(
    programme: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "_is_conversation", lambda _options: True)
    monkeypatch.setattr(reasons, "_asked", lambda lost: f"Ошибка в {lost[0]}")
    run(*DONE)
    assert run("undo").stderr == ""
    assert body(git)[0] == "Причина: Ошибка в 1.1.2"
    run(*OTHER)
    assert run("remove", "1.2.2").stderr == ""
    assert body(git)[0] == "Причина: Ошибка в 1.2.2"


def test_a_measure_removed_with_its_facts_has_a_reason_or_says_so(
    programme: Path, run: Run, git: Git
) -> None:
    assert run("remove", "1.2.2").stderr == ""
    assert not [line for line in body(git) if line.startswith("Причина")]
    run("undo")
    run(*OTHER)
    assert run("remove", "1.2.2", "--dry-run").stderr == ""
    assert "(1.2.2), а почему — не сказано" in run("remove", "1.2.2").stderr
    assert body(git)[0] == "Причина: основание не указано"
    run("undo")
    assert run("remove", "1.2.2", "--reason", "Внесено по ошибке").stderr == ""
    assert body(git)[0] == "Причина: Внесено по ошибке"
    assert run("verify", "--backdating-days", "100000").exit_code == 0


def test_a_manual_edit_that_takes_back_a_fact_needs_a_reason(
    programme: Path, run: Run, git: Git
) -> None:
    run(*DONE)
    before = git("rev-parse", "HEAD")
    without_record(programme)
    edited = programme.read_bytes()
    for command in (("adopt",), ("adopt", "--reason", "  "), ("set", "1.1.3", "notes=x")):
        refused = run(*command)
        assert refused.exit_code == 1
        assert "снятие с плана (1.1.2): для истории нужна причина" in refused.stderr
        assert '`kvartal adopt --reason "…"`' in refused.stderr
        assert (programme.read_bytes(), git("rev-parse", "HEAD")) == (edited, before)
    assert run("adopt", "--reason", "Акт отозван").exit_code == 0
    assert body(git)[0] == "Причина: Акт отозван"
    assert run("verify", "--backdating-days", "100000").exit_code == 0


def test_other_manual_edits_need_none(programme: Path, run: Run) -> None:
    run(*DONE)
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace('"2024-09-27"', '"2024-09-26"'), encoding="utf-8")
    assert run("adopt").exit_code == 0
