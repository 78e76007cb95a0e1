"""`kvartal import` and `init --from`: one change, one commit; the preview is the import itself."""

import json
import re
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from kvartal.tui.commands import reading_progress as progress
from tests.commands.conftest import Ask, Run

CASES = Path(__file__).resolve().parents[1] / "exchange" / "cases"
EXPORT = Path(__file__).resolve().parents[1] / "fixtures" / "programme-2024.txt"
Git = Callable[..., str]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Return the text of the shipped programme with one result changed and one row more."""
    text = EXPORT.read_text(encoding="utf-8")
    text = text.replace("Обеспечена установка терминала электронной", "Установлен терминал", 1)
    row = "1.1.5\tНовое дело\tСделать дело\t4 квартал 2024\tДело сделано\n"
    at = text.index("1.2.\tОфис обслуживания")
    path = tmp_path / "правка.txt"
    path.write_text(text[:at] + row + text[at:], encoding="utf-8")
    return path


def test_without_a_programme_it_is_said_how_one_begins_with_a_document(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = here("import", EXPORT)
    assert result.exit_code == 2
    assert "kvartal init --from" in result.stderr


def test_the_same_document_again_changes_nothing(programme: Path, ask: Ask, git: Git) -> None:
    head = git("rev-parse", "HEAD")
    row = ask("import", EXPORT)
    assert (row["commit"], row["changes"], row["added"], row["changed"]) == (None, [], [], [])
    assert row["left"] == []
    assert git("rev-parse", "HEAD") == head


def test_an_edited_copy_changes_only_what_changed_in_one_commit_and_one_undo(
    programme: Path, run: Run, git: Git, edited: Path
) -> None:
    before = programme.read_bytes()
    preview = run("import", edited, "--dry-run", "--json")
    assert preview.exit_code == 1  # A torn word stands in the text: it is a doubt.
    planned = json.loads(preview.stdout)
    assert planned["added"] == ["1.1.5"]
    assert [(one["id"], one["field"]) for one in planned["changed"]] == [("1.1.2", "result")]
    assert "word-torn" in {one["code"] for one in planned["remarks"]}
    assert programme.read_bytes() == before
    done = run("import", edited, "--json")
    assert done.exit_code == 0
    row = json.loads(done.stdout)
    assert {**row, "commit": None} == planned
    message = git("log", "-1", "--format=%B")
    assert message.startswith("1.1.2, 1.1.5: импорт из «правка.txt»: ")
    assert "\nKvartal-Change: import\n" in message
    assert "\nKvartal-Source: sha256:" in message
    assert message.rstrip().endswith(" правка.txt")
    again = json.loads(run("import", edited, "--json").stdout)
    assert (again["commit"], again["added"], again["changed"]) == (None, [], [])
    assert run("verify").exit_code == 0, run("verify").stdout
    assert run("undo", "--reason", "Не тот файл").exit_code == 0
    assert programme.read_bytes() == before


def test_a_preview_for_people_says_what_and_where(programme: Path, run: Run, edited: Path) -> None:
    result = run("import", edited, "--dry-run")
    assert "1.1.5" in result.stdout
    assert "Добавлено: 1, изменено: 1." in result.stdout
    assert "Ничего не записано" in result.stdout
    assert "kvartal: строка 165, столбец 1: «клиентов- физических»" in result.stderr


def test_what_the_document_lacks_stays_and_an_approved_term_is_not_taken(
    programme: Path, run: Run, tmp_path: Path
) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    text = text.replace("\t3 квартал 2024\tОбеспечена", "\t4 квартал 2024\tОбеспечена", 1)
    lines = [line for line in text.split("\n") if not line.startswith("3.3.1\t")]
    path = tmp_path / "план.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    row = json.loads(run("import", path, "--json").stdout)
    assert (row["commit"], row["left"]) == (None, ["3.3.1"])
    (said,) = [one["message"] for one in row["remarks"] if one["code"] == "term-differs"]
    assert "kvartal postpone 1.1.2 --to '4 квартал 2024'" in said
    # Where the number in the table differs from the id, both are shown.
    assert run("move", "3.3.1", "--number", "3.3.9").exit_code == 0
    left = "В документе нет, остаются как есть: 3.3.9 (3.3.1)."
    assert left in run("import", path, "--dry-run").stdout


def test_refusals(programme: Path, run: Run, edited: Path, tmp_path: Path) -> None:
    strict = run("import", edited, "--strict", "--json")
    assert strict.exit_code == 1
    assert json.loads(strict.stdout)["error"]["code"] == "not-all-understood"
    other = run("import", CASES / "01-severopolsk.docx", "--json")
    assert json.loads(other.stdout)["error"]["code"] == "import-for-other-years"
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\x00\x01\x02")
    for path, code in ((binary, "unknown-format"), (tmp_path / "нет.docx", "document-unreadable")):
        result = run("import", path, "--json")
        assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, code)


def test_columns_are_written_to_a_file_and_read_from_it(
    programme: Path, run: Run, tmp_path: Path
) -> None:
    table = "Пункт;Дело;Когда\n9;Новое;3 квартал 2024\n1.2.2;Как угодно;3 квартал 2024\n"
    path, columns = tmp_path / "план.csv", tmp_path / "столбцы.toml"
    path.write_text(table, encoding="cp1251")
    refused = run("import", path, "--year", "2024")
    assert "не найдена таблица мероприятий" in refused.stderr
    columns.write_text(
        '[columns]\n"Пункт" = "number"\n"Дело" = "actions"\n"Когда" = "term"\n', encoding="utf-8"
    )
    written = tmp_path / "ещё.toml"
    options = ("--year", "2024", "--map", columns, "--write-map", written, "--dry-run", "--json")
    row = json.loads(run("import", path, *options).stdout)
    assert row["added"] == ["9"]
    assert [(one["id"], one["field"]) for one in row["changed"]] == [("1.2.2", "actions")]
    assert '"Дело" = "actions"' in written.read_text(encoding="utf-8")
    columns.write_text('"Дело" = "нечто"\n', encoding="utf-8")
    wrong = run("import", path, "--map", columns, "--json")
    assert json.loads(wrong.stdout)["error"]["code"] == "unknown-column-field"
    inside = ("--write-map", programme.parent / "x.toml")
    refused = run("import", EXPORT, *inside, "--json")
    assert json.loads(refused.stdout)["error"]["code"] == "column-map-in-plan-folder"
    nameless = run("import", EXPORT, "--write-map", "-", "--dry-run")
    assert "только в файл, не в стандартный вывод" in nameless.stderr
    assert not Path("-").exists()


def test_a_slow_reading_is_told_to_a_terminal_and_leaves_nothing_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(progress, "_INTERVAL", 0.01)
    with progress.reading_progress("план\x1b[2J.docx"):
        sleep(0.1)
    lines = shown.getvalue().split("\r\x1b[K")
    assert "Читается «план␛[2J.docx», 0 с. Ctrl-C — остановить." in lines
    assert lines[-1] == ""
    quiet = StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    with progress.reading_progress("план.docx"):
        sleep(0.1)
    assert quiet.getvalue() == ""


def test_a_file_that_is_no_map_is_not_replaced_by_one(
    programme: Path, run: Run, tmp_path: Path
) -> None:
    notes = tmp_path / "заметки.toml"
    notes.write_text("жизнь = 42", encoding="utf-8")
    refused = run("import", EXPORT, "--write-map", notes, "--json")
    assert json.loads(refused.stdout)["error"]["code"] == "column-map-would-replace"
    assert notes.read_text(encoding="utf-8") == "жизнь = 42"
    notes.unlink()
    for _again in range(2):
        assert run("import", EXPORT, "--write-map", notes).exit_code == 0


def test_a_programme_begins_with_a_document(
    repo: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = CASES / "15-prostoy-plan.docx"
    preview = run("init", repo, "--from", file, "--dry-run", "--json")
    assert preview.exit_code == 0
    planned: dict[str, Any] = json.loads(preview.stdout)
    assert (planned["ids"], planned["commit"]) == (["1", "2", "3", "4", "5"], None)
    assert not (repo / "plan").exists()
    done = json.loads(run("init", repo, "--from", file, "--title", "Своё", "--json").stdout)
    assert done["file"] == str(repo / "plan" / "2026.yaml")
    message = git("log", "--format=%B")
    assert "Причина: взято из «15-prostoy-plan.docx»" in message
    assert re.search(
        r"^Kvartal-Source: sha256:[0-9a-f]{64} 15-prostoy-plan.docx$", message, re.MULTILINE
    )
    assert run("verify").exit_code == 0
    assert "title: Своё" in (repo / "plan" / "2026.yaml").read_text(encoding="utf-8")
    assert run("validate").exit_code == 0
    again = run("init", repo, "--from", file, "--json")
    assert json.loads(again.stdout)["error"]["code"] == "plan-exists"
    assert run("init", repo, "--strict").exit_code == 2
    row = json.loads(run("import", file, "--json").stdout)
    assert (row["commit"], row["added"], row["changed"]) == (None, [], [])
