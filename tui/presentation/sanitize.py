"""Makes data safe to show: everything that is shown goes through :func:`shown`.

What is in the plan, in a file name or in a commit is data. A control character would move the
cursor or write to the clipboard, a direction mark would reverse a line; so each is replaced by
something visible and harmless. Markup is left alone: widgets take ``Content``/``Text`` values or
``markup=False``.
"""

from typing import Final

from kvartal.schema.unprintable import revealed

# Harmless and common in texts pasted from word processors: a soft hyphen is simply dropped.
_SOFT_HYPHEN: Final = "\u00ad"
_ONE_LINE: Final = {"\n": "⏎", "\t": " ", _SOFT_HYPHEN: ""}
_LINES: Final = _ONE_LINE | {"\n": "\n"}


def shown(text: str, *, lines: bool = False) -> str:
    r"""Return a text with nothing invisible in it and nothing that a terminal acts on.

    Args:
        text: Any data.
        lines: Keep line breaks; otherwise a line break is shown as ``⏎``.

    >>> shown("a\x1b[31mb")
    'a␛[31mb'
    """
    if text.isprintable():
        return text
    return revealed(text.replace("\r\n", "\n"), _LINES if lines else _ONE_LINE)
