"""`kvartal merge`, `textconv` and `git-setup`: the driver's contract with git, and its messages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.yaml_text.loader import load
from tests.commands.conftest import Process, Run

Git = Callable[..., str]
RESULT = "    result: Обеспечена установка терминала электронной очереди\n"


@pytest.fixture
def files(tmp_path: Path, programme: Path) -> Callable[[str, str], list[Path]]:
    """Return a function that writes three versions as git does, with other results for 1.1.2."""

    def write(ours: str, theirs: str) -> list[Path]:
        base = programme.read_text(encoding="utf-8")
        paths = []
        for name, result in (("O", RESULT), ("A", ours), ("B", theirs)):
            paths.append(tmp_path / f".merge_file_{name}")
            paths[-1].write_text(base.replace(RESULT, result, 1), encoding="utf-8")
        return paths

    return write


def test_a_clean_merge_says_nothing_and_ends_with_0(
    run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    paths = files(f"{RESULT}    notes: Да\n", f"{RESULT}    responsible: Отдел\n")
    result = run("merge", *paths, "plan/2024.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert f"{RESULT}    responsible: Отдел\n    notes: Да\n" in paths[1].read_text("utf-8")


@pytest.mark.parametrize("code", [0, 1])
def test_a_comment_that_a_deletion_took_along_is_named(
    code: int, run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    """Also beside a conflict; one that is still there is not."""
    _, ours, theirs = paths = files(f"{RESULT}    notes: Да  # Остаётся\n", RESULT)
    other = "  - id: 1.1.4\n"
    text = ours.read_text("utf-8")
    ours.write_text(text.replace(other, f"{other}    # Спросить\u202e отдел\n", 1), "utf-8")
    text = theirs.read_text("utf-8")
    start = text.index(other)
    removed = text[:start] + text[text.index("  - id: ", start + 5) :]
    if code:
        removed = removed.replace(RESULT, f"{RESULT}    notes: Нет\n", 1)
    theirs.write_text(removed, "utf-8")
    result = run("merge", *paths, "plan/2024.yaml")
    assert result.exit_code == code
    lines = [line for line in result.stderr.splitlines() if "комментарий" in line.casefold()]
    assert lines == [
        "kvartal: Наш комментарий «Спросить‹U+202E› отдел» в объединённый файл не вошёл."
    ]
    assert "# Остаётся" in ours.read_text("utf-8")


def test_a_conflict_is_printed_with_measure_field_and_values_and_exits_with_1(
    run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    paths = files("    result: Наше\n", "    result: Их\n")
    result = run("merge", *paths, "plan/2024.yaml")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("kvartal: plan/2024.yaml: стороны изменили одно и то же")
    assert "1.1.2, ожидаемый результат: у нас «Наше», с другой стороны «Их»" in result.stderr
    assert "\n<<<<<<< наша сторона\n    result: Наше\n|||||||" in paths[1].read_text("utf-8")


def test_values_in_messages_do_not_control_a_terminal(
    run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    paths = files('    result: "a\\e[31m"\n', '    result: "b\\u202e"\n')
    result = run("merge", *paths, "plan\x1b[31m/2024.yaml")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr


def test_a_renumbered_measure_is_reported(
    run: Run, files: Callable[[str, str], list[Path]], programme: Path
) -> None:
    def new(text: str) -> str:
        row = (
            f"    number: 1.1.5\n    proposal: {text}\n    actions: [{text}]\n    result: {text}\n"
        )
        return f'{RESULT}\n  - id: 1.1.5\n    channel: "1.1"\n{row}    term: {{text: Год}}\n'

    result = run("merge", *files(new("Пандусы"), new("Кофе")), "plan/2024.yaml")
    assert result.exit_code == 0
    assert "получает обозначение 1.1.5-2" in result.stderr


@pytest.mark.parametrize(
    ("ours", "theirs", "code"),
    [("    result: [\n", RESULT, 0), ("    result: [\n", "    result: {\n", 1)],
)
def test_what_cannot_be_read_is_merged_as_text(
    run: Run, files: Callable[[str, str], list[Path]], ours: str, theirs: str, code: int
) -> None:
    paths = files(ours, theirs)
    result = run("merge", *paths, "plan/2024.yaml")
    assert result.exit_code == code
    assert "слито как обычный текст" in result.stderr
    assert ours in paths[1].read_text("utf-8")
    assert paths[1].read_text("utf-8").count("<<<<<<<") == code


def test_ancestors_merge_without_markers(
    run: Run, files: Callable[[str, str], list[Path]], programme: Path
) -> None:
    paths = files("    result: Наше\n", "    result: Их\n")
    result = run("merge", *paths, "plan/2024.yaml", "--ancestors")
    assert (result.exit_code, result.stderr) == (0, "")
    assert paths[1].read_bytes() == programme.read_bytes()


def test_markers_are_as_long_as_asked(run: Run, files: Callable[[str, str], list[Path]]) -> None:
    paths = files("    result: Наше\n", "    result: Их\n")
    assert run("merge", *paths, "plan/2024.yaml", "--marker-size=9").exit_code == 1
    assert "\n<<<<<<<<< наша сторона\n" in paths[1].read_text("utf-8")


def test_validate_says_that_both_versions_are_still_there(
    run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    paths = files("    result: Наше\n", "    result: Их\n")
    run("merge", *paths, "plan/2024.yaml")
    result = run("validate", paths[1])
    assert result.exit_code == 1
    assert "остались обе версии" in result.stdout


# ---------------------------------------------------------------------------------------- textconv


def test_textconv_prints_a_line_a_value_in_utf_8_whatever_the_locale(
    process: Process, programme: Path
) -> None:
    done = process("textconv", programme, LANG="C", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "\n1.1.2 · Ожидаемый результат = Обеспечена установка терминала" in done.stdout
    assert done.stdout == process("textconv", programme, LANG="en_US.UTF-8").stdout


def test_textconv_prints_the_text_of_what_it_cannot_read(run: Run, repo: Path) -> None:
    path = repo / "x.yaml"
    path.write_bytes(b"a: [\x1b[31m\n\xff\n")
    result = run("textconv", path)
    assert (result.exit_code, result.stdout) == (0, "a: [␛[31m\n\ufffd\n")


def test_textconv_of_a_file_with_conflicts_has_the_lines_of_both_sides(
    run: Run, files: Callable[[str, str], list[Path]]
) -> None:
    paths = files("    result: Наше\n", "    result: Их\n")
    before = run("textconv", paths[1]).stdout
    run("merge", *paths, "plan/2024.yaml")
    ours, theirs = (f"1.1.2 · Ожидаемый результат = {one}\n" for one in ("Наше", "Их"))
    both = f"<<<<<<<\n{ours}=======\n{theirs}>>>>>>>\n"
    assert run("textconv", paths[1]).stdout == before.replace(ours, both)


# --------------------------------------------------------------------------------------- git-setup


def test_git_setup_says_what_it_did_and_takes_it_back(
    run: Run, repo: Path, git: Git, programme: Path
) -> None:
    first = run("git-setup")
    assert first.exit_code == 0
    assert "Записано: merge.kvartal.driver\n" in first.stdout
    assert "plan/*.yaml merge=kvartal diff=kvartal" in first.stdout
    assert " merge %O %A %B %P" in git("config", "merge.kvartal.driver")
    assert run("git-setup").stdout == "Всё уже настроено.\n"
    assert "Удалено: merge.kvartal.driver\n" in run("git-setup", "--remove").stdout
    assert run("git-setup", "--remove").stdout == "Настроек kvartal в этой копии нет.\n"


def test_git_setup_outside_of_a_repository_is_refused(here: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan" / "2024.yaml"
    plan.parent.mkdir()
    plan.write_text("year: 2024\n")
    result = here("git-setup")
    assert result.exit_code == 1
    assert "не в репозитории git" in result.stderr


def test_the_project_s_own_attributes_name_the_driver(root: Path) -> None:
    lines = (root / ".gitattributes").read_text("utf-8").splitlines()
    assert "plan/*.yaml merge=kvartal diff=kvartal" in lines
    assert load((root / "plan" / "2024.yaml").read_bytes(), "").data["year"] == 2024
