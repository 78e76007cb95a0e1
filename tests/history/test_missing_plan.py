"""Which plans were deleted from the disk though HEAD holds them."""

from collections.abc import Callable
from pathlib import Path

from kvartal.history.audit.earlier_plans import find_removed_plan
from kvartal.history.store.missing_plan import deleted_plan, is_deleted


def test_only_plans_that_are_not_on_the_disk_are_deleted(
    programme: Path, repo: Path, git: Callable[..., str]
) -> None:
    gone, link = programme.with_name("2025.yaml"), programme.with_name("2026.yaml")
    apart = repo / "plan" / "old" / "2023.yaml"
    apart.parent.mkdir()
    for path in (gone, link, apart, gone.with_suffix(".md")):
        path.write_text("measures: []", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "Ещё программы")
    for path in (gone, link, apart, gone.with_suffix(".md")):
        path.unlink()
    link.symlink_to("nowhere")
    offered: list[list[Path]] = []

    def choose(paths: list[Path]) -> Path | None:
        offered.append(paths)
        return paths[0] if paths else None

    inner = repo / "plan" / "evidence"
    assert deleted_plan(inner, "plan", ".yaml", choose) == gone
    assert offered == [[], [], [gone]]
    assert deleted_plan(inner, "plans", ".yaml", choose) is None
    (repo / "a.yaml").write_text("name: Сборка", encoding="utf-8")
    git("add", "a.yaml")
    (repo / "a.yaml").unlink()
    assert find_removed_plan(repo) == gone
    paths = (gone, apart, link, programme, repo / "plan" / "x.yaml")
    assert [is_deleted(path) for path in paths] == [True, True, False, False, False]
