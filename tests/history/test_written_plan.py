"""A new plan file and what comes with it: written whole, and taken back where that is refused."""

from pathlib import Path

import pytest

from kvartal.history.git.errors import NotARepository
from kvartal.history.store import new_plan
from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.store.new_plan import PlanExists, written_plan

TEXT = "year: 2024\n"


@pytest.fixture(autouse=True)
def _outside_any_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise NotARepository(folder="x")

    monkeypatch.setattr(new_plan, "find_repository", refuse)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_plan_is_written_with_what_comes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    beside = {folder / "plan.schema.json": b"{}", folder / "evidence/.gitattributes": b"*"}
    with written_plan(folder / "plan/2024.yaml", TEXT, beside):
        assert contents(tmp_path) == {
            "new/plan/2024.yaml": TEXT,
            "new/plan.schema.json": "{}",
            "new/evidence/.gitattributes": "*",
        }
    assert len(contents(tmp_path)) == 3


def test_a_refusal_takes_back_what_was_written_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    own = folder / "plan.schema.json"
    own.parent.mkdir()
    own.write_text("own", encoding="utf-8")
    beside = {own: b"{}", folder / "evidence/.gitattributes": b"*"}
    with (
        pytest.raises(PlanChangedOutside),
        written_plan(folder / "plan/2024.yaml", TEXT, beside),
    ):
        raise PlanChangedOutside(plan="2024.yaml")
    assert contents(tmp_path) == {"new/plan.schema.json": "own"}
    assert [path.name for path in folder.iterdir()] == ["plan.schema.json"]


def test_a_refusal_leaves_a_folder_that_something_else_is_in(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    def refuse() -> None:
        (folder / "plan/own.txt").write_text("own", encoding="utf-8")
        raise PlanChangedOutside(plan="2024.yaml")

    with (
        pytest.raises(PlanChangedOutside),
        written_plan(folder / "plan/2024.yaml", TEXT, {}),
    ):
        refuse()
    assert contents(tmp_path) == {"new/plan/own.txt": "own"}


def test_a_bug_takes_nothing_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), written_plan(tmp_path / "2024.yaml", TEXT, {}):
        raise ZeroDivisionError
    assert contents(tmp_path) == {"2024.yaml": TEXT}


def test_what_an_interrupted_attempt_left_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "2024.yaml"
    path.write_text(TEXT, encoding="utf-8")
    before = path.stat().st_ino
    with written_plan(path, TEXT, {}):
        assert path.stat().st_ino == before
    path.write_text("another", encoding="utf-8")
    with pytest.raises(PlanExists), written_plan(path, TEXT, {}):
        pass
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(PlanExists), written_plan(path, TEXT, {}):
        pass
