"""Expected failures: one class a failure, one sentence for the user, one exit code.

The sentence is a template in Russian (the gettext message id) with named fields, so that the
packages below the screen need no translation machinery: whoever talks to the person passes a
``translate`` function.
"""

from collections.abc import Callable
from typing import ClassVar, Final

Translate = Callable[[str], str]

EXIT_OK: Final = 0
EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_BUG: Final = 3


def N_(template: str) -> str:  # noqa: N802 - the name message extraction tools look for
    """Mark a template for the translation catalogue and return it as it is."""
    return template


def untranslated(template: str) -> str:
    """Return the template itself: Russian, the language of the message ids."""
    return template


class KvartalError(Exception):
    """An expected failure, told to the user in one sentence.

    Subclasses set ``template`` (Russian, with named fields) and, where it is not a refusal that
    the user can mend, ``exit_code``.

    Args:
        **fields: Values for the fields of the template, shown literally.
    """

    template: ClassVar[str] = ""
    exit_code: ClassVar[int] = EXIT_REFUSED

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields = fields

    def message(self, translate: Translate = untranslated) -> str:
        """Return the sentence for the user.

        Args:
            translate: Turns a Russian template into the user's language.
        """
        return translate(self.template).format(**self.fields)

    def __str__(self) -> str:
        """Return the sentence in Russian."""
        return self.message()
