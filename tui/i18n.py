"""Words for the user: gettext with Russian message ids.

Russian needs no catalogue, so the screen in its first language reads nothing at start. The
language is chosen once, by the entry point; a context variable carries it, so tests and threads
keep their own.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Final

from kvartal.schema.errors import untranslated

RUSSIAN: Final = "ru"
ENGLISH: Final = "en"
LANGUAGES: Final = (RUSSIAN, ENGLISH)
DOMAIN: Final = "kvartal"

_translations: ContextVar[gettext.NullTranslations | None] = ContextVar("words", default=None)


def _(template: str) -> str:
    """Return a Russian template in the language in force."""
    words = _translations.get()
    return template if words is None else _translated(words, template)


def use_language(language: str) -> None:
    """Put a language in force from here on.

    Args:
        language: ``ru`` or ``en``.
    """
    _translations.set(None if language == RUSSIAN else _catalogue(language))


def translator(language: str) -> Callable[[str], str]:
    """Return what turns Russian templates into a language, whichever is in force.

    Args:
        language: ``ru`` or ``en``.
    """
    return untranslated if language == RUSSIAN else partial(_translated, _catalogue(language))


def _translated(words: gettext.NullTranslations, template: str) -> str:
    # Under the empty text a catalogue keeps its own header.
    return words.gettext(template) if template else template


def _catalogue(language: str) -> gettext.NullTranslations:
    folder = Path(__file__).with_name("locale")
    return gettext.translation(DOMAIN, folder, [language], fallback=True)


def current_language() -> str:
    """Return ``ru`` or ``en``."""
    return RUSSIAN if _translations.get() is None else ENGLISH


def chosen_language(option: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the language to use: the option's, else the locale's; Russian unless it is English.

    Args:
        option: The language asked for, if any.
        environ: Looked at for ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``, in this order.
    """
    if option in LANGUAGES:
        return option
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return ENGLISH if environ[name].lower().startswith("en") else RUSSIAN
    return RUSSIAN
