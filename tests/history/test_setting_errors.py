"""A wrong value of a setting of git is named: the setting, the value or the place, what to do."""

import pytest

from kvartal.history.git.failures import command_error

AT = "fatal: bad config variable '{name}' in file '.git/config' at line 13"


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        # As git 2.39 says it, of every setting that `git help -c` lists.
        ("fatal: bad boolean config value 'x' for 'core.quotepath'", "core.quotepath: «x»"),
        ("fatal: bad numeric config value '' for 'core.abbrev': invalid unit", "core.abbrev: «»"),
        (
            "fatal: bad numeric config value 'x' for 'core.compression' in file .git/config: unit",
            "core.compression: .git/config «x»",
        ),
        (AT.format(name="diff.algorithm"), "diff.algorithm: .git/config 13"),
        (
            f"error: missing value for 'user.name'\n{AT.format(name='user.name')}\nfatal: hung up",
            "user.name: .git/config 13",
        ),
        ("fatal: bad grep.patterntype argument: x", "grep.patterntype: «x»"),
        ("fatal: bad push.recurseSubmodules argument: (null)", "push.recurseSubmodules: «(null)»"),
        ("fatal: unknown value for config 'protocol.version': x", "protocol.version: «x»"),
        (
            "fatal: unrecognized value transfer.credentialsInUrl: 'x'",
            "transfer.credentialsInUrl: «x»",
        ),
        ("fatal: invalid value for 'fetch.output': 'x'", "fetch.output: «x»"),
        ("fatal: unknown style 'x' given for 'merge.conflictstyle'", "merge.conflictstyle: «x»"),
        ("fatal: Invalid cleanup mode x", "commit.cleanup: «x»"),
        ("fatal: invalid mode for object creation: x", "core.createObject: «x»"),
        ("fatal: bad --ignore-submodules argument: x", "diff.ignoreSubmodules: «x»"),
        ("fatal: unknown fetch negotiation algorithm 'x'", "fetch.negotiationAlgorithm: «x»"),
    ],
)
def test_a_wrong_value_is_named(printed: str, named: str) -> None:
    sentence = str(command_error("log", printed, 128))
    name, _colon, rest = named.partition(": ")
    assert sentence.startswith(f"git не понимает своей настройки {name}")
    assert all(part in sentence for part in rest.split())
    assert "исправьте его там или уберите." in sentence.lower()
    assert not {"fatal", "bad", "config variable", "invalid"} & {*sentence.split()}


def test_a_variable_of_the_environment_is_not_called_a_setting() -> None:
    printed = "fatal: bad boolean config value 'x' for 'GIT_DISCOVERY_ACROSS_FILESYSTEM'"
    assert str(command_error("log", printed, 128)) == (
        "git не понимает переменной окружения GIT_DISCOVERY_ACROSS_FILESYSTEM: значение «x» ей не "
        "подходит. Исправьте или уберите её и запустите `kvartal` снова."
    )


@pytest.mark.parametrize("printed", ["fatal: bad revision 'x.y'", "fatal: invalid value: x"])
def test_what_only_sounds_alike_is_no_setting(printed: str) -> None:
    assert "настройки" not in str(command_error("log", printed, 128))
