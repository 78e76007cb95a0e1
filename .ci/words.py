"""Bring the English catalogue up to date: tui/locale/en/LC_MESSAGES/kvartal.po and .mo.

The texts are Russian and serve as message ids: what the sources mark with `_("…")` or `N_("…")`,
and the titles of fields in plan.schema.json. Translate what the run names as missing in the .po,
run again, commit both files::

    uv run .ci/words.py

Nothing in either file depends on the day, the place in the source or the version of Babel. A text
that is no longer used goes; a new one that is like it takes its translation over, marked fuzzy:
look at it, correct it and remove the mark.
"""

import ast
import json
from collections.abc import Iterator
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = ("schema", "history", "tui")
SCHEMA: Final = ROOT / "schema" / "plan.schema.json"
PO: Final = ROOT / "tui" / "locale" / "en" / "LC_MESSAGES" / "kvartal.po"
MARKS: Final = frozenset({"_", "N_"})
COMMENT: Final = """\
# English texts of kvartal. The Russian message ids are collected by `uv run .ci/words.py`, which
# also compiles this file: edit the translations here, then run it."""
HEADERS: Final = [
    ("Project-Id-Version", "kvartal"),
    ("Language", "en"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit\n"),
]
_LIKE: Final = 0.7


class Words(Catalog):
    """A catalogue whose headers tell neither dates nor versions."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The headers, always the same."""
        return HEADERS


def marked(source: str, place: str = "") -> Iterator[str]:
    """Yield the texts that a Python source marks for translation.

    The syntax tree joins adjacent literals and keeps strings that only stand inside the brackets
    of a mark, such as keys, apart; Babel's own extraction reads tokens and takes those too.

    Args:
        source: Python.
        place: What a complaint calls it.

    Raises:
        SyntaxError: A marked text is an f-string, which no catalogue can hold.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[argument, *_]) if name in MARKS:
                for part in _choices(argument):
                    match part:
                        case ast.Constant(value=str(text)):
                            yield text
                        case ast.JoinedStr(lineno=line):
                            raise SyntaxError(f"{place}:{line}: an f-string is marked")


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression may come to: each side of `a if … else b` and of `a or b`."""
    if isinstance(node, ast.IfExp):
        yield from (*_choices(node.body), *_choices(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _choices(value)
    else:
        yield node


def titles(node: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a JSON document
    """Yield the titles of fields in a JSON Schema."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            yield node["title"]
        for below in node.values():
            yield from titles(below)
    elif isinstance(node, list):
        for below in node:
            yield from titles(below)


def message_ids() -> list[str]:
    """Return every text of the project, sorted."""
    found = set(titles(json.loads(SCHEMA.read_text(encoding="utf-8"))))
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            found.update(marked(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))))
    # The empty message id holds the headers.
    return sorted(found - {""})


def read(path: Path = PO) -> Catalog:
    """Return the catalogue in a .po file; an empty one where there is no file yet."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as stream:
        return read_po(stream, locale="en", charset="utf-8")


def updated(old: Catalog, texts: list[str]) -> Catalog:
    """Return a catalogue of exactly these texts, with the translations there are."""
    new = Words(locale="en", header_comment=COMMENT, charset="utf-8", fuzzy=False)
    known = {str(one.id): one for one in old if one.id}
    unused = [text for text, one in known.items() if text not in texts and one.string]
    for text in texts:
        near = [] if text in known else get_close_matches(text, unused, n=1, cutoff=_LIKE)
        one = known.get(near[0] if near else text)
        added = new.add(
            text, one.string if one else "", user_comments=one.user_comments if one else ()
        )
        # Without the marks that Babel guesses from the text.
        added.flags = {"fuzzy"} if one and (near or one.fuzzy) else set()
    return new


def as_po(catalogue: Catalog) -> bytes:
    """Return the text of a .po file: sorted, without places, a line a text."""
    stream = BytesIO()
    write_po(stream, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main() -> None:
    """Rewrite both files and name what is left to translate."""
    catalogue = updated(read(), message_ids())
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalogue))
    PO.with_suffix(".mo").write_bytes(as_mo(catalogue))
    missing = [one for one in catalogue if one.id and (one.fuzzy or not one.string)]
    for one in missing:
        print(f"{'fuzzy' if one.fuzzy else 'missing'}: {one.id!r}")
    print(f"{len(catalogue)} texts, to translate: {len(missing)}")


if __name__ == "__main__":
    main()
