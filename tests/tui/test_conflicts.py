"""Both sides changed one field: a person sees both values, by whom and when, and chooses."""

from datetime import date
from pathlib import Path

import pytest

from kvartal.history.merge.merge import merge
from kvartal.history.store.ledger import Ledger
from kvartal.history.sync.divergence import Divergence, FieldConflict
from kvartal.schema.changes import Edit, PlanData, measure_data
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import postpone, set_fields
from kvartal.tui.presentation.conflicts import conflict_values
from kvartal.tui.screens.conflicts import ConflictsScreen
from tests.support.plans import many, plan_file
from tests.support.screens import LARGE, SMALL, Stage, opened
from tests.sync.clones import SharedRepository, copy_shared_repository, create_shared_repository
from tests.tui.test_sync import real

RESULT = "Обеспечена установка {} терминала электронной очереди"
LONG = "ж" * 1600


@pytest.fixture(scope="session")
def _conflicting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where two clones are that changed three fields in two ways; theirs is sent."""
    folder = tmp_path_factory.mktemp("conflicting")
    one, other = create_shared_repository(folder).clones
    theirs = {"result": RESULT.format("второго"), "responsible": "[red]Отдел[/red]\u202e кадров"}
    other.set("1.1.2", **theirs)
    other.set("1.1.3", notes="У них")
    other.set("1.1.1", notes="Не спорное")
    other.sync()
    one.set("1.1.2", result=RESULT.format("третьего"), responsible="Отдел закупок")
    one.set("1.1.3", notes=LONG + " конец")
    return folder


@pytest.fixture
def shared(_conflicting: Path, tmp_path: Path) -> SharedRepository:
    """Return a bare repository and two clones with conflicts between them."""
    return copy_shared_repository(_conflicting, tmp_path)


def state(office_: SharedRepository) -> tuple[str, str, bytes]:
    one = office_.clones[0]
    return one.head, office_.head(), one.plan.read_bytes()


async def to_the_conflicts(stage: Stage, key: str = "о") -> None:
    await stage.press(key)
    assert isinstance(stage.app.screen, ConflictsScreen)


async def test_both_values_are_seen_and_one_side_is_taken_for_all(shared: SharedRepository) -> None:
    one = shared.clones[0]
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage, "j")
        text = stage.text()
        assert "Обмен с «origin»: одно и то же изменено по-разному" in text
        assert "[ ] 1.1.2, ожидаемый результат" in text
        assert "[ ] 1.1.3, примечания" in text
        assert "Не спорное" not in text
        assert "Было: Обеспечена установка терминала электронной очереди" in text
        assert "[ ] у нас  н" in text
        assert "[ ] у них  и" in text
        assert "Иванова Анна, " in text
        assert "Петров Пётр, " in text
        assert "третьего" in text
        assert "второго" in text
        assert "Выбрано 0 из 3. Ничего не записано." in text
        await stage.press("down")
        assert "[red]Отдел[/red]‹U+202E› кадров" in stage.text()
        await stage.press("down")
        assert "конец" not in stage.text()
        await stage.press(*["pagedown"] * 5)
        assert "конец" in stage.text()
        await stage.press("home", "И")
        assert stage.text().count("[→]") == 4  # the three, and whose value is seen below
        await stage.press("delete")
        assert "Выбрано 2 из 3." in stage.text()
        await stage.press("end", "f2")
        assert "Выбраны не все, осталось: 1." in stage.text()
        assert "Было: Обеспечена установка терминала" in stage.text()
        await stage.press("Н", "f2", "f2")
        assert "завершён" in stage.text()
        assert one.value("1.1.2", "responsible") == "Отдел закупок"


async def test_all_choices_are_written_at_once(
    shared: SharedRepository,
) -> None:
    one = shared.clones[0]
    before = state(shared)
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage)
        await stage.press("left", "и", "н", "home", "b", "home", "y")
        text = stage.text()
        assert "[←] 1.1.2, ожидаемый результат" in text
        assert "[→] 1.1.2, ответственный исполнитель" in text
        assert "[←] 1.1.3, примечания" in text
        assert "Выбрано всё: 3. F2 — записать и отправить." in text
        assert state(shared) == before
        await stage.press("f2")
        assert "Записать выбранное и отправить?" in stage.text()
        assert "1.1.2, ожидаемый результат — у нас: Обеспечена установка третьего" in stage.text()
        assert "Изменений: 2, в ветку «main»." in stage.text()
        await stage.press("escape")
        assert "Выбрано всё: 3." in stage.text()
        assert state(shared) == before
        await stage.press("f2", "enter")
        assert "Обмен с «origin» завершён: получено изменений 3, отправлено 2." in stage.text()
        row = measure_data(one.data, "1.1.2")
        assert row["result"] == RESULT.format("третьего")
        assert str(row["responsible"]).startswith("[red]Отдел")
        assert one.value("1.1.3", "notes") == LONG + " конец"
        assert one.value("1.1.1", "notes") == "Не спорное"
        assert shared.head() == one.head
        assert stage.app.sync_choices == {}


async def test_leaving_or_failing_changes_nothing_and_keeps_choices(
    shared: SharedRepository,
) -> None:
    one = shared.clones[0]
    before = state(shared)
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage)
        await stage.press("и", "escape")
        assert "Обмен отложен: ничего не тронуто" in stage.text()
        told = " ".join(stage.text().split())
        assert "Сделанный выбор запомнен, полей: 1. о — продолжить." in told
        assert state(shared) == before
        await to_the_conflicts(stage)
        assert "[→] 1.1.2, ожидаемый результат" in stage.text()
        assert "Выбрано 1 из 3." in stage.text()
        await stage.pilot.resize_terminal(*LARGE)
        await stage.settle()
        assert "[→] 1.1.2, ожидаемый результат" in stage.text()
        await stage.press("Н")
        shared.bare.rename(shared.bare.with_name("переехал"))
        await stage.press("f2", "f2")
        assert "нет репозитория git" in stage.text()
        assert "[←] 1.1.2, ожидаемый результат" in stage.text()
        await stage.press("escape")
        assert "Сделанный выбор запомнен, полей: 3" in stage.text()
        assert one.plan.read_bytes() == before[2]


async def test_choices_stay_where_the_remote_moved_on(shared: SharedRepository) -> None:
    one, other = shared.clones
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage)
        await stage.press("Н")
        other.set("1.1.3", notes="У них стало другим")
        other.set("1.1.4", notes="Новое")
        other.sync()
        before = state(shared)
        await stage.press("f2", "f2")
        text = stage.text()
        assert "Пока вы выбирали, появились новые изменения; ничего не записано." in text
        assert "выберите ещё: 1" in " ".join(text.split())
        assert "[←] 1.1.2, ожидаемый результат" in text
        assert "[←] 1.1.2, ответственный исполнитель" in text
        assert "[ ] 1.1.3, примечания" in text
        assert "У них стало другим" in text
        assert state(shared) == before
        await stage.press("и", "f2", "f2")
        assert "завершён" in stage.text()
        assert one.value("1.1.3", "notes") == "У них стало другим"
        assert one.value("1.1.2", "responsible") == "Отдел закупок"
        assert shared.head() == one.head


async def test_a_measure_removed_here_and_changed_there(tmp_path: Path) -> None:
    one, other = create_shared_repository(tmp_path).clones
    other.attach("1.1.2", "акт.pdf", b"%PDF")
    other.set("1.1.1", result="Иначе")
    other.sync()
    one.remove("1.1.2")
    async with opened(one.plan, size=SMALL, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage)
        text = stage.text()
        assert "Было: Мероприятие «Увеличение количества" in text
        assert "— (удалено)" in text
        assert "Отметка за III квартал: — →" in text
        await stage.press("right", "f2", "enter")
        assert "завершён" in stage.text()
        assert "1.1.2" in stage.ids()


async def test_a_choice_about_a_record_is_named_here_and_in_the_history(tmp_path: Path) -> None:
    one, other = create_shared_repository(tmp_path).clones
    line = "    result: Обеспечена установка терминала электронной очереди\n"
    record = '    records:\n      - quarter: 3\n        date: "2024-09-27"\n        result: {}\n'
    plan = one.plan.read_text("utf-8").replace(line, f"{line}{record}")
    one.plan.write_text(plan.format("Установлен"), encoding="utf-8")
    one.commit("Отметка")
    one.push()
    other.git("pull", "-q")
    other.remove_record("1.1.2")
    other.push()
    one.plan.write_text(plan.format("Установлены два"), encoding="utf-8")
    one.commit("Уточнено")
    place = "1.1.2, отметка за III квартал"
    async with opened(one.plan, programme=real(one.plan)) as stage:
        await to_the_conflicts(stage)
        text = stage.text()
        assert f"[ ] {place}" in text
        assert "Фактический результат: Установлены два" in text
        await stage.press("и", "f2", "f2")
        assert "завершён" in stage.text()
        await stage.press("home", "down", "р")
        text = stage.text()
        assert f"{place}: удалено, а одна из сторон изменила" in text
        assert "фактический результат: Установлен → Установлены два." in text
        assert "Выбор сделан автором этой записи: Иванова Анна." in text
    assert one.value("1.1.2", "records") is None


async def test_very_many_conflicts(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, many(200))
    base = Ledger(plan).read().data
    sides = [
        apply_edits(base, [edit for n in range(1, 201) for edit in noted(base, n, text)])
        for text in ("[b]у нас", "у них\x1b[31m")
    ]
    merged = merge(base, *sides)
    conflicts = tuple(FieldConflict("2024.yaml", one, merged.data) for one in merged.conflicts)
    found = Divergence("origin", "main", "a", "b", "c", 1, 1, merged=merged, conflicts=conflicts)
    async with opened(plan, size=SMALL) as stage:
        await stage.app.push_screen(ConflictsScreen(found))
        await stage.settle()
        assert "Выбрано 0 из 200." in stage.text()
        assert "кто и когда — не найдено" in stage.text()
        await stage.press("н", "и", "end")
        assert "[ ] 1.1.200, примечания" in stage.text()
        assert "у них␛[31m" in stage.text()
        assert "Выбрано 2 из 200." in stage.text()
        await stage.press("Н")
        assert "Выбрано всё: 200." in stage.text()


def noted(data: PlanData, number: int, text: str) -> tuple[Edit, ...]:
    return set_fields(data, f"1.1.{number}", {"notes": f"{text} {number}"}).edits


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_postponements_of_one_day_both_are_seen(*, swapped: bool) -> None:
    """«— (нет)» of a side that postponed too would not be so."""
    base: PlanData = {"year": 2024, "measures": [*many(1)]}
    sides = [
        apply_edits(
            base,
            postpone(
                base, "1.1.1", to=f"до {day}.12.2024", reason=f"Причина {day}", day=date(2024, 9, 1)
            ).edits,
        )
        for day in (20, 10)
    ]
    merged = merge(base, *(reversed(sides) if swapped else sides))
    (conflict,) = merged.conflicts
    values = conflict_values(FieldConflict("2024.yaml", conflict, merged.data))
    ours, theirs = (
        " ".join(cell.text for line in lines for cell in line)
        for lines in (values.ours, values.theirs)
    )
    first, second = (10, 20) if swapped else (20, 10)
    assert f"Причина {first}" in ours
    assert f"Причина {second}" in theirs
    assert f"Причина {second}" not in ours
    assert f"Причина {first}" not in theirs
