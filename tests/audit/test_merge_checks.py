"""Merge commits that are more, or less, than a merge."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.merge_renames import renamed_files
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.operations import add
from tests.audit.story import Story
from tests.audit.test_no_findings import new_row


def start_merge(story: Story, *, here: Callable[[], object], there: Callable[[], object]) -> None:
    """Let two branches diverge and begin to merge them."""
    story.git("branch", "other")
    here()
    story.git("switch", "--quiet", "other")
    there()
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-commit", "--no-ff", "other", check=False)


@pytest.fixture
def apart(story: Story) -> Story:
    """Return a history in the middle of a merge without conflicts."""
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    return story


def test_a_clean_merge(apart: Story) -> None:
    apart.commit("Слияние")
    assert apart.found() == []


def test_a_merge_in_a_shallow_clone_that_lacks_what_its_sides_started_from(
    story: Story, tmp_path: Path
) -> None:
    story.set("1.1.3", notes="Было")
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes=""),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    story.commit("Слияние")
    for depth, codes in ((2, ["shallow", "shallow"]), (3, ["shallow"])):
        folder = tmp_path / f"{depth}"
        story.git("clone", "--quiet", f"--depth={depth}", f"file://{story.repo}", folder)
        assert Story(folder / "plan" / "2024.yaml").codes() == codes


def test_a_merge_that_changes_a_measure(apart: Story) -> None:
    apart.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = apart.commit("Слияние")
    (finding,) = apart.findings()
    assert apart.found() == [("merge-altered", commit)]
    assert finding.measure == "1.1.2"


def test_a_merge_that_changes_a_measure_where_no_side_did(story: Story) -> None:
    start_merge(
        story,
        here=lambda: story.commit("Здесь", "--allow-empty"),
        there=lambda: story.commit("Там", "--allow-empty"),
    )
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = story.commit("Слияние")
    assert story.found() == [("merge-altered", commit)]
    (finding,) = story.findings()
    assert finding.message().endswith(
        "1.1.2: ожидаемый результат: Обеспечена установка… → Обеспечено…"
    )


def test_a_merge_that_changes_a_measure_of_one_side(apart: Story) -> None:
    apart.rewrite("notes: Здесь", "notes: И там")
    assert apart.codes(full=True) == ["uncommitted"]
    commit = apart.commit("Слияние")
    assert apart.found() == [("merge-altered", commit)]


def test_a_merge_that_changes_the_document(apart: Story) -> None:
    apart.rewrite("№АЭС/593", "№АЭС/999")
    commit = apart.commit("Слияние")
    assert apart.found() == [("merge-altered", commit)]
    (finding,) = apart.findings()
    assert "Программа: утверждение, номер приказа: №АЭС/593 → №АЭС/999" in finding.message()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_merge_that_drops_the_changes_of_a_side(story: Story, side: str) -> None:
    start_merge(
        story,
        here=lambda: story.set("1.1.3", notes="Здесь"),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    story.git("checkout", "main" if side == "ours" else "other", "--", "plan")
    commit = story.commit("Слияние")
    assert story.found() == [("merge-altered", commit)]


def test_a_third_value_in_a_conflict(story: Story) -> None:
    start_merge(
        story,
        here=lambda: story.set(notes="Здесь"),
        there=lambda: story.set(notes="Там"),
    )
    text = story.git("show", "main:plan/2024.yaml")
    story.plan.write_text(text.replace("notes: Здесь", "notes: Нигде"), encoding="utf-8")
    commit = story.commit("Слияние")
    assert story.found() == [("merge-altered", commit)]


def test_what_git_merges_by_lines(story: Story) -> None:
    """Different steps of one list are separate lines to git, and one value to us."""
    story.set(actions="Первый; Второй; Третий; Четвёртый; Пятый")
    start_merge(
        story,
        here=lambda: story.set(actions="Начало; Второй; Третий; Четвёртый; Пятый"),
        there=lambda: story.set(actions="Первый; Второй; Третий; Четвёртый; Конец"),
    )
    story.commit("Слияние")
    assert "      - Начало\n" in story.plan.read_text(encoding="utf-8")
    assert "      - Конец\n" in story.plan.read_text(encoding="utf-8")
    assert story.found() == []
    story.rewrite("- Третий", "- Никакой")
    commit = story.commit("Слияние", "--amend")
    story.forget()
    assert story.found() == [("merge-altered", commit)]


def test_records_of_both_sides_in_either_order(story: Story) -> None:
    start_merge(
        story,
        here=lambda: story.record(day="2024-09-26", complete=False),
        there=lambda: story.record(day="2024-09-25", complete=False),
    )
    ours = story.git("show", "main:plan/2024.yaml")
    theirs = story.git("show", "other:plan/2024.yaml")
    start = theirs.index("      - quarter: 3\n")
    record = theirs[start : theirs.index("  - id: 1.1.3")]
    place = ours.index("  - id: 1.1.3")
    story.plan.write_text(ours[:place] + record + ours[place:], encoding="utf-8")
    commit = story.commit("Слияние")
    assert story.found() == []
    story.rewrite("2024-09-26", "2024-09-24")
    commit = story.commit("Слияние", "--amend")
    story.forget()
    assert story.found() == [("merge-altered", commit)]


def test_records_of_one_measure_with_their_dates_swapped(story: Story) -> None:
    story.record(day="2024-09-25", complete=False, documents=())
    start_merge(
        story,
        here=lambda: story.record("1.1.3", day="2024-09-26", complete=False),
        there=lambda: story.set("2.2.1", responsible="Отдел"),
    )
    story.rewrite("2024-09-25", "2024-09-2X")
    story.rewrite("2024-09-26", "2024-09-25")
    story.rewrite("2024-09-2X", "2024-09-26")
    commit = story.commit("Слияние")
    assert [code for code, name in story.found() if name == commit] == ["merge-altered"]


def test_a_merge_that_says_it_is_something_else(apart: Story) -> None:
    commit = apart.commit(apart.message())
    assert ("trailers-disagree", commit) in apart.found()


def test_a_version_with_conflict_markers(story: Story) -> None:
    start_merge(story, here=lambda: story.set(notes="Здесь"), there=lambda: story.set(notes="Там"))
    commit = story.commit("Слияние")
    assert story.found() == [("broken-version", commit)]


def test_a_merge_of_three_branches(story: Story) -> None:
    for name, measure in (("one", "1.1.1"), ("two", "1.1.2")):
        story.git("switch", "--quiet", "-c", name, "main")
        story.set(measure, notes="Да")
    story.git("switch", "--quiet", "main")
    story.set("1.1.3", notes="Да")
    story.git("config", "user.name", "Другой")
    story.git("merge", "--quiet", "--no-edit", "one", "two")
    assert len(story.git("log", "-1", "--format=%P").split()) == 3
    assert story.found() == []
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = story.commit("Слияние", "--amend")
    story.forget()
    assert story.found() == [("merge-altered", commit)]


def test_files_of_one_name_from_both_sides(story: Story, tmp_path: object) -> None:
    """What a sync does: a file is renamed, in the tree and in its record alike."""
    one, other = Path(str(tmp_path)) / "a" / "Акт.pdf", Path(str(tmp_path)) / "b" / "Акт.pdf"
    for path, words in ((one, "Один"), (other, "Другой")):
        path.parent.mkdir()
        path.write_text(words)
    start_merge(
        story,
        here=lambda: story.record("1.1.3", sources=[one], complete=False),
        there=lambda: story.record("2.2.1", sources=[other], complete=False),
    )
    old = story.plan.parent / "evidence/2024/2.2.1/Акт.pdf"
    old.rename(old.with_name("Акт (2).pdf"))
    story.rewrite("evidence/2024/2.2.1/Акт.pdf", "evidence/2024/2.2.1/Акт (2).pdf")
    story.commit("Слияние")
    assert story.found() == []
    old.with_name("Акт (2).pdf").rename(old.with_name("Приказ.pdf"))
    story.rewrite("evidence/2024/2.2.1/Акт (2).pdf", "evidence/2024/2.2.1/Приказ.pdf")
    commit = story.commit("Слияние", "--amend")
    story.forget()
    assert story.found() == [("merge-altered", commit)]
    (finding,) = story.findings(full=True)
    assert finding.measure == "2.2.1"
    assert "Приказ.pdf" in finding.message()


def test_a_file_of_a_name_that_both_sides_used_may_be_called_anything() -> None:
    def with_file(name: str, content: str) -> PlanData:
        file: Plain = {"path": f"evidence/1/{name}", "size": 1, "sha256": content * 64}
        return {"measures": [{"id": "1", "records": [{"evidence": {"files": [file]}}]}]}

    ours, theirs, made = with_file("a.pdf", "a"), with_file("A.pdf", "b"), with_file("c.pdf", "a")
    assert [*renamed_files({}, [ours, theirs], made)] == []
    assert [*renamed_files({}, [ours, with_file("b.pdf", "b")], with_file("a (2).pdf", "a"))] == []
    (found,) = renamed_files({}, [ours, with_file("b.pdf", "b")], made)
    assert (found.measure, found.expected, found.actual) == ("1", ours, made)


def test_the_finding_says_what_was_lost(story: Story) -> None:
    """A duplicate id is a finding of its own, and nothing is lost by it."""
    start_merge(
        story,
        here=lambda: story.do(add, new_row()),
        there=lambda: (story.record("1.1.1", complete=False), story.do(add, other_row())),
    )
    theirs = story.git("show", "other:plan/2024.yaml")
    row = theirs[theirs.index("  - id: 1.1.9\n") : theirs.index("  - id: 2.2.1\n")]
    story.plan.write_text(story.git("show", "main:plan/2024.yaml"), encoding="utf-8")
    story.rewrite("  - id: 1.1.9\n", f"{row}  - id: 1.1.9\n")
    commit = story.commit("Слияние")
    assert story.found() == [("broken-version", commit), ("merge-altered", commit)]
    message = story.findings(full=True)[1].message()
    assert message.endswith("потеряло сделанное: 1.1.1: отметка за III квартал удалена")


def other_row() -> dict[str, object]:
    return new_row() | {"proposal": "Поручни"}


@pytest.mark.parametrize("is_side", [True, False], ids=["a side", "the common version"])
def test_a_merge_of_what_cannot_be_read(story: Story, *, is_side: bool) -> None:
    """It cannot be checked, whatever it took; nobody is told that it changed anything."""
    story.set(notes="Было")
    if is_side:
        story.git("branch", "other")
    story.rewrite("language: ru", "language: [")
    broken = story.commit("Сломано")
    if not is_side:
        story.git("branch", "other")
    mended = story.plan.read_text(encoding="utf-8").replace("language: [", "language: ru")
    story.git("switch", "--quiet", "other")
    story.plan.write_text(mended.replace("notes: Было", "notes: Там"), encoding="utf-8")
    story.commit("Там")
    story.git("switch", "--quiet", "main")
    if not is_side:
        story.plan.write_text(mended, encoding="utf-8")
        story.commit("Здесь")
    story.git("merge", "--quiet", "--no-commit", "--no-ff", "other", check=False)
    story.plan.write_text(mended.replace("notes: Было", "notes: Там"), encoding="utf-8")
    commit = story.commit("Слияние")
    (finding,) = (one for one in story.findings() if one.commit and one.commit.id == commit)
    assert finding.code == "merge-unreadable"
    assert finding.message() == (
        f"Слияние не проверить: версия программы до него, в изменении {broken[:10]}, не читается."
    )


STEPS = ["Раз", "Два", "Три"]
TERM: PlanData = {"text": "3 квартал", "quarters": [3]}


@pytest.mark.parametrize(
    ("field", "base", "ours", "theirs", "made", "is_explained"),
    [
        (
            "term",
            TERM,
            {**TERM, "text": "III"},
            {**TERM, "quarters": [4]},
            {"text": "III", "quarters": [4]},
            True,
        ),
        (
            "term",
            TERM,
            {**TERM, "text": "III"},
            {**TERM, "quarters": [4]},
            {"text": "III", "quarters": [1]},
            False,
        ),
        (
            "term",
            TERM,
            {**TERM, "text": "III"},
            {"text": "IV", "quarters": [4]},
            {"text": "V", "quarters": [4]},
            False,
        ),
        (
            "term",
            TERM,
            {**TERM, "text": "III"},
            {"text": "IV"},
            {"text": "IV", "quarters": [3]},
            False,
        ),
        (
            "term",
            TERM,
            {"text": "III", "quarters": [4]},
            {**TERM, "text": "IV"},
            {"text": "IV", "quarters": [4]},
            False,
        ),
        ("actions", STEPS, ["А", "Два"], ["Б", "Два", "Три"], ["А", "Два"], True),
        ("actions", STEPS, ["А", "Два"], ["Б", "Два", "Три"], ["А", "Два", "Три"], False),
        ("actions", STEPS, ["А", *STEPS[1:]], ["Б", *STEPS[1:]], ["В", *STEPS[1:]], False),
    ],
)
def test_a_value_of_several_parts_that_both_sides_changed(
    field: str, base: Plain, ours: Plain, theirs: Plain, made: Plain, *, is_explained: bool
) -> None:
    """Git joins what each side changed of it; anything else is of neither side."""
    versions: list[PlanData] = [
        {"measures": [{"id": "1.1", field: value}]} for value in (base, ours, theirs, made)
    ]
    differences = merge_differences(versions[0], versions[1:3], versions[3])
    assert [one.measure for one in differences] == ([] if is_explained else ["1.1"])
    swapped = merge_differences(versions[0], versions[2:0:-1], versions[3])
    assert bool(swapped) is not is_explained


def test_a_merge_of_histories_with_nothing_in_common(story: Story) -> None:
    """What one of them has alone is no addition, and what neither has is."""
    text = story.plan.read_text(encoding="utf-8")
    story.git("switch", "--quiet", "--orphan", "other")
    story.plan.parent.mkdir(exist_ok=True)
    story.plan.write_text(text, encoding="utf-8")
    story.commit("Заново")
    story.set("2.2.1", notes="Там")
    story.git("switch", "--quiet", "main")
    story.set("1.1.3", notes="Здесь")
    story.git("merge", "-s", "ours", "--no-commit", "--allow-unrelated-histories", "other")
    story.rewrite("notes: Здесь", "notes: Нигде")
    commit = story.commit("Слияние")
    (finding,) = (one for one in story.findings() if one.code == "merge-altered")
    assert finding.commit is not None
    assert finding.commit.id == commit
    assert "1.1.3: примечания: Здесь → Нигде; 2.2.1: примечания: Там" in finding.message()
