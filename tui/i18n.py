"""Translation of texts for the user: gettext with Russian message ids.

Russian needs no catalogue, so nothing is read at start in the first language. The entry point
chooses the language once; it is a context variable, so tests and threads have their own.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial
from io import BytesIO
from pkgutil import get_data
from typing import Final

from kvartal.schema.errors import untranslated

RUSSIAN: Final = "ru"
ENGLISH: Final = "en"
LANGUAGES: Final = (RUSSIAN, ENGLISH)
DOMAIN: Final = "kvartal"

_translations: ContextVar[gettext.NullTranslations | None] = ContextVar(
    "translations", default=None
)


def _(template: str) -> str:
    """Return a Russian template in the current language."""
    translations = _translations.get()
    return template if translations is None else _translated(translations, template)


def use_language(language: str) -> None:
    """Make a language the current one.

    Args:
        language: ``ru`` or ``en``.
    """
    _translations.set(None if language == RUSSIAN else _catalogue(language))


def translator(language: str) -> Callable[[str], str]:
    """Return the translation of Russian templates into a language, whichever is current.

    Args:
        language: ``ru`` or ``en``.
    """
    return untranslated if language == RUSSIAN else partial(_translated, _catalogue(language))


def _translated(translations: gettext.NullTranslations, template: str) -> str:
    # A catalogue keeps its own header under the empty text.
    return translations.gettext(template) if template else template


def _catalogue(language: str) -> gettext.NullTranslations:
    # Read by the importer, since the package may be in a zip archive.
    data = get_data("kvartal.tui", f"locale/{language}/LC_MESSAGES/{DOMAIN}.mo")
    return gettext.GNUTranslations(BytesIO(data or b""))


def current_language() -> str:
    """Return ``ru`` or ``en``."""
    return RUSSIAN if _translations.get() is None else ENGLISH


def chosen_language(option: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the language to use: the option's, else the locale's; Russian unless it is English.

    Args:
        option: The value of ``--lang``, if any.
        environ: Read for ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``, in this order.
    """
    if option in LANGUAGES:
        return option
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return ENGLISH if environ[name].lower().startswith("en") else RUSSIAN
    return RUSSIAN
