"""`kvartal show`: everything about a measure, for people and for programs; hostile data in it."""

from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run

HOSTILE = r'"[red]x[/b] \e[31m\e]52;c;eA==\a\u202Eобратно\0"'


def test_show_for_programs(programme: Path, ask: Ask) -> None:
    row = ask("show", "2.2.1-3", "--as-of", "2024-04-01")
    assert row["id"] == "2.2.1-3"
    assert row["as_of"] == "2024-04-01"
    assert row["days_overdue"] == 1
    assert row["actions_from"] == "2.2.1"
    assert row["indicator"] == {
        "name": "Среднемесячный процент потерь при обработке входящих вызовов, поступающих "
        "в контактный центр",
        "unit": "%",
        "direction": "not_more",
        "target": 5,
        "period": "month",
    }
    assert row["budget"] is row["cancelled"] is row["notes"] is None
    assert row["records"] == row["postponements"] == []


def test_show_has_all_that_list_has(programme: Path, ask: Ask) -> None:
    listed = next(one for one in ask("list") if one["id"] == "1.2.2")
    shown = ask("show", "1.2.2")
    assert listed.keys() <= shown.keys()
    differ = {key for key in listed if shown[key] != listed[key]}
    assert differ == {"responsible"}  # A line there, a list here.


def test_show_for_people(programme: Path, run: Run, tmp_path: Path) -> None:
    act = tmp_path / "act.txt"
    act.write_text("акт", encoding="utf-8")
    run(
        "postpone",
        "1.1.2",
        "--to",
        "4 квартал 2024",
        "--reason",
        "Поставка",
        "--basis",
        "Приказ 7",
        "--date",
        "2024-09-10",
    )
    run(
        "record",
        "1.1.2",
        "--quarter",
        "4",
        "--date",
        "2024-12-27",
        "--document",
        "Акт ввода",
        "--number",
        "12",
        "--file",
        act,
        "--result",
        "Стоит",
        "--complete",
    )
    printed = run("show", "1.1.2", "--as-of", "2025-01-01").stdout
    for text in (
        "1.1.2 Увеличение количества систем электронной очереди",
        "Исполнено (на 01.01.2025)",
        "1.1 Офис обслуживания клиентов В2В",
        "4 квартал 2024",
        "Первоначальный срок",
        "✓ IV квартал, до 31.12.2024: отмечено в срок 27.12.2024",
        "10.09.2024 → 4 квартал 2024: Поставка (основание: Приказ 7)",
        "IV квартал, 27.12.2024, мероприятие исполнено",
        "Акт ввода № 12",
        "evidence/2024/1.1.2/act.txt (6 байт, SHA-256 ",
    ):
        assert text in printed
    assert "Поставка" not in run("show", "1.1.2", "--as-of", "2024-09-09").stdout
    attached = programme.parent / "evidence" / "2024" / "1.1.2" / "act.txt"
    assert "): файл цел" in " ".join(printed.split())
    attached.write_bytes(b"other!")
    assert "): файл изменён" in " ".join(run("show", "1.1.2").stdout.split())
    attached.unlink()
    assert "): файла нет" in " ".join(run("show", "1.1.2").stdout.split())


def test_an_indicator_for_people(programme: Path, run: Run) -> None:
    run("record", "2.2.1", "--quarter", "1", "--date", "2024-04-05", "--value", "2024-Q1=94,5")
    printed = run("show", "2.2.1", "--as-of", "2024-05-01").stdout
    assert "не менее 95 % за квартал" in printed
    assert "2024-Q1: 94,5 % (план не выполнен)" in printed


def test_an_unknown_measure(programme: Path, run: Run) -> None:
    result = run("show", "1.1.22", "--json")
    assert result.exit_code == 1
    assert "«1.1.22» нет в программе. Может быть, 1.1.2" in result.stderr
    assert "Может быть" not in run("show", "что-то").stderr


@pytest.fixture
def hostile(programme: Path) -> Path:
    text = programme.read_text(encoding="utf-8")
    row = "Обеспечена установка терминала электронной очереди"
    text = text.replace(f"result: {row}", f"result: {HOSTILE}", 1)
    action = "Проведение ремонтных работ в зданиях/ помещениях ЦОК/ КО"
    text = text.replace(f"- {action}", f"- {HOSTILE}", 1)
    programme.write_text(text, encoding="utf-8")
    return programme


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "--json"],
        ["show", "1.1.2"],
        ["show", "1.1.4", "--json"],
        ["overdue"],
        ["validate"],
        ["diff"],
        ["set", "1.1.2", "notes=x"],
    ],
)
def test_hostile_data_is_shown_and_does_nothing(
    hostile: Path, run: Run, arguments: list[str]
) -> None:
    printed = run(*arguments).output
    assert printed
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(printed)


def test_hostile_data_is_literal(hostile: Path, run: Run, ask: Ask) -> None:
    assert "[red]x[/b] ␛[31m␛]52;c;eA==␇‹U+202E›обратно␀" in run("show", "1.1.2").stdout
    assert ask("show", "1.1.2")["result"] == "[red]x[/b] \x1b[31m\x1b]52;c;eA==\x07\u202eобратно\0"
