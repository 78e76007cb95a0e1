"""Records put right, measures moved and copied, structure and document edited, a new year begun."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kvartal.history.yaml_text.loader import load
from tests.commands.conftest import Ask, Run

pytestmark = pytest.mark.usefixtures("programme")


def rows(repo: Path, year: int = 2024) -> dict[str, Any]:
    """Return the measures of a plan file by id."""
    path = repo / f"plan/{year}.yaml"
    measures: Any = load(path.read_bytes(), path.name).data["measures"]
    return {row["id"]: row for row in measures}


def saved(result: Result) -> str:
    """Return what a command says it has saved."""
    assert result.exit_code == 0, result.output
    return result.stdout.strip().removeprefix("Сохранено: ")


def test_a_measure_moves_and_is_copied(run: Run, repo: Path, ask: Ask) -> None:
    """3.4.1-2 gets to channel 3.6, which it could not by any way before."""
    moved = saved(run("move", "3.4.1-2", "--channel", "3.6"))
    assert moved.startswith("3.4.1-2: перенесено в канал 3.6")
    answer = ask("copy", "1.1.2", "--channel", "1.5", "--number", "1.5.1")
    assert answer["ids"] == ["1.5.1"]
    there = rows(repo)
    assert there["3.4.1-2"]["channel"] == "3.6"
    assert there["3.4.1-2"]["number"] == "3.4.1"
    assert [*there][-1] == "3.4.1-2"
    assert there["1.5.1"]["channel"] == "1.5"
    assert run("move", "1.1.1", "1.1.2", "--number", "7").exit_code == 2
    assert run("move", "1.1.1").exit_code == 2
    assert "«9.9» нет" in run("move", "1.1.1", "--channel", "9.9").stderr
    run("undo", "--reason", "ошибка")
    assert "1.5.1" not in rows(repo)
    new = ("add", "--proposal", "Вне разделов", "--term", "III", "--number", "п. 7")
    assert "--top" in run(*new).stderr
    assert run(*new, "--top", "--section", "1").exit_code == 2
    saved(run(*new, "--top"))
    assert not {"channel", "section"} & rows(repo)["п-7"].keys()
    assert "Номер «п. 7» стоит у п-7:" in run("show", "п. 7").stderr
    assert re.search(r"^Номер +п\. 7$", run("show", "п-7").stdout, re.MULTILINE)
    assert not re.search(r"^Номер ", run("show", "3.4.1-2").stdout, re.MULTILINE)
    assert re.search(r"^№ +Мероприятие ", run("list").stdout, re.MULTILINE)
    saved(run("move", "п-7", "--number", "9"))
    assert re.search(r"^ID +Номер ", run("list").stdout, re.MULTILINE)
    assert re.search(r"^п-7 +9 ", run("list").stdout, re.MULTILINE)
    assert re.search(r"^№ +Мероприятие ", run("list", "--channel", "1.1").stdout, re.MULTILINE)


def test_an_id_that_is_also_the_number_of_another_is_meant_and_named(run: Run) -> None:
    """Programs go by ids; people type the number they see, and are told which measure it was."""
    saved(run("move", "1.1.1", "--number", "1.1.2"))
    assert "понято как" not in run("move", "1.1.2", "--number", "1.1.1").stderr
    assert re.search(r"^1\.1\.1 +1\.1\.2 +Ответственный", run("gaps").stdout, re.MULTILINE)
    said = (
        "«1.1.1» понято как обозначение (ID): это мероприятие под номером 1.1.2. Если нужно то, "
        "что под номером «1.1.1», укажите 1.1.2."
    )
    done = run("set", "1.1.1", "notes=х")
    assert done.exit_code == 0
    assert said in done.stderr
    shown = run("show", "1.1.1", "--json")
    assert json.loads(shown.stdout)["id"] == "1.1.1"
    assert said in shown.stderr
    assert said in run("log", "1.1.1").stderr
    assert said in run("correct", "1.1.1", "--quarter", "1", "--reason", "х").stderr
    assert json.loads(run("log", "1.1.1", "--json").stdout)[0]["changes"][0]["new"] == "х"


def test_sections_channels_and_the_document(run: Run, repo: Path, ask: Ask) -> None:
    for words in (
        ("section", "add", "4", "Доступность"),
        ("section", "add", "4.1", "Пандусы", "--section", "4", "--channel"),
        ("section", "set", "1.1", "number=1.9", "title=Офисы", "--channel"),
        ("section", "move", "4", "--after", "1"),
        ("section", "remove", "1.3", "--channel"),
        ("document", "set", "title=Новое название", "approval.date=20.12.2023"),
        ("document", "set", 'fields=[{"key": "day", "title": "Проверка", "type": "date"}]'),
        ("set", "1.1.2", "extra.day=1.6.24"),
    ):
        saved(run(*words))
    assert {row["channel"] for row in rows(repo).values()} >= {"1.9", "1.2"}
    data: Any = load((repo / "plan/2024.yaml").read_bytes(), "x").data
    assert [one["number"] for one in data["sections"]] == ["1", "4", "2", "3"]
    assert data["document"]["title"] == "Новое название"
    assert data["document"]["approval"]["date"] == "2023-12-20"
    assert rows(repo)["1.1.2"]["extra"] == {"day": "2024-06-01"}
    assert "Дата «потом» не понята" in run("set", "1.1.2", "extra.day=потом").stderr
    refused = run("section", "remove", "1")
    assert refused.exit_code == 1
    assert "не пуст: 1.9, 1.2, 1.4, 1.5" in refused.stderr
    assert "Поля «colour»" in run("section", "set", "1", "colour=red").stderr
    taken = run("document", "set", 'fields=[{"key": "records", "title": "Записи"}]')
    assert taken.exit_code == 1
    assert "«records»: так называется собственное поле мероприятия" in taken.stderr
    answer = ask("section", "set", "2", "title=Заочное", "--dry-run")
    assert answer["commit"] is None
    assert answer["changes"][0]["new"] == "Заочное"


def test_a_record_is_put_right(run: Run, repo: Path, tmp_path: Path, ask: Ask) -> None:
    scan = tmp_path / "Акт.pdf"
    scan.write_bytes(b"%PDF-1.7 \x00")
    run("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27", "--document", "Акт")
    corrected = ("correct", "1.1.2", "--quarter", "3")
    answer = ask(*corrected, "--of", "1", "--number", "13", "--file", scan, "--reason", "Поставка")
    assert {change["field"] for change in answer["changes"]} >= {
        "records.0.reason",
        "records.0.evidence.documents.0.number",
    }
    record = rows(repo)["1.1.2"]["records"][0]
    assert record["evidence"]["documents"] == [{"title": "Акт", "number": "13"}]
    ask(*corrected, "--number", "14", "--document-date", "2024-09-26")  # There is one document.
    (document,) = rows(repo)["1.1.2"]["records"][0]["evidence"]["documents"]
    assert document == {"title": "Акт", "number": "14", "date": "2024-09-26"}
    saved(run(*corrected, "--document", "Приказ"))
    unclear = run(*corrected, "--number", "15")
    assert (unclear.exit_code, "--of N" in unclear.stderr) == (2, True)
    saved(run(*corrected, "--remove-document", "2"))
    kept = repo / "plan" / record["evidence"]["files"][0]["path"]
    assert kept.read_bytes() == scan.read_bytes()
    saved(run(*corrected, "--remove-file", "Акт.pdf"))
    assert "files" not in rows(repo)["1.1.2"]["records"][0]["evidence"]
    assert not kept.exists()
    refused = run("correct", "1.1.2", "--quarter", "1", "--result", "х").stderr
    assert "отметки за I квартал 2024 нет" in refused
    assert run("correct", "1.1.2", "--result", "х").exit_code == 2


def test_where_evidence_is_thin(run: Run, ask: Ask) -> None:
    run("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27")
    found = [row for row in ask("gaps", "--as-of", "2024-10-01") if row["id"] == "1.1.2"]
    assert [(row["code"], row["severity"], row["quarter"]) for row in found] == [
        ("record-without-evidence", "warning", 3),
        ("responsible-missing", "note", None),
    ]
    assert found[0]["year"] == 2024
    assert found[0]["message"] == "Отметка за III квартал 2024 ничем не подтверждена."
    page = run("show", "1.1.2", "--as-of", "2024-10-01").stdout
    assert "Слабое место" in page
    assert "Отметка за III квартал 2024 ничем не подтверждена." in page
    mail = run("digest", "--as-of", "2024-10-01").stdout
    assert "Отметка за III квартал 2024 ничем не подтверждена." in mail
    assert run("gaps", "--as-of", "2024-10-01", "--fail").exit_code == 1
    assert run("gaps", "--as-of", "2024-01-01", "--fail").exit_code == 0


@pytest.fixture
def next_year(programme: Path, run: Run) -> Result:
    """Return the answer of the command that makes the programme of 2025."""
    assert programme.exists()
    words = ("--drop", "1.1.2=офис закрыт", "--term", "2.2.1=до 30.06.2025")
    return run("new-year", "2025", *words, "--as-of", "2024-12-31")


def test_the_next_year(run: Run, repo: Path, ask: Ask, next_year: Result) -> None:
    assert "Сохранено: Программа на 2025 год" in next_year.stdout
    (line,) = (one for one in next_year.stdout.splitlines() if one.startswith("  2.2.1  "))
    assert line.endswith("  до 30.06.2025")
    new = rows(repo, 2025)
    assert "1.1.2" not in new
    assert new["2.2.1"]["term"] == {"text": "до 30.06.2025", "due": "2025-06-30"}
    assert new["1.1.1"]["carried_from"] == {"plan": "plan/2024.yaml", "id": "1.1.1"}
    (entry,) = ask("log", "--plan", "plan/2025.yaml")
    assert "2025" in entry["subject"]
    for option in ("--carry=1.1.1", "--term=1.1.1=до 30.06.2026"):
        both = run("new-year", "2026", option, "--drop=1.1.1=нет")
        assert (both.exit_code, "1.1.1: указано и перенести" in both.stderr) == (2, True)
    anew = run("new-year", "2026", "--renumber", "--dry-run", "--plan", "plan/2025.yaml").stdout
    assert "  1.1.1  " in anew
    assert "  1.1.3 → 1.1.2  " in anew
    again = run("new-year", "2025", "--plan", "plan/2024.yaml")
    assert again.exit_code == 1
    assert "уже есть" in again.stderr
    assert run("verify", "--plan", "plan/2025.yaml").exit_code == 0
