"""Settings of git that stop it: files that it cannot read, and values that it does not take.

A value that git checks wherever it reads the file cannot be overridden: the wrong one stops it
before it comes to ours. So it is named, with the place where git names one.
"""

import re
from typing import Final

from kvartal.history.git.errors import GitFailed
from kvartal.history.system_errors import printed_reason
from kvartal.schema.errors import N_


class SettingsUnreadable(GitFailed):
    """Git cannot parse its settings."""

    template = N_(
        "git не может прочесть своих настроек: {words}. Исправьте их в файле .git/config "
        "(или в общем, .gitconfig)."
    )


class SettingsFileUnreadable(SettingsUnreadable):
    """The system does not let git read a file of its settings, or it is no file."""

    template = N_(
        "git не может прочесть файла своих настроек {file}: {reason}. Исправьте это и повторите."
    )


class SettingsLineWrong(SettingsUnreadable):
    """Git cannot parse a line of a file of its settings."""

    template = N_("git не понимает строки {line} файла своих настроек {file}. Исправьте её.")


class SettingWrong(SettingsUnreadable):
    """Git does not take the value of a setting, and does not say where it stands."""

    template = N_(
        "git не понимает своей настройки {name}: значение «{value}» ей не подходит. Где оно "
        "записано, покажет `git config --show-origin --get-all {name}`; исправьте его там или "
        "уберите."
    )


class SettingWrongAt(SettingsUnreadable):
    """Git does not take the value of a setting in a file that it names."""

    template = N_(
        "git не понимает своей настройки {name} в файле {file}, строка {line}: её значение не "
        "подходит. Исправьте его там или уберите."
    )


class SettingWrongIn(SettingsUnreadable):
    """Git does not take the value of a setting in a file that it names, without the line."""

    template = N_(
        "git не понимает своей настройки {name} в файле {file}: значение «{value}» ей не подходит. "
        "Исправьте его там или уберите."
    )


class EnvironmentValueWrong(SettingsUnreadable):
    """Git does not take the value of a variable of the environment, and calls it a setting."""

    template = N_(
        "git не понимает переменной окружения {name}: значение «{value}» ей не подходит. Исправьте "
        "или уберите её и запустите `kvartal` снова."
    )


SETTINGS_UNREAD: Final = (
    r"bad (?:config|boolean|numeric)|^error: core\.\w+ should|"
    r"reading the configuration files|exceeded maximum include depth"
)
_VARIABLES: Final = "GIT_"
_FILE: Final = re.compile(
    r"unable to access '(?P<file>[^\n]+)': (?P<reason>[^\n]+)\n"
    r"fatal: unknown error occurred while reading the configuration files"
)
_LINE: Final = re.compile(r"bad config line (?P<line>\d+) in file (?P<file>.+)")
_AT: Final = re.compile(
    r"bad config variable '(?P<name>[^'\n]+)' in file '(?P<file>[^\n]+)' at line (?P<line>\d+)"
)
_IN: Final = re.compile(
    r"bad (?:boolean|numeric) config value '(?P<value>[^\n]*)' for '(?P<name>[^'\n]+)' "
    r"in file (?P<file>[^\n]+?)(?::[^\n:]*)?$",
    re.MULTILINE,
)
_NAME: Final = r"'?(?P<name>[a-zA-Z][\w-]*\.[\w.-]+)'?"
_VALUES: Final = tuple(
    re.compile(rf"^fatal: {pattern}", re.MULTILINE)
    for pattern in (
        r"bad (?:boolean|numeric) config value '(?P<value>[^\n]*)' for '(?P<name>[^'\n]+)'",
        rf"bad {_NAME} argument: (?P<value>[^\n]*)",
        rf"unknown value for config {_NAME}: (?P<value>[^\n]*)",
        rf"unrecognized value {_NAME}: '(?P<value>[^\n]*)'",
        rf"invalid value for {_NAME}: '(?P<value>[^\n]*)'",
        rf"unknown style '(?P<value>[^\n]*)' given for {_NAME}",
    )
)
_UNNAMED: Final = {
    "commit.cleanup": r"Invalid cleanup mode (?P<value>[^\n]*)",
    "core.createObject": r"invalid mode for object creation: (?P<value>[^\n]*)",
    "diff.ignoreSubmodules": r"bad --ignore-submodules argument: (?P<value>[^\n]*)",
    "fetch.negotiationAlgorithm": r"unknown fetch negotiation algorithm '(?P<value>[^\n]*)'",
}
"""What git says of values whose setting it does not name."""


def settings_error(command: str, stderr: str) -> SettingsUnreadable | None:
    """Return the error for settings that stopped git, with their place; None for another reason.

    Args:
        command: The git command.
        stderr: What git printed on its error stream.
    """
    for kind, pattern in ((SettingsLineWrong, _LINE), (SettingWrongAt, _AT), (SettingWrongIn, _IN)):
        if (found := pattern.search(stderr)) is not None:
            return kind(command=command, **found.groupdict())
    if (file := _FILE.search(stderr)) is not None:
        reason = printed_reason(file["reason"])
        return SettingsFileUnreadable(command=command, file=file["file"], reason=reason)
    for pattern in _VALUES:
        if (found := pattern.search(stderr)) is not None:
            is_variable = found["name"].startswith(_VARIABLES)
            error = EnvironmentValueWrong if is_variable else SettingWrong
            return error(command=command, **found.groupdict())
    for name, words in _UNNAMED.items():
        if (found := re.search(rf"^fatal: {words}", stderr, re.MULTILINE)) is not None:
            return SettingWrong(command=command, name=name, value=found["value"])
    return None
