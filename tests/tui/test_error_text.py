"""However long the folder's name is, what happened and what to press stay in sight."""

import re
import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from kvartal.exchange.tables.table_reader import NoMeasureTable
from kvartal.history.git.errors import DubiousOwnership, NotARepository
from kvartal.history.git.identity import checked_email, checked_name
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import parse_number
from kvartal.tui.creation.new_programme import typed_period
from kvartal.tui.i18n import translator
from kvartal.tui.presentation.error_text import (
    MAX_PATH_LENGTH,
    short_message,
    short_path,
    typed_message,
)
from kvartal.tui.presentation.screen_words import SCREEN_WORDS
from tests.support.screens import SMALL, opened, programme_at

DEEP = Path("/сетевой диск/отдел обслуживания", *["папка с пробелами"] * 9, "программа 2024")


@pytest.mark.parametrize("length", [20, 51, 52, 53, 54, 60, 61, 120, 200])
@pytest.mark.parametrize("letters", ["folder/", "папка с пробелом/", "ж"])
def test_a_path_is_never_longer_than_its_room(letters: str, length: int) -> None:
    whole = ("/" + letters * length)[:length].rstrip("/ ")
    short = short_path(Path(whole))
    assert len(short) <= MAX_PATH_LENGTH
    assert short == whole if len(whole) <= MAX_PATH_LENGTH else short[-10:] == whole[-10:]


def test_of_a_long_path_the_end_is_shown_in_whole_folders() -> None:
    assert short_path(DEEP) == "…/папка с пробелами/папка с пробелами/программа 2024"
    assert short_path(Path("/", "ж" * 300, "2024.yaml")) == "…/2024.yaml"
    alone = short_path(Path("н" + "а" * 300 + "е"))
    assert (alone[:2], alone[-2:], len(alone) <= MAX_PATH_LENGTH) == ("на", "ае", True)


def test_the_path_in_an_error_is_short_on_the_screen_and_whole_on_the_command_line() -> None:
    error = NotARepository(folder=DEEP)
    assert f"«{short_path(DEEP)}» не в репозитории git" in short_message(error)
    assert f"«{DEEP}» не в репозитории git" in error.message()
    trusted = DubiousOwnership(top=str(DEEP))
    assert f"safe.directory '{DEEP}'" in trusted.message()
    assert str(DEEP) not in short_message(trusted)


PAGE = "Протокол совещания, лист первый. " * 80


@pytest.mark.parametrize(
    "read",
    [lambda text: parse_number(text, "Бюджет"), lambda text: typed_period(text, date(2026, 2, 3))],
)
@pytest.mark.parametrize("typed", [PAGE, "  \n".join(PAGE.splitlines(keepends=True)), "не то"])
def test_a_page_pasted_into_a_field_is_not_repeated_below_it(
    read: Callable[[str], object], typed: str
) -> None:
    with pytest.raises(KvartalError) as caught:
        read(typed)
    message = typed_message(caught.value, typed)
    assert typed[:20].strip() in message
    assert len(message) < len(caught.value.message()) or typed == "не то"
    assert len(message) < 240


@pytest.mark.parametrize("check", [checked_name, checked_email])
def test_what_is_empty_is_not_quoted_as_wrong(check: Callable[[str], object]) -> None:
    with pytest.raises(KvartalError) as caught:
        check(" ")
    assert typed_message(caught.value, " ") == "Заполните это поле: оно обязательно."


async def test_on_a_small_screen_the_reason_is_seen_whatever_the_folder(
    real_plan: Path, tmp_path: Path
) -> None:
    for number in (1, 9):
        plan = tmp_path.joinpath(*["папка с пробелами"] * number) / "2024.yaml"
        plan.parent.mkdir(parents=True)
        copyfile(real_plan, plan)
        async with opened(plan, programme=programme_at(plan, "2024.yaml"), size=SMALL) as stage:
            assert "не в репозитории git: истории изменений нет" in stage.text()
            assert "F6 — завести историю" in stage.text()


NO_KEY_DOES_IT = (
    "git config",
    "git fetch",
    "git update-index",
    "git pull",
    "git clone",
    "git commit",
    "git init",
    # What is read, begun or done before there is a screen, or by no key of it.
    "kvartal init",
    "kvartal validate",
    "kvartal verify",
    "kvartal calendar",
    "kvartal git-setup",
    # A terminal asks for the password.
    "в терминале их можно ввести: `kvartal sync`",
    # Said both ways already.
    "на экране",
)
"""A sentence with one of these may name a command on the screen as well."""
NAMES_A_COMMAND = re.compile(r"(?<![\w`-])--[a-z]|`kvartal |`git restore`")


def test_the_screen_names_no_option_of_a_command(root: Path) -> None:
    english = translator("en")
    for template, said in SCREEN_WORDS.items():
        assert english(template) != template, "no source says this any more"
        assert "--" not in said
        assert "`kvartal " not in said
        assert "`git restore`" not in said
        assert set(re.findall(r"{\w+}", said)) <= set(re.findall(r"{\w+}", template))
    marked = runpy.run_path(str(root / ".ci" / "words.py"))["marked"]
    assert [
        text
        for folder in ("schema", "history", "exchange")
        for file in (root / folder).rglob("*.py")
        if "audit" not in file.parts and NAMES_A_COMMAND.search(source := file.read_text("utf-8"))
        for text in marked(source)
        if NAMES_A_COMMAND.search(text)
        and text not in SCREEN_WORDS
        and not any(known in text for known in NO_KEY_DOES_IT)
    ] == []
    assert "--map" in NoMeasureTable(name="а.docx").message()
    assert short_message(NoMeasureTable(name="а.docx")).endswith("и повторите.")


@pytest.mark.parametrize(
    "text",
    [
        "01.09.2026..31.05.2027",
        "01.09.2026 - 31.05.2027",
        "1.9.2026-31.5.2027",
        "01.09.2026 – 31.05.2027",
        "2026-09-01 - 2027-05-31",
        "2026-09-01..2027-05-31",
        "с 01.09.2026 по 31.05.2027",
        "from 2026-09-01 to 2027-05-31",
    ],
)
def test_two_days_are_a_period_whatever_stands_between_them(text: str) -> None:
    period = typed_period(text, date(2026, 2, 3))
    assert (period.start, period.due) == (date(2026, 9, 1), date(2027, 5, 31))


@pytest.mark.parametrize("text", ["2026-2028", "2026 - 2028", "2026–2028", "2026..2028"])
def test_a_programme_of_several_years_is_typed_as_its_file_is_called(text: str) -> None:
    period = typed_period(text, date(2026, 2, 3))
    assert (period.start, period.due) == (date(2026, 1, 1), date(2028, 12, 31))
