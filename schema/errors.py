"""Expected failures: each a class with one sentence for the user and an exit code.

The sentence is a template in Russian (the gettext message id) with named fields, so that the
packages below the screen need no translation machinery: a ``translate`` function is passed in where
the sentence is shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

Translate = Callable[[str], str]

EXIT_OK: Final = 0
EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_BUG: Final = 3


def N_(template: str) -> str:  # noqa: N802 - the name message extraction tools look for
    """Mark a template for the translation catalogue and return it unchanged."""
    return template


def untranslated(template: str) -> str:
    """Return the template unchanged: in Russian, the language of the message ids."""
    return template


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels inside a sentence, each optionally preceded by a name that is not translated.

    Attributes:
        names: Pairs of a name and a Russian label; either may be empty.
        form: Template for a name with its label.
    """

    names: tuple[tuple[str, str], ...]
    form: str = N_("«{name}» ({label})")

    def text(self, translate: Translate) -> str:
        """Return them, separated by commas, in the language of ``translate``."""
        return ", ".join(self._one(name, label, translate) for name, label in self.names)

    def __str__(self) -> str:
        """Return them in Russian."""
        return self.text(untranslated)

    def _one(self, name: str, label: str, translate: Translate) -> str:
        if name and label:
            return translate(self.form).format(name=name, label=translate(label))
        return translate(label) if label else translate(N_("«{name}»")).format(name=name)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is to be said in the language of the sentence.

    Attributes:
        template: Russian, with named fields.
        fields: Their values.
    """

    template: str
    fields: Mapping[str, object]

    def text(self, translate: Translate) -> str:
        """Return it in the language of ``translate``."""
        return filled(self.template, self.fields, translate)

    def __str__(self) -> str:
        """Return it in Russian."""
        return self.text(untranslated)


@dataclass(frozen=True, slots=True)
class Listed:
    """Parts of a sentence, separated by commas, each in the language of the sentence."""

    parts: tuple[Phrase | str, ...]

    def text(self, translate: Translate) -> str:
        """Return them in the language of ``translate``."""
        return ", ".join(part_text(part, translate) for part in self.parts)

    def __str__(self) -> str:
        """Return them in Russian."""
        return self.text(untranslated)


def part_text(part: Phrase | str, translate: Translate) -> str:
    """Return a part of a sentence in the language of ``translate``; a text as it is."""
    return part if isinstance(part, str) else part.text(translate)


def filled(template: str, fields: Mapping[str, object], translate: Translate) -> str:
    """Return a sentence: a template with its fields filled in, in one language.

    Args:
        template: Russian, with named fields.
        fields: Their values, inserted literally except for labels, phrases and failures.
        translate: Turns Russian words into the user's language.
    """
    values = {name: _field_text(value, translate) for name, value in fields.items()}
    return translate(template).format(**values)


def _field_text(value: object, translate: Translate) -> object:
    if isinstance(value, Labels | Phrase | Listed):
        return value.text(translate)
    return value.message(translate) if isinstance(value, KvartalError) else value


class Sentence(Protocol):
    """What can be said to the user in a sentence."""

    def message(self, translate: Translate = untranslated) -> str:
        """Return it in the language of ``translate``."""


class KvartalError(Exception):
    """An expected failure, reported to the user in one sentence.

    Subclasses set ``template`` (Russian, with named fields) and, unless it is a refusal that the
    user can resolve, ``exit_code``.

    Args:
        **fields: Values for the fields of the template, shown literally.

    Attributes:
        notes: What had been done before it failed and stays done; told after its own sentence.
        programme: Which of several it is about; empty where there is one, or all are meant.
    """

    template: ClassVar[str] = ""
    exit_code: ClassVar[int] = EXIT_REFUSED
    stable_code: ClassVar[str] = ""
    """What programs know it by; empty for the name of the class in kebab case."""

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields = fields
        self.notes: tuple[Sentence, ...] = ()
        self.programme = ""

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user, followed by the notes.

        Args:
            translate: Turns a Russian template into the user's language.
        """
        sentence = filled(self.template, self.fields, translate)
        if self.notes and sentence[-1:] not in ".!?…":
            sentence += "."  # Where git has the last word, it ends without one.
        return " ".join((sentence, *(note.message(translate) for note in self.notes)))

    def __str__(self) -> str:
        """Return the sentence in Russian."""
        return self.message()


@contextmanager
def noted(notes: Sequence[Sentence]) -> Iterator[None]:
    """Let a failure of the block also tell what was done before it.

    Args:
        notes: What was done; what it tells already is not told twice.
    """
    try:
        yield
    except KvartalError as error:
        error.notes = (*error.notes, *(note for note in notes if note not in error.notes))
        raise
