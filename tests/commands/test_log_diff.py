"""`kvartal log` and `diff`: changes field by field, by any author."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.commands.conftest import Ask, Run
from tests.support.isolation import AUTHOR

Git = Callable[..., str]
KEYS = ["commit", "date", "author", "email", "subject", "kind", "by_hand", "merge", "changes"]
KEYS += ["evidence", "note", "choices", "organization", "year", "plan"]


def changes(rows: list[dict[str, list[object]]]) -> list[object]:
    return [change for row in rows for change in row["changes"]]


@pytest.fixture
def history(programme: Path, run: Run, git: Git) -> Path:
    """Return the plan after a change by the program and a manual one."""
    assert run("set", "1.1.2", "notes=первое").exit_code == 0
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("notes: первое", "notes: второе"), encoding="utf-8")
    git("commit", "--quiet", "-a", "-m", "Правка в редакторе")
    return programme


def test_log_has_the_keys_of_the_contract(history: Path, ask: Ask, git: Git) -> None:
    by_hand, change, beginning = ask("log")
    assert all(list(one) == KEYS for one in (by_hand, change, beginning))
    assert by_hand["commit"] == git("rev-parse", "HEAD").strip()
    assert by_hand["date"] == git("log", "-1", "--format=%aI").strip().replace("Z", "+00:00")
    assert by_hand["author"] == change["author"] == AUTHOR
    assert by_hand["subject"] == "Правка в редакторе"
    assert by_hand["changes"] == [
        {"id": "1.1.2", "field": "notes", "old": "первое", "new": "второе"}
    ]
    assert (by_hand["kind"], by_hand["by_hand"]) == (None, True)
    assert change["changes"] == [{"id": "1.1.2", "field": "notes", "old": None, "new": "первое"}]
    assert (change["kind"], change["by_hand"]) == ("set", False)
    assert beginning["subject"] == "Программа на 2024 год"


def test_log_of_one_measure(history: Path, run: Run, ask: Ask) -> None:
    run("set", "1.1.3", "notes=x")
    assert len(ask("log", "1.1.2")) == 3
    assert len(ask("log", "1.1.3")) == 2
    assert {one["id"] for entry in ask("log", "1.1.3") for one in entry["changes"]} == {"1.1.3"}


def test_a_removed_measure_has_a_history_and_a_slip_has_none(
    history: Path, run: Run, ask: Ask
) -> None:
    run("remove", "1.2.2")
    assert ask("log", "1.2.2")[0]["kind"] == "remove"
    result = run("log", "1.1.22")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Может быть, 1.1.2" in result.stderr


def test_log_is_limited(history: Path, ask: Ask, run: Run, git: Git) -> None:
    assert [entry["kind"] for entry in ask("log", "--limit", "2")] == [None, "set"]
    days = [date.fromisoformat(day) for day in git("log", "--format=%as").split()]
    first, last, one = min(days), max(days), timedelta(days=1)
    assert len(ask("log", "--since", str(first), "--until", str(last))) == 3
    assert len(ask("log", "--since", str(last))) == days.count(last)
    assert ask("log", "--until", str(first - one)) == []
    assert ask("log", "--since", str(last + one)) == []
    assert run("log", "--limit", "0").exit_code == 2


def test_log_for_people(history: Path, run: Run) -> None:
    printed = run("log", "1.1.2", "--limit", "2").stdout
    assert "Правка в редакторе\n  Сделано без этой программы.\n" in printed
    assert "    Примечания: первое → второе\n" in printed
    assert "    Примечания: — → первое\n" in printed
    assert AUTHOR in printed


def test_log_tells_of_evidence(programme: Path, run: Run, ask: Ask, tmp_path: Path) -> None:
    act = tmp_path / "act.txt"
    act.write_text("акт", encoding="utf-8")
    run("record", "1.1.2", "--quarter", "3", "--date", "2024-09-27", "--file", act)
    (note,) = ask("log", "--limit", "1")[0]["evidence"]
    assert note["path"] == "plan/evidence/2024/1.1.2/act.txt"


def test_a_commit_cannot_act_on_the_terminal(programme: Path, run: Run, git: Git, ask: Ask) -> None:
    programme.write_bytes(programme.read_bytes() + b"# x\n")
    git(
        "commit",
        "--quiet",
        "-a",
        "-m",
        "\x1b[31mкрасное\x1b]52;c;eA==\x07",
        "--author",
        "Имя\x1b[2J <a@b.example>",
    )
    for arguments in (["log"], ["log", "--json"], ["undo"]):
        result = run(*arguments)
        assert result.exit_code == 0
        assert "\x1b" not in result.output
        assert "\x07" not in result.output
    assert ask("log")[1]["subject"].startswith("\x1b[31m")


def test_diff_of_the_file_and_its_last_version(history: Path, run: Run, ask: Ask) -> None:
    assert ask("diff") == []
    assert run("diff").stdout == "Различий нет.\n"
    text = history.read_text(encoding="utf-8")
    history.write_text(text.replace("notes: второе", "notes: третье"), encoding="utf-8")
    (row,) = ask("diff")
    assert row["changes"] == [{"id": "1.1.2", "field": "notes", "old": "второе", "new": "третье"}]
    assert row["commit"] is row["date"] is row["author"] is row["subject"] is None
    assert (row["year"], row["plan"]) == (2024, "plan/2024.yaml")
    assert "Примечания: второе → третье" in run("diff").stdout


def test_diff_of_versions(history: Path, ask: Ask, run: Run) -> None:
    row = {"id": "1.1.2", "field": "notes", "old": None, "new": "второе"}
    assert changes(ask("diff", "HEAD~2")) == [row]
    (newest,) = ask("diff", "HEAD~2..HEAD")
    assert newest["changes"] == changes(ask("diff", "HEAD~2..")) == [row]
    log = ask("log")[0]
    assert all(newest[key] == log[key] for key in ("commit", "date", "author", "subject"))
    assert changes(ask("diff", "HEAD~2..HEAD~1")) == [{**row, "new": "первое"}]
    assert changes(ask("diff", "HEAD..HEAD~2")) == [{**row, "old": "второе", "new": None}]
    for name in ("nosuch", "HEAD..nosuch", "-x..HEAD"):
        result = run("diff", "--", name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "нет в истории" in result.stderr


def test_a_difference_only_in_layout_is_reported(history: Path, run: Run, ask: Ask) -> None:
    text = history.read_text(encoding="utf-8")
    history.write_text(text + "\n", encoding="utf-8")
    assert "только оформление файла" in run("diff").stdout
    assert "только оформление файла" in run("diff", "--format", "html").stdout
    history.write_text(text + "# спросить\n", encoding="utf-8")
    assert "Комментарий в файле: — → спросить" in run("diff").stdout
    assert "спросить" in run("diff", "--format", "html").stdout
    assert ask("diff") == []


def test_versions_are_named_as_git_and_as_people_name_them(
    history: Path, run: Run, ask: Ask, git: Git
) -> None:
    git("switch", "-q", "-c", "ветка/a", "HEAD~1")
    run("set", "1.1.3", "notes=x")
    row = {"id": "1.1.3", "field": "notes", "old": None, "new": "x"}
    assert changes(ask("diff", "main...ветка/a")) == [row]
    (found,) = ask("diff", "main..ветка/a")
    assert [one["id"] for one in found["changes"]] == ["1.1.2", "1.1.3"]
    day = git("log", "-1", "--format=%cd", "--date=format:%d.%m.%Y").strip()
    assert changes(ask("diff", f"HEAD~1..{day}")) == [row]
    for wrong, words in {
        "30.02.2024": "Даты 30.02.2024 нет в календаре",
        "2024-02-30..": "Даты 2024-02-30 нет в календаре",
        "main...нет": "Версии «нет» нет в истории",
    }.items():
        assert words in run("diff", wrong).stderr
    git("switch", "-q", "--orphan", "другая")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("switch", "-q", "main")
    assert "нет общего начала" in run("diff", "main...другая").stderr


def test_an_undo_is_shown_before_it_happens(history: Path, run: Run, git: Git) -> None:
    run("set", "1.1.2", "notes=третье")
    before, head = history.read_bytes(), git("rev-parse", "HEAD")
    assert run("undo", "--dry-run").stdout.splitlines() == [
        "Будет отменено: 1.1.2: примечания: второе → третье",
        "  1.1.2 Увеличение количества систем электронной очереди, установленных в ЦОК/ КО",
        "    Примечания: третье → второе",
        "Ничего не записано: это предварительный просмотр.",
    ]
    assert (history.read_bytes(), git("rev-parse", "HEAD")) == (before, head)
    run("undo")
    printed = run("redo", "--dry-run").stdout
    assert printed.startswith("Будет возвращено: 1.1.2: примечания: второе → третье\n")
    assert "    Примечания: второе → третье\n" in printed
    assert run("redo").exit_code == 0
    assert history.read_bytes() == before


def test_any_change_is_undone_by_its_commit(history: Path, run: Run, git: Git) -> None:
    """Even if the last one cannot be undone, since a merge touched the same field."""
    run("set", "1.1.3", "notes=первое")
    older = git("rev-parse", "--short", "HEAD").strip()
    git("switch", "-q", "-c", "other")
    run("set", "1.2.1", "notes=там")
    git("switch", "-q", "main")
    run("set", "1.2.1", "notes=тут")
    assert "отменённых изменений нет" in run("redo").stderr
    git("merge", "-q", "-X", "ours", "--no-commit", "other")
    text = history.read_text(encoding="utf-8")
    history.write_text(text.replace("notes: тут", "notes: оба"), encoding="utf-8")
    git("commit", "-q", "-a", "-m", "Слияние")
    stuck = run("undo")
    assert stuck.exit_code == 1
    assert "при соединении двух линий работы" in stuck.stderr
    shown = run("undo", older, "--dry-run").stdout
    assert "Будет отменено: 1.1.3: примечания: — → первое\n" in shown
    assert "    Примечания: первое → —\n" in shown
    assert run("undo", older).exit_code == 0
    assert "первое" not in history.read_text(encoding="utf-8")
    begun = git("rev-list", "--max-parents=0", "HEAD").strip()
    for name, words in {
        older: "отменять незачем",
        "HEAD": "сама отменяет",
        "HEAD~1": "соединяет две линии работы",
        begun: "её не отменяют",
        "нет": "нет в истории",
    }.items():
        refused = run("undo", name)
        assert (refused.exit_code, words in refused.stderr) == (1, True), refused.stderr
    run("set", "1.1.2", "responsible=Отдел ОК")
    run("set", "1.1.2", "responsible=АХО")
    refused = run("undo", "HEAD~1")
    last = git("rev-parse", "HEAD")[:10]
    assert f"Сначала отмените то изменение: `kvartal undo {last}`." in refused.stderr
    run("redo")
    assert "программу уже меняли" in run("redo").stderr
    (history.parents[1] / "other.txt").write_text("x")
    git("add", "other.txt")
    git("commit", "-q", "-m", "x")
    assert "программу не меняла" in run("undo", "HEAD").stderr


def test_an_undo_of_formatting_says_so_before_it_happens(
    programme: Path, run: Run, git: Git
) -> None:
    programme.write_bytes(programme.read_bytes() + b"# x\n")
    git("commit", "-q", "-a", "-m", "comment")
    assert "    Комментарий в файле: x → —\n" in run("undo", "--dry-run").stdout
    programme.write_bytes(programme.read_bytes() + b"\n")
    git("commit", "-q", "-a", "-m", "line")
    printed = run("undo", "--dry-run").stdout
    assert "Будет отменено: line\n  Изменится только оформление файла.\n" in printed


def test_nothing_to_undo_is_refused_before_it_happens_too(programme: Path, run: Run) -> None:
    result = run("undo", "--dry-run")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Отменять нечего" in result.stderr
