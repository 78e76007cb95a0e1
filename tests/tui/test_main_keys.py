"""The registry of actions: every key has a Russian counterpart, every action a handler."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import kvartal.tui
from kvartal.schema.measure import Cancellation
from kvartal.schema.states import status
from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import ACTIONS, BY_ID, bindings, in_groups
from kvartal.tui.handlers.dispatch import Handlers
from kvartal.tui.i18n import use_language
from kvartal.tui.screens.main import MainScreen
from kvartal.tui.widgets.key_line import LEFT, RIGHT
from tests.schema.models import CALENDAR, a_measure
from tests.support.screens import SMALL, opened

LATIN = "qwertyuiop" + "asdfghjkl" + "zxcvbnm"
CYRILLIC = "йцукенгшщз" + "фывапролд" + "ячсмить"
TWINS = dict(zip(LATIN + LATIN.upper(), CYRILLIC + CYRILLIC.upper(), strict=True))


@pytest.mark.parametrize("name", BY_ID)
def test_an_action_has_a_deed_and_its_letter_a_twin_on_the_same_key(name: str) -> None:
    one = BY_ID[name]
    assert callable(getattr(Handlers, f"do_{one.id}"))
    letters = [key for key in one.keys if len(key) == 1 and key.isalpha()]
    assert letters in ([], [letters[0], TWINS[letters[0]]] if letters else [])
    assert one.help.endswith((".", "…"))
    assert all("ctrl" not in key and "alt" not in key for key in one.keys)


def test_no_key_means_two_things() -> None:
    keys = [key for keys, _name in bindings() for key in keys.split(",")]
    assert len(keys) == len(set(keys))
    assert {"o", "O", "щ", "Щ"} <= set(keys)
    assert dict(bindings())["u,г"] == "undo"
    assert dict(bindings())["U,Г"] == "redo"


def test_the_screen_binds_the_whole_registry() -> None:
    bound = {one.action for one in MainScreen.BINDINGS if isinstance(one, Binding)}
    # Of use only while a shortened message is shown, and named at its end.
    assert bound - {"whole_message"} == {f"act('{action.id}')" for action in ACTIONS}


def test_the_line_of_keys_names_only_what_has_a_word_for_it() -> None:
    assert all(BY_ID[name].key_line_label for name in (*LEFT, *RIGHT))


def test_a_key_is_shown_with_the_letter_of_the_language_in_force() -> None:
    assert BY_ID["overdue"].key == "щ"
    use_language("en")
    try:
        assert BY_ID["overdue"].key == "o"
    finally:
        use_language("ru")
    assert BY_ID["overdue"].all_keys == "o щ"
    assert BY_ID["help"].key == "F1"


def test_what_cannot_be_done_has_a_reason() -> None:
    nothing = ActionContext()
    assert "В таблице нет строк" in BY_ID["edit"].reason(nothing)
    assert BY_ID["find"].reason(nothing) == ""
    assert (
        BY_ID["add"].reason(ActionContext(read_only_reason="Только просмотр."))
        == "Только просмотр."
    )
    assert "Подождите" in BY_ID["undo"].reason(ActionContext(saving=True))
    assert BY_ID["compare"].reason(nothing).endswith("Сначала откройте прежнюю: м.")
    cancelled = Cancellation(date(2024, 5, 1), "Закрыто")
    measure = replace(a_measure(1, cancelled=cancelled), number="п. 7")
    context = ActionContext(chosen=status(measure, CALENDAR, date(2024, 6, 1)))
    assert BY_ID["record"].reason(context) == "Мероприятие п. 7 (1.1.1) снято с плана 01.05.2024."


SHOWN = {
    "overdue": "сроков 53",
    "quarter_3": "14 из 20",
    "help": "Помощь",
    "menu": "Меню",
    "state": "Все состояния",
    "as_of": "По состоянию на",
    "record": "Отметка об исполнении: 1.1.1",
    "postpone": "Перенос срока: 1.1.1",
    "cancel": "Снятие с плана: 1.1.1",
    "remove": "Удаление: 1.1.1",
    "sections": "2.3 Обслуживание письменных",
    "mark": "помечено 1",
    "find": "слова, номер…",
    "history": "История мероприятия 1.1.1",
    "history_all": "История программы",
}


async def test_keys_work_in_either_layout(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        for at, (name, shown) in enumerate(SHOWN.items()):
            keys = BY_ID[name].keys
            assert shown not in stage.text()
            await stage.press(keys[at % len(keys)])
            assert shown in stage.text(), name
            await stage.press("escape", "home")


async def test_both_letters_and_both_cases_do_the_same(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        for key in ("o", "щ", "O", "Щ"):
            await stage.press(key)
            assert "сроков 53" in stage.text()
            await stage.press("escape")


# What each key that is no letter does, on whatever screen: F2 never loses what it saves elsewhere.
MEANINGS = {
    "f1": {"act('help')", "open_help"},
    "f2": {"accept"},
    "f3": {"whole_message", "leave"},
    "f5": {"act('reload')", "reload", "compare"},
    "f6": {"act('repair')", "repair", "adopt"},
    "f7": {"move_away"},
    "f8": {"act('problems')"},
    "f9": {"act('theme')"},
    "delete": {"act('remove')", "remove", "discard", "choose('')"},
}


def test_a_key_keeps_its_meaning_on_every_screen() -> None:
    for module in walk_packages(kvartal.tui.__path__, "kvartal.tui."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found: dict[str, set[str]] = {key: set() for key in MEANINGS}
    for node in _subclasses(DOMNode):
        ours = node.__module__.startswith("kvartal.")
        for binding in node.__dict__.get("BINDINGS", ()) if ours else ():
            assert isinstance(binding, Binding)
            for key in set(binding.key.split(",")) & set(MEANINGS):
                found[key].add(binding.action)
    assert found == MEANINGS


def _subclasses(parent: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


async def test_q_leaves_in_either_layout(real_plan: Path) -> None:
    for key in ("q", "й"):
        async with opened(real_plan, size=SMALL) as stage:
            await stage.pilot.press(key)
            assert stage.app._exit


async def test_typing_is_not_disturbed(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("f")
        await stage.type("щqй 13")
        assert stage.main.view is not None
        assert stage.main.view.filter.text == "щqй 13"
        assert not stage.main.view.urgent
        assert not stage.app._exit


async def test_menu_help_and_palette_hold_every_action(real_plan: Path) -> None:
    async with opened(real_plan, size=(100, 140)) as stage:
        palette = {command.title for command in stage.app.get_system_commands(stage.main)}
        assert palette == {action.label for action in ACTIONS}
        await stage.press("f10")
        menu = stage.text()
        await stage.press("escape", "f1")
        help_ = stage.text()
    for group, actions in in_groups():
        assert group.value in menu
        for action in actions:
            assert action.label in menu or action.id in {"menu", "back"}
            assert action.label in help_
            assert action.all_keys in help_


async def test_the_menu_does_what_is_picked(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("f10", "end", "up", "up", "enter")
        assert stage.app.theme == "textual-light"


async def test_a_click_on_the_line_of_keys_does_what_the_key_does(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        at = stage.text().splitlines()[-1].index("щ просроченные")
        await stage.pilot.click(offset=(at + 3, 44))
        await stage.settle()
        assert "сроков 53" in stage.text()


async def test_a_disabled_key_says_why(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        await stage.press("3", "f", "э", "э", "enter", "у")
        reason = "Под отбор ничего не подходит"
        assert stage.text().count(reason) == 2  # In the empty table, and as the answer to the key.
        await stage.press("escape")
        assert stage.text().count(reason) == 1
