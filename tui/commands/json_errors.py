"""Failures as ``--json`` prints them: ``{"error": {"code", "message", "hint"}}``.

The code is the name of the failure's class in kebab case, or the stable one that the class states.
"""

import re
from collections.abc import Sequence
from typing import Final

import click

from kvartal.schema.errors import KvartalError, filled
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import usage_error_text
from kvartal.tui.failures import further_problems, message_of
from kvartal.tui.i18n import _

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Where the first sentence of a template ends. What a placeholder begins is no advice.
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZА-ЯЁ«`])")

ErrorRow = dict[str, str | None]


def wants_json(arguments: Sequence[str]) -> bool:
    """Return whether a call asks for JSON; needed before the arguments are parsed.

    Args:
        arguments: Without the name of the program.
    """
    for index, argument in enumerate(arguments):
        if argument == "--":
            return False
        if argument in {"--json", "--format=json"}:
            return True
        if argument == "--format" and arguments[index + 1 : index + 2] == ["json"]:
            return True
    return False


def error_row(error: KvartalError) -> ErrorRow:
    """Return an expected failure as ``--json`` prints it.

    The hint is the part of the message after its first sentence: what to press or type. Several
    problems of a programme are a line of the message each.
    """
    code = error.stable_code or _kebab(type(error).__name__)
    message = "\n".join((message_of(error), *further_problems(error)))
    return {"code": code, "message": message, "hint": _hint(error)}


def print_error(error: KvartalError) -> None:
    """Print a failure, unless data has been printed: what is one value stays one."""
    if not output.has_answered():
        output.json_data({"error": error_row(error)})


def print_usage_error(error: click.ClickException, help_hint: str) -> None:
    """Print what is wrong with a call.

    Args:
        error: What click, or a command, found.
        help_hint: Which help to read.
    """
    if not output.has_answered():
        row = {
            "code": _kebab(type(error).__name__),
            "message": usage_error_text(error),
            "hint": help_hint,
        }
        output.json_data({"error": row})


def _kebab(name: str) -> str:
    return _WORD.sub("-", name).lower()


def _hint(error: KvartalError) -> str | None:
    _first, *rest = _SENTENCE_END.split(_(error.template), maxsplit=1)
    try:
        return filled(rest[0], error.fields, _) if rest else None
    except KeyError:  # The class fills its template in its own way.
        return None
