"""The user's settings: each does something; a broken file costs them and nothing else."""

from pathlib import Path

import pytest

from kvartal.tui.settings import (
    BrokenSettings,
    Settings,
    SettingsNotSaved,
    read_settings,
    settings_path,
    write_settings,
)
from tests.support.screens import LARGE, SMALL, opened


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml") == Settings()
    assert read_settings(tmp_path / "none" / "none.toml") == Settings()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.toml"
    chosen = Settings(language="en", theme="light", signs="ascii", card=60)
    write_settings(path, chosen)
    assert read_settings(path) == chosen
    write_settings(path, Settings())
    assert path.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("theme = ", "Invalid value"),
        ('theme = "pink"', r"theme = 'pink'\? \(dark, light\)"),
        ("card = true", "card = True"),
        ("card = 5", r"20–80"),
        ('colour = "red"', "«colour»"),
        ("language = []", "language"),
        ("\udcff", "utf-8"),
    ],
)
def test_a_broken_file_is_reported_in_a_sentence(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BrokenSettings, match=reason):
        read_settings(path)


def test_a_folder_in_the_way_is_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BrokenSettings):
        read_settings(tmp_path)
    with pytest.raises(SettingsNotSaved):
        write_settings(tmp_path, Settings())


def test_the_file_is_the_users_own(tmp_path: Path) -> None:
    assert settings_path({}).parts[-2:] == ("kvartal", "settings.toml")
    assert settings_path({"KVARTAL_SETTINGS": str(tmp_path / "s")}) == tmp_path / "s"


async def test_the_theme_is_changed_and_remembered(
    real_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("KVARTAL_SETTINGS", str(path))
    async with opened(real_plan) as stage:
        dark = stage.main.table.tones["overdue"]
        await stage.press("f9")
        assert stage.main.table.tones["overdue"] != dark
        assert read_settings(path) == Settings(theme="light")
        monkeypatch.setenv("KVARTAL_SETTINGS", str(tmp_path))
        await stage.press("f9")
        assert "не записана" in stage.text()
    async with opened(real_plan, settings=read_settings(path)) as stage:
        assert stage.app.theme == "textual-light"


async def test_the_height_of_the_card(real_plan: Path) -> None:
    heights = []
    for share in (30, 60):
        async with opened(real_plan, size=LARGE, settings=Settings(card=share)) as stage:
            assert stage.main.widgets is not None
            heights.append(stage.main.widgets.card.outer_size.height)
    assert heights == [12, 25]


async def test_plain_signs(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL, settings=Settings(signs="ascii")) as stage:
        assert "x  x  x   *" in stage.line("1.1.1")
