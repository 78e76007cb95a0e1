"""Failures in the words of a form: at the field, its own name need not be said again."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired, NotANumber
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import brief

if TYPE_CHECKING:
    from kvartal.schema.problems import Problem

_SHORT: Final = MappingProxyType(
    {
        FieldRequired: N_("Заполните это поле: оно обязательно."),
        NotANumber: N_("«{text}» не число. Напишите, например, 95 или 1250000,50."),
    }
)


def at_field(error: KvartalError) -> str:
    """Return the sentence for a failure, to stand at the field that it is about."""
    template = _SHORT.get(type(error))
    return brief(error) if template is None else _(template).format(**error.fields)


def problems_of(error: KvartalError) -> "tuple[Problem, ...]":
    """Return what would be wrong with the programme after a refused change; else nothing."""
    found: tuple[Problem, ...] = getattr(error, "problems", ())
    return found


def whole(error: KvartalError) -> str:
    """Return all that there is to tell of a failure, in one text.

    A change that would make the programme invalid names its problems; they say what to do.
    """
    return " ".join(problem.message(_) for problem in problems_of(error)) or at_field(error)
