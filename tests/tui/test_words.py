"""The English catalogue says all that the Russian texts say, and is what is compiled."""

import re
import runpy
from contextvars import copy_context
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from kvartal.history.diff.words import Words
from kvartal.history.git.errors import NoIdentity
from kvartal.schema.states import MeasureState
from kvartal.tui.actions import registry
from kvartal.tui.i18n import ENGLISH, RUSSIAN, _, translator, use_language
from kvartal.tui.presentation import labels, table

QUOTED = re.compile(r'`[^`]*`|"[^"]*"')
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
FOLDER = Path("tui/locale/en/LC_MESSAGES")


@pytest.fixture(scope="module")
def tool(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / ".ci" / "words.py"))


@pytest.fixture(scope="module")
def marked(tool: dict[str, Any]) -> list[str]:
    """Return every text that the program marks, read once: that takes seconds."""
    texts: list[str] = tool["message_ids"]()
    return texts


@pytest.fixture(scope="module")
def english(tool: dict[str, Any]) -> dict[str, str]:
    """Return every translation that is in force, by its Russian text."""
    catalogue: Catalog = tool["read"]()
    return {str(one.id): str(one.string) for one in catalogue if one.id and not one.fuzzy}


def fields(template: str) -> set[str]:
    return {name for _text, name, _form, _how in Formatter().parse(template) if name is not None}


def test_every_text_is_in_the_catalogue_and_nothing_else(
    tool: dict[str, Any], marked: list[str], english: dict[str, str]
) -> None:
    assert sorted(english) == marked, "run `uv run .ci/words.py`"
    assert not tool["read"]().obsolete


def test_every_text_is_translated(english: dict[str, str]) -> None:
    assert [text for text, translation in english.items() if not translation.strip()] == []


def test_a_translation_takes_the_same_fields(english: dict[str, str]) -> None:
    assert [
        text for text, translation in english.items() if fields(text) != fields(translation)
    ] == []


def test_a_translation_keeps_the_spaces_at_its_ends(english: dict[str, str]) -> None:
    def ends(text: str) -> tuple[int, int]:
        return len(text) - len(text.lstrip()), len(text) - len(text.rstrip())

    assert [text for text, translation in english.items() if ends(text) != ends(translation)] == []


def test_a_translation_is_english(english: dict[str, str]) -> None:
    assert [
        translation
        for translation in english.values()
        if CYRILLIC.search(QUOTED.sub("", translation))
    ] == []


def test_a_translation_is_quoted_as_all_are(english: dict[str, str]) -> None:
    assert [
        translation for translation in english.values() if re.search("[“”„«»‘’]", translation)
    ] == []


def test_what_is_put_together_has_the_quotes_of_its_language(root: Path) -> None:
    # What git compares is in one form, and a reader of documents knows every quote there is.
    apart = {"history/git/flatten.py", "tui/presentation/error_text.py"}
    assert [
        f"{path}: {line.strip()}"
        for folder in ("schema", "history", "exchange", "tui")
        for file in (root / folder).rglob("*.py")
        if (path := file.relative_to(root).as_posix()) not in apart
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"""(?<![a-z])f["'][^"']*[«»]""", line)
    ] == []


def test_both_files_are_what_the_tool_writes(
    root: Path, tool: dict[str, Any], marked: list[str]
) -> None:
    catalogue = tool["updated"](tool["read"](), marked)
    made = {"kvartal.po": tool["as_po"](catalogue), "kvartal.mo": tool["as_mo"](catalogue)}
    # By name: pytest would compare the texts line by line for minutes.
    assert [name for name in made if (root / FOLDER / name).read_bytes() != made[name]] == []


def test_the_tool_reads_what_a_mark_holds(tool: dict[str, Any]) -> None:
    source = """\
class Refusal:
    template = N_(
        "Раз "
        "два"
    )
told = f"{_('Три')} {_(NAMES['четыре'])}" + _("пять" if one else "шесть") + _(text or "")
"""
    assert sorted(tool["marked"](source)) == ["", "Раз два", "Три", "пять", "шесть"]
    with pytest.raises(SyntaxError, match="f-string"):
        list(tool["marked"]('_(f"Раз {два}")'))


def test_a_text_changed_a_little_keeps_its_translation_to_be_looked_at(
    tool: dict[str, Any],
) -> None:
    old = Catalog(locale="en")
    old.add("Файла «{path}» нет.", 'There is no file "{path}".')
    old.add("Уходит", "Goes")
    new = tool["updated"](old, ["Совсем другое", "Файла «{path}» здесь нет."])
    known = {one.id: (one.string, one.fuzzy) for one in new if one.id}
    assert known == {
        "Совсем другое": ("", False),
        "Файла «{path}» здесь нет.": ('There is no file "{path}".', True),
    }


def test_the_language_is_switched_to_english_and_back() -> None:
    def translated() -> list[str]:
        words = []
        for language in (ENGLISH, RUSSIAN):
            use_language(language)
            words.append(_("Ничего не изменено, сохранять нечего."))
        return words

    assert copy_context().run(translated) == [
        "Nothing is changed, there is nothing to save.",
        "Ничего не изменено, сохранять нечего.",
    ]


def test_an_error_of_the_lower_layers_is_translated() -> None:
    assert NoIdentity().message(translator(ENGLISH)).startswith("git does not know in whose name")


def test_no_text_is_no_text_in_english() -> None:
    def translated() -> str:
        use_language(ENGLISH)
        return _("")

    assert translator(ENGLISH)("") == copy_context().run(translated) == ""


def test_free_text_is_not_translated() -> None:
    words = Words(translator(ENGLISH))
    assert words.value(("responsible",), "Отдел") == "Отдел"
    assert words.value(("indicator", "direction"), "not_less") == "not less than"


@pytest.mark.parametrize("language", [ENGLISH, RUSSIAN])
def test_short_words_fit_their_columns(language: str) -> None:
    say = translator(language)
    for state in MeasureState:
        assert len(say(labels.SHORT_STATES[state]).format(days=365)) <= 19
        assert len(say(labels.SHORTEST_STATES[state]).format(days=365)) <= 15
    for template in (table.OVERDUE, table.LEFT):
        assert len(say(template).format(days=365)) <= 22
    for action in registry.BY_ID.values():
        assert len(say(action.label)) <= 35, "the menu and the help give it 36"


def test_the_line_of_keys_has_room_for_as_many_words_in_english() -> None:
    feet = [action.key_line_label for action in registry.BY_ID.values() if action.key_line_label]
    say = translator(ENGLISH)
    assert sum(len(say(foot)) for foot in feet) <= sum(map(len, feet))
