"""Making data fit to be shown: everything a person sees goes through :func:`shown`.

What stands in the plan, in a file name or in a commit is data. A control character would move the
cursor or write the clipboard, a direction mark would turn a line round; so each is replaced by
something that can be seen and does nothing. Markup is not this module's matter: widgets take
``Content``/``Text`` values or ``markup=False``.
"""

from typing import Final

from kvartal.schema.unprintable import revealed

# Harmless and common in texts pasted from word processors: a soft hyphen is simply left out.
_SOFT_HYPHEN: Final = "\u00ad"
_ONE_LINE: Final = {"\n": "⏎", "\t": " ", _SOFT_HYPHEN: ""}
_LINES: Final = _ONE_LINE | {"\n": "\n"}


def shown(text: str, *, lines: bool = False) -> str:
    r"""Return a text in which nothing hides and nothing acts.

    Args:
        text: Any data.
        lines: Keep line breaks, for places that show several lines; otherwise a line break is
            shown as ``⏎``.

    >>> shown("a\x1b[31mb")
    'a␛[31mb'
    """
    if text.isprintable():
        return text
    return revealed(text.replace("\r\n", "\n"), _LINES if lines else _ONE_LINE)
