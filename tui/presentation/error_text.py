"""Error messages for the screen: at their fields, with paths shortened.

The command line prints paths whole: they are copied from there.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_, KvartalError, Labels, filled
from kvartal.tui.i18n import _
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.problem_list import MOST_SHOWN
from kvartal.tui.presentation.screen_words import on_screen

if TYPE_CHECKING:
    from kvartal.schema.problems import Problem

MAX_PATH_LENGTH: Final = 52
"""The most letters of a path that are shown: then three short lines hold the longest sentence."""
_MAX_QUOTED: Final = 60
"""The most letters of what was typed that an error repeats."""
ELLIPSIS: Final = "…"
AS_GIT_SPELLS_IT: Final = "top"
"""The field of an error that holds a folder as git spells it: as text, not as a path."""

_EMPTY_FIELD: Final = N_("Заполните это поле: оно обязательно.")
_NO_NUMBER: Final = N_("«{text}» не число. Напишите, например, 95 или 1250000,50.")


def short_message(error: KvartalError) -> str:
    """Return the message of an error with its paths shortened: a long one hides all the rest."""
    message = error.message(on_screen)
    for name, value in error.fields.items():
        if isinstance(value, Path) or name == AS_GIT_SPELLS_IT:
            message = message.replace(str(value), short_path(Path(str(value))))
    return message


def field_message(error: KvartalError) -> str:
    """Return the message of an error that is shown at its field, whose name it need not repeat."""
    # Not before the first paint, which needs `short_message` alone.
    from kvartal.schema.fields import FieldRequired, NotANumber

    if isinstance(error, FieldRequired):
        return _(_EMPTY_FIELD)
    if isinstance(error, NotANumber):
        return filled(_NO_NUMBER, error.fields, _)
    return short_message(error)


def message_at_field(problem: "Problem") -> str:
    """Return the message of a problem that is shown at its field, whose name it need not repeat."""
    return _without_field(problem.message(on_screen), problem.fields)


def _without_field(message: str, fields: Mapping[str, object]) -> str:
    """Return a sentence without «Поле «Номер»: » at its beginning."""
    field = fields.get("field")
    name = field.text(_) if isinstance(field, Labels) else field
    if not isinstance(name, str):
        return message
    head = re.match(rf"\w+ [«\"]?{re.escape(name)}[»\"]?: (?=.)", message)
    rest = message[head.end() :] if head else message
    return rest[:1].upper() + rest[1:]


def typed_message(error: KvartalError, typed: str) -> str:
    """Return the message of an error about what was typed, of which it repeats the beginning only.

    Whoever pasted a page into a date sees what is wrong with it, not the page once more.

    Args:
        error: The error.
        typed: What the field holds.
    """
    words = " ".join(typed.split())
    if not words and "" in error.fields.values():
        return _(_EMPTY_FIELD)  # «» не подходит»: nothing was typed, so nothing is wrong with it.
    message = _without_field(field_message(error), error.fields)
    for value in error.fields.values():
        is_long = isinstance(value, str) and len(value) > _MAX_QUOTED
        if is_long and " ".join(str(value).split()) in words:
            message = message.replace(str(value), beginning(str(value), _MAX_QUOTED))
    return message


def problems_of(error: KvartalError) -> "tuple[Problem, ...]":
    """Return the problems that a refused change would have made; empty for other errors."""
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    return problems


def full_message(error: KvartalError) -> str:
    """Return everything there is to say about an error, in one text.

    A change that would make the programme invalid names its problems; they say what to do.
    """
    sentences = [problem.message(on_screen) for problem in problems_of(error)[:MOST_SHOWN]]
    return " ".join(sentences) or field_message(error)


def short_path(path: Path) -> str:
    """Return a path, of a long one its end: the folders and the name that tell it from others.

    >>> short_path(Path("/srv", "a" * 60, "программа", "plan"))
    '…/программа/plan'
    """
    whole = str(path)
    if len(whole) <= MAX_PATH_LENGTH:
        return whole
    # Empty where a name stands alone: whatever is typed for a path may be a long one.
    separator = whole[-len(path.name) - 1 : -len(path.name)]
    end = path.name
    for name in reversed(path.parent.parts):
        longer = f"{name}{separator}{end}"
        if len(longer) + 2 > MAX_PATH_LENGTH:
            break
        end = longer
    half = (MAX_PATH_LENGTH - 3) // 2
    if len(end) + 2 > MAX_PATH_LENGTH:
        end = f"{end[:half]}{ELLIPSIS}{end[-half:]}"
    return f"{ELLIPSIS}{separator}{end}" if separator else end
