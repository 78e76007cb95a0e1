"""Marked rows: every action takes what is marked, or says that it cannot."""

from dataclasses import replace
from pathlib import Path

from kvartal.schema.quarters import CalendarQuarter
from kvartal.tui.actions.action import ActionContext, Scope
from kvartal.tui.actions.registry import ACTIONS, BY_ID
from kvartal.tui.dialogs.move import MoveDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.marks import CheckpointKey, Marks
from kvartal.tui.view import Overview
from tests.support.screens import DAY, SMALL, Stage, opened, programme_at

Q2, Q3 = CalendarQuarter(2024, 2), CalendarQuarter(2024, 3)

TAKES = [one for one in ACTIONS if one.scope in {Scope.ONE, Scope.MARKED, Scope.MEASURES}]
"""The actions that marks decide about."""


def go_to(stage: Stage, measure: str, checkpoint: CheckpointKey | None = None) -> None:
    """Put the cursor on a row of the table."""
    rows = [(row.measure, row.checkpoint) for row in stage.main.table._sheet.rows]
    stage.main.table.move_cursor(row=rows.index((measure, checkpoint)))


async def mark(stage: Stage, *rows: tuple[str, CheckpointKey | None]) -> None:
    for row in rows:
        go_to(stage, *row)
        await stage.press("space")


async def takes_or_refuses(stage: Stage, marked: set[str]) -> None:
    """Press the key of each action with several rows marked and the cursor elsewhere."""
    assert stage.chosen not in marked
    for action in TAKES:
        await stage.press(action.keys[-1])
        if action.scope in {Scope.MARKED, Scope.MEASURES}:
            dialog = stage.app.screen
            assert isinstance(dialog, RecordDialog | MoveDialog), action.id
            source = dialog if isinstance(dialog, MoveDialog) else dialog._targets
            assert {one.id for one in source.measures} == marked
        else:
            assert stage.app.screen is stage.main, action.id
            assert f"для одного мероприятия, а помечено {len(marked)}" in stage.text(), action.id
        await stage.press("escape")
        assert stage.main.marked.measures == marked, action.id


async def test_every_action_takes_what_is_marked_in_every_view(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        marked = {"1.1.2", "1.1.3"}
        await mark(stage, *((measure, None) for measure in sorted(marked)))
        await stage.press("home", "у")
        assert "для одного мероприятия, а помечено 2" in stage.text()
        # Checkpoints by urgency, and a filter that hides the marked rows.
        await stage.press("f")
        await stage.type("1.1.4")
        await stage.press("enter", "щ")
        assert "помечено 2, скрыто отбором 2" in stage.text()
        await takes_or_refuses(stage, marked)


async def test_an_action_for_one_takes_the_marked_one(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await mark(stage, ("1.1.3", None))
        await stage.press("home")
        shown = {
            "edit": "Правка мероприятия 1.1.3",
            "history": "История мероприятия 1.1.3",
            "remove": "Удаление: 1.1.3",
        }
        for action, title in shown.items():
            await stage.press(BY_ID[action].keys[-1])
            assert title in stage.text()
            await stage.press("escape")
        # The card is that of the row under the cursor, which it is shown beside.
        await stage.press("enter")
        assert stage.main.has_class("-card")
        assert stage.main.widgets is not None
        assert stage.main.widgets.card._measure == "1.1.1"


async def test_a_record_is_for_the_quarter_of_the_marked_rows(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        await stage.press("щ")
        await mark(stage, ("1.1.1", Q2), ("1.1.3", Q2))
        go_to(stage, "1.1.1", Q3)
        assert "помечено 2 " in stage.text()
        await stage.press("к")
        assert "мероприятий 2" in stage.text()
        assert "(•) II " in stage.text()
        await stage.press("escape")
        await mark(stage, ("1.1.1", Q3))
        await stage.press("к")
        assert "за один квартал, а помечены сроки разных: II, III" in stage.words()
        # Space removes a mark, whatever it was made in.
        await stage.press("escape")
        await mark(stage, ("1.1.1", Q3))
        await stage.press("щ")
        go_to(stage, "1.1.1")
        await stage.press("space")
        assert stage.main.marked == Marks(frozenset({("1.1.3", Q2)}))


def test_marks_do_not_matter_to_the_others(real_plan: Path) -> None:
    plan = programme_at(real_plan, "plan/2024.yaml").read().plan
    first, *others = Overview(plan, DAY).statuses
    marks = tuple(others[:3])
    for action in ACTIONS:
        if action not in TAKES:
            context = ActionContext(chosen=first, filtered=True, problems=1)
            marked = replace(context, marked=marks, marked_checkpoints=(Q2, Q3))
            assert action.reason(marked) == action.reason(context), action.id
        if "выберите" in action.reason(ActionContext(earlier_version=True)):
            assert action.scope is not Scope.PROGRAMME, action.id
