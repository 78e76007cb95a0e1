"""HTML in which data stays text: a ``str`` is escaped, only :class:`Html` is markup.

The result is well-formed XML too, so that a test, or any program, can parse it strictly.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from pkgutil import get_data
from typing import Final

from kvartal.tui.presentation.sanitize import shown

_EMPTY: Final = frozenset({"br", "col", "meta"})


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of markup."""

    text: str


def data(text: str) -> Html:
    """Return data as markup that shows it literally, with nothing invisible in it."""
    return Html(html.escape(shown(text)))


def tag(name: str, /, *content: str | Html, **attributes: str) -> Html:
    """Return an element.

    Args:
        name: Its name.
        content: Data or markup inside it.
        attributes: Its attributes; a name that is a Python keyword has ``_`` appended.
    """
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{data(value).text}"'
        for key, value in attributes.items()
    )
    if name in _EMPTY:
        return Html(f"<{name}{named}/>")
    return Html(f"<{name}{named}>{joined(content).text}</{name}>")


def joined(pieces: Iterable[str | Html]) -> Html:
    """Return data and markup concatenated."""
    return Html("".join((data(one) if isinstance(one, str) else one).text for one in pieces))


def page(title: str, language: str, *body: str | Html) -> str:
    """Return a self-contained page: it needs no script, no other file, no network.

    Args:
        title: Its title.
        language: ``ru`` or ``en``.
        body: What it shows.
    """
    style = (get_data("kvartal.tui.presentation.html", "page.css") or b"").decode()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        # Should anything ever slip past the escaping, the browser still loads and runs nothing.
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; style-src 'unsafe-inline'",
        ),
        tag("title", title),
        tag("style", Html(style)),
    )
    # Line breaks between the elements make the page's source readable.
    whole = tag("html", Html("\n"), head, Html("\n"), tag("body", *body), Html("\n"), lang=language)
    return f"<!DOCTYPE html>\n{whole.text}\n"
