"""Git itself with the driver, the textconv and the names of measures: in real repositories."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.driver_setup import (
    Program,
    SetupReport,
    attributes_line,
    install,
    is_installed,
    remove,
    this_program,
)
from kvartal.history.git.repository import Repository
from kvartal.history.merge.markers import marked_versions
from kvartal.history.yaml_text.loader import load

Git = Callable[..., str]

RUNNING = Program(sys.executable, ("-P", "-c", "from kvartal.tui.main import main; main()"))
ATTRIBUTES = "plan/*.yaml merge=kvartal diff=kvartal\n"
RESULT = "    result: Обеспечена установка терминала электронной очереди\n"


@pytest.fixture
def repository(programme: Path) -> Repository:
    return find_repository(programme.parent)


@pytest.fixture
def ready(programme: Path, repo: Path, git: Git, repository: Repository) -> Path:
    """Return the plan in a clone that is set up."""
    (repo / ".gitattributes").write_text(ATTRIBUTES)
    git("add", ".gitattributes")
    git("commit", "-qm", "Атрибуты")
    install(repository, programme.name, RUNNING)
    return programme


def edit(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    at = text.index("  - id: 1.1.2\n")
    assert old in text[at:]
    plan.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")


def branch(git: Git, plan: Path, name: str, *edits: tuple[str, str]) -> None:
    """Commit edits of 1.1.2 on a branch that starts at main, and go back to main."""
    git("switch", "-q", "-c", name, "main")
    for old, new in edits:
        edit(plan, old, new)
    git("commit", "-qam", name)
    git("switch", "-q", "main")


def attempt(repo: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["git", *arguments], cwd=repo, check=False, capture_output=True, encoding="utf-8"
    )


def two_people(git: Git, plan: Path) -> None:
    """Two branches that change neighbouring fields and each append a record."""
    for name, field, day in (
        ("anna", "responsible: Отдел ОК", "26"),
        ("boris", "notes: Проверить", "27"),
    ):
        record = f'    records:\n      - quarter: 3\n        date: "2024-09-{day}"\n'
        branch(git, plan, name, (RESULT, f"{RESULT}    {field}\n{record}"))


# ------------------------------------------------------------------------------------------ merges


def test_without_the_driver_two_people_conflict(programme: Path, repo: Path, git: Git) -> None:
    two_people(git, programme)
    git("merge", "-q", "anna")
    assert attempt(repo, "merge", "boris").returncode == 1


@pytest.mark.parametrize("way", ["merge", "cherry-pick", "rebase"])
def test_with_the_driver_their_work_merges(ready: Path, repo: Path, git: Git, way: str) -> None:
    two_people(git, ready)
    git("merge", "-q", "anna")
    if way == "rebase":
        git("switch", "-q", "boris")
    done = attempt(repo, way, "main" if way == "rebase" else "boris")
    assert done.returncode == 0, done.stderr
    row = git("show", "HEAD:plan/2024.yaml").partition(RESULT)[2].partition("\n\n")[0]
    assert row.splitlines() == [
        "    responsible: Отдел ОК",
        "    notes: Проверить",
        "    records:",
        "      - quarter: 3",
        '        date: "2024-09-26"',
        "      - quarter: 3",
        '        date: "2024-09-27"',
    ]
    assert git("status", "--short") == ""


def test_a_conflict_is_reported_and_marked_in_the_file(ready: Path, repo: Path, git: Git) -> None:
    branch(git, ready, "anna", (RESULT, "    result: Наше\n    notes: Да\n"))
    branch(git, ready, "boris", (RESULT, "    result: Их\n    responsible: Отдел\n"))
    git("merge", "-q", "anna")
    done = attempt(repo, "merge", "boris")
    assert done.returncode == 1
    assert "1.1.2, ожидаемый результат: у нас «Наше», с другой стороны «Их»" in done.stderr
    assert git("status", "--short") == "UU plan/2024.yaml\n"
    changed = [line for line in git("diff").splitlines() if line.startswith(("+ ", " +", "--"))]
    assert [line[2:] for line in changed if "результат" in line] == [
        "1.1.2 · Ожидаемый результат = Наше",
        "1.1.2 · Ожидаемый результат = Их",
    ]
    found = marked_versions(ready.read_text(encoding="utf-8"))
    assert found is not None
    for text, result in ((found.ours, "Наше"), (found.theirs, "Их")):
        row = load(text.encode(), "").data["measures"]
        assert isinstance(row, list)
        assert isinstance(row[1], dict)
        assert (row[1]["result"], row[1]["notes"], row[1]["responsible"]) == (result, "Да", "Отдел")


def test_branches_that_merged_each_other_merge_again(ready: Path, repo: Path, git: Git) -> None:
    # The same field clashed and both settled it alike: a base with markers in it would be no base.
    branch(git, ready, "anna", (RESULT, "    result: Наше\n"))
    branch(git, ready, "boris", (RESULT, "    result: Их\n"))
    for name, other in (("anna", "boris"), ("boris", "anna")):
        git("switch", "-q", name)
        attempt(repo, "merge", f"{other}^0" if name == "anna" else "old")
        if name == "anna":
            git("branch", "old", "anna@{0}")
        git("checkout", "--ours" if name == "anna" else "--theirs", "plan")
        git("commit", "-qam", f"{name}: слияние")
    for name, field in (("anna", "notes: Да"), ("boris", "responsible: Отдел")):
        git("switch", "-q", name)
        edit(ready, "    result: Наше\n", f"    result: Наше\n    {field}\n")
        git("commit", "-qam", field)
    done = attempt(repo, "merge", "anna")
    assert done.returncode == 0, done.stdout
    assert "    result: Наше\n    responsible: Отдел\n    notes: Да\n" in ready.read_text(
        encoding="utf-8"
    )


def test_what_lies_in_the_repository_is_not_run(ready: Path, repo: Path, git: Git) -> None:
    for name in ("click.py", "ruamel.py", "kvartal.py"):
        (repo / name).write_text("raise SystemExit(0)\n")
    two_people(git, ready)
    git("merge", "-q", "anna")
    assert attempt(repo, "merge", "boris").returncode == 0
    assert "records" in ready.read_text(encoding="utf-8")


def test_without_the_program_git_merges_text_and_shows_the_file(
    ready: Path, repo: Path, git: Git, repository: Repository
) -> None:
    install(repository, ready.name, Program(f"{repo}/нет/100%A/kvartal"))
    branch(git, ready, "anna", (RESULT, "    result: Наше\n"))
    branch(git, ready, "boris", ("  - id: 1.2.1\n", "  - id: 1.2.1\n    notes: Да\n"))
    git("merge", "-q", "anna")
    assert attempt(repo, "merge", "boris").returncode == 0
    assert "+    result: Наше\n" in git("diff", "HEAD~2")
    branch(git, ready, "vera", ("    result: Наше\n", "    result: Их\n"))
    edit(ready, "    result: Наше\n", "    result: Снова\n")
    git("commit", "-qam", "Снова")
    assert attempt(repo, "merge", "vera").returncode == 1
    assert "\n<<<<<<< " in ready.read_text(encoding="utf-8")


def test_a_program_whose_path_has_signs_of_every_kind_is_found(
    ready: Path, repo: Path, git: Git, repository: Repository
) -> None:
    folder = repo.parent / "мой 'питон' 100%A $HOME"
    folder.mkdir()
    script = folder / "kvartal"
    script.write_text(f'#!/bin/sh\nexec {RUNNING.call} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    install(repository, ready.name, Program(str(script)))
    two_people(git, ready)
    git("merge", "-q", "anna")
    done = attempt(repo, "merge", "boris")
    assert done.returncode == 0, done.stderr
    assert "1.1.2 · Примечания = Проверить" in git("diff", "HEAD^1")


# ----------------------------------------------------------------------------------------- reading


def test_git_names_the_measure_and_the_field(ready: Path, git: Git) -> None:
    edit(ready, RESULT, "    result: Иначе\n")
    diff = git("diff")
    assert " @@ 1.1.2\n" in diff
    assert "\n+1.1.2 · Ожидаемый результат = Иначе\n" in diff
    git("commit", "-qam", "Иначе")
    assert "\n+1.1.2 · Ожидаемый результат = Иначе\n" in git("log", "-p", "-1")
    blame = git("blame", "-s", "plan/2024.yaml").splitlines()
    assert [line for line in blame if not line.startswith("^")] == [
        line for line in blame if line.endswith("1.1.2 · Ожидаемый результат = Иначе")
    ]


def test_git_names_the_measure_in_the_file_as_it_is(ready: Path, git: Git) -> None:
    edit(ready, RESULT, "    result: Иначе\n")
    git("commit", "-qam", "Иначе")
    assert " @@ 1.1.2\n" in git("show", "--no-textconv")
    told = git("log", "-s", "--format=%s", r"-L:1\.1\.2$:plan/2024.yaml")
    assert told.split() == ["Иначе", "Программа", "на", "2024", "год"]
    assert git("log", "-s", "--format=%s", r"-L:1\.1\.3$:plan/2024.yaml").startswith("Программа")


def test_a_clone_that_knows_numbers_only_learns_any_id(
    ready: Path, git: Git, repository: Repository
) -> None:
    digits = r"^[ \t]*-[ \t]+id:[ \t]*[\"']?([0-9][0-9.-]*)"
    git("config", "diff.kvartal.xfuncname", digits)
    assert not is_installed(repository, ready.name, RUNNING)
    assert install(repository, ready.name, RUNNING).settings == ("diff.kvartal.xfuncname",)
    text = ready.read_text(encoding="utf-8")
    for name in ("п-3", "V-0001"):
        ready.write_text(text.replace("  - id: 1.1.2\n", f"  - id: {name}\n"), encoding="utf-8")
        git("commit", "-qam", name)
        text_now = ready.read_text(encoding="utf-8")
        ready.write_text(text_now.replace(RESULT, "    result: Иначе\n", 1), encoding="utf-8")
        assert f" @@ {name}\n" in git("diff")
        assert f" @@ {name}\n" in git("diff", "--no-textconv")


def test_git_diff_works_for_a_reader_without_an_identity(
    ready: Path, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    edit(ready, RESULT, "    result: Иначе\n")
    assert "1.1.2 · Ожидаемый результат" in git("-c", "user.useConfigOnly=true", "diff")
    assert git("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]


# ------------------------------------------------------------------------------------------- setup


def test_setting_up_twice_changes_nothing_and_removing_leaves_nothing(
    programme: Path, repo: Path, repository: Repository
) -> None:
    before = (repo / ".git" / "config").read_bytes()
    first = install(repository, programme.name, RUNNING)
    assert len(first.settings) == 7
    written = (repo / ".git" / "config").read_bytes()
    assert install(repository, programme.name, RUNNING) == SetupReport(())
    assert (repo / ".git" / "config").read_bytes() == written
    assert set(remove(repository).settings) == set(first.settings)
    assert (repo / ".git" / "config").read_bytes() == before
    assert remove(repository) == SetupReport(())


def test_a_new_path_of_the_program_takes_the_place_of_the_old_one(
    programme: Path, git: Git, repository: Repository
) -> None:
    install(repository, programme.name, Program("/old/kvartal"))
    install(repository, programme.name, RUNNING)
    assert "/old/kvartal" not in git("config", "--local", "--list")


def test_where_the_attributes_are_committed_the_clone_s_own_are_left_alone(
    ready: Path, repo: Path, repository: Repository
) -> None:
    assert install(repository, ready.name, RUNNING).attributes is None
    assert not (repo / ".git" / "info" / "attributes").exists()


def test_where_they_are_not_the_clone_gets_them_and_keeps_its_own(
    programme: Path, repo: Path, git: Git, repository: Repository
) -> None:
    own = repo / ".git" / "info" / "attributes"
    own.parent.mkdir(exist_ok=True)
    own.write_bytes(b"*.pdf -diff")
    assert install(repository, programme.name, RUNNING).attributes == own
    assert git("check-attr", "merge", "diff", "--", "plan/2024.yaml").count("kvartal") == 2
    assert own.read_bytes().startswith(b"*.pdf -diff\n")
    assert remove(repository).attributes == own
    assert own.read_bytes() == b"*.pdf -diff\n"


def test_an_attribute_that_merges_by_lines_is_overridden_and_reported(
    programme: Path, repo: Path, repository: Repository
) -> None:
    (repo / ".gitattributes").write_text("*.yaml merge=union\n")
    assert install(repository, programme.name, RUNNING).overruled == ("merge=union",)
    assert install(repository, programme.name, RUNNING).overruled == ()


@pytest.mark.parametrize("folder", ["Мой план [1] 'а' \"б\"", "a\\b", "план", "#!x"])
def test_a_folder_of_any_name_gets_its_attributes(repo: Path, git: Git, folder: str) -> None:
    plan = repo / folder / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_text("year: 2024\n")
    install(find_repository(plan.parent), plan.name, RUNNING)
    said = git("check-attr", "-z", "merge", "--", plan.relative_to(repo)).split("\0")
    assert said[1:3] == ["merge", "kvartal"]
    other = git("check-attr", "-z", "merge", "--", "x/plan/2024.yaml").split("\0")
    assert other[1:3] == ["merge", "unspecified"]


def test_a_pattern_is_quoted_only_where_it_must_be() -> None:
    assert attributes_line("plan/") == "/plan/*.yaml merge=kvartal diff=kvartal"
    assert attributes_line("") == "/*.yaml merge=kvartal diff=kvartal"
    assert attributes_line("a b/[c]/").startswith('"/a b/\\\\[c]/*.yaml"')


def test_the_program_is_its_script_or_else_its_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    assert this_program().file == (tmp_path / "python3").as_posix()
    assert "-P" in this_program().arguments
    script = tmp_path / "kvartal"
    script.touch()
    assert this_program() == Program(script.as_posix())
