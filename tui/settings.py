"""The user's settings: a small TOML file in the system's folder for such files.

If the file cannot be read, the program runs with the defaults.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from kvartal.schema.errors import N_, KvartalError, Phrase
from kvartal.tui.i18n import LANGUAGES

FILE: Final = "settings.toml"
DARK: Final = "dark"
LIGHT: Final = "light"
THEMES: Final = {DARK: "textual-dark", LIGHT: "textual-light"}
"""The themes by their names in the settings file, with Textual's own names."""
AUTO: Final = "auto"
UNICODE: Final = "unicode"
ASCII: Final = "ascii"
SIGN_SETS: Final = (AUTO, UNICODE, ASCII)
CARD_HEIGHTS: Final = range(20, 81)
"""The heights that the card may have, percent."""
_UNKNOWN: Final = N_("«{name}»? ({known}).")


class BrokenSettings(KvartalError):
    """The settings file cannot be read; the program runs with the defaults."""

    template = N_("Настройки не прочитаны ({path}): {reason} Действуют обычные.")


class SettingsNotSaved(KvartalError):
    """The settings file cannot be written; the change lasts until the program ends."""

    template = N_("Настройка действует, но не записана в «{path}»: {reason}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may choose.

    Attributes:
        language: ``ru`` or ``en``; empty for the system's.
        theme: ``dark`` or ``light``.
        signs: ``unicode``, ``ascii``, or ``auto`` for what the terminal can show.
        card: Height of the card below the table, percent of both.
        folders: Folders whose programmes are listed besides those of the repository.
    """

    language: str = ""
    theme: str = DARK
    signs: str = AUTO
    card: int = 48
    folders: tuple[str, ...] = ()


_FOLDERS: Final = "folders"
_ALLOWED: Final[Mapping[str, tuple[str, ...] | range]] = {
    "language": LANGUAGES,
    "theme": tuple(THEMES),
    "signs": SIGN_SETS,
    "card": CARD_HEIGHTS,
}


def settings_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the settings file.

    Args:
        environ: ``KVARTAL_SETTINGS`` overrides the path.
    """
    if environ.get("KVARTAL_SETTINGS"):
        return Path(environ["KVARTAL_SETTINGS"])
    from platformdirs import user_config_path

    return user_config_path("kvartal", appauthor=False) / FILE


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; the defaults if there is none.

    Raises:
        BrokenSettings: The file cannot be read, or holds an unknown setting or value.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, ValueError) as error:
        raise BrokenSettings(path=path, reason=f"{error}.") from error
    import tomllib

    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenSettings(path=path, reason=f"{error}.") from error
    return _settings(values, path)


def write_settings(path: Path, settings: Settings) -> None:
    """Write the settings that differ from the defaults.

    Raises:
        SettingsNotSaved: The file cannot be written.
    """
    import tomli_w

    defaults = Settings()
    changed = {
        field.name: _plain(getattr(settings, field.name))
        for field in fields(Settings)
        if getattr(settings, field.name) != getattr(defaults, field.name)
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomli_w.dumps(changed), encoding="utf-8")
    except OSError as error:
        from kvartal.history.system_errors import system_reason

        raise SettingsNotSaved(path=path, reason=system_reason(error)) from error


def _settings(values: Mapping[str, Any], path: Path) -> Settings:
    chosen: dict[str, Any] = {}
    for name, value in values.items():
        if name == _FOLDERS:
            chosen[name] = _folders(value, path)
            continue
        allowed = _ALLOWED.get(name)
        if allowed is None:
            known = ", ".join((*_ALLOWED, _FOLDERS))
            raise BrokenSettings(path=path, reason=Phrase(_UNKNOWN, {"name": name, "known": known}))
        # `True in range(…)` may hold: a number is required, not a boolean.
        if isinstance(value, bool) or value not in allowed:
            raise BrokenSettings(path=path, reason=f"{name} = {value!r}? ({_choices(allowed)}).")
        chosen[name] = value
    return replace(Settings(), **chosen)


def _folders(value: object, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BrokenSettings(path=path, reason=f'{_FOLDERS} = {value!r}? (["…"]).')
    return tuple(value)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _choices(allowed: tuple[str, ...] | range) -> str:
    if isinstance(allowed, range):
        return f"{allowed.start}–{allowed.stop - 1}"
    return ", ".join(allowed)
