"""Update the English catalogue: tui/locale/en/LC_MESSAGES/kvartal.po and .mo.

The texts are Russian and serve as message ids: what the sources mark with `_("…")` or `N_("…")`,
and the titles of fields in plan.schema.json. Translate the texts reported as missing in the .po,
run again, commit both files::

    uv run .ci/words.py

Neither file depends on the date, the source position or the version of Babel. A text that is no
longer used is dropped; a similar new one inherits its translation, marked fuzzy: review it, correct
it and remove the mark.
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
FOLDERS: Final = ("schema", "history", "exchange", "tui")
SCHEMA: Final = ROOT / "schema" / "plan.schema.json"
PO: Final = ROOT / "tui" / "locale" / "en" / "LC_MESSAGES" / "kvartal.po"
MARKS: Final = frozenset({"_", "N_"})
COMMENT: Final = """\
# English texts of kvartal. The Russian message ids are collected by `uv run .ci/words.py`, which
# also compiles this file: edit the translations here, then run it. Quotes and apostrophes are the
# straight ones (" and '): every encoding has them, and half of what is quoted is to be typed."""
HEADERS: Final = [
    ("Project-Id-Version", "kvartal"),
    ("Language", "en"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit\n"),
]
_SIMILAR: Final = 0.7


class ReproducibleCatalog(Catalog):
    """A catalogue whose headers have neither dates nor versions."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The headers, which never change."""
        return HEADERS


def marked(source: str, place: str = "") -> Iterator[str]:
    """Yield the texts that a Python source marks for translation.

    The syntax tree joins adjacent literals and separates a marked text from other strings inside
    the call, such as keys; Babel's own extraction works on tokens and extracts those too.

    Args:
        source: Python source.
        place: File name for error messages.

    Raises:
        SyntaxError: A marked text is an f-string, which a catalogue cannot contain.
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
    """Yield the possible values of an expression: each side of `a if … else b` and `a or b`."""
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
        for key, below in node.items():
            if key != "examples":
                yield from titles(below)
    elif isinstance(node, list):
        for below in node:
            yield from titles(below)


def message_ids() -> list[str]:
    """Return every text of the project, sorted."""
    texts = set(titles(json.loads(SCHEMA.read_text(encoding="utf-8"))))
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            texts.update(marked(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))))
    # The empty message id holds the headers.
    return sorted(texts - {""})


def read(path: Path = PO) -> Catalog:
    """Return the catalogue in a .po file; an empty one where there is no file yet."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as stream:
        return read_po(stream, locale="en", charset="utf-8")


def updated(old: Catalog, texts: list[str]) -> Catalog:
    """Return a catalogue of exactly these texts, with their existing translations."""
    new = ReproducibleCatalog(locale="en", header_comment=COMMENT, charset="utf-8", fuzzy=False)
    known = {str(message.id): message for message in old if message.id}
    unused = [text for text, message in known.items() if text not in texts and message.string]
    for text in texts:
        similar = [] if text in known else get_close_matches(text, unused, n=1, cutoff=_SIMILAR)
        message = known.get(similar[0] if similar else text)
        added = new.add(
            text,
            message.string if message else "",
            user_comments=message.user_comments if message else (),
        )
        # Without the flags that Babel guesses from the text.
        added.flags = {"fuzzy"} if message and (similar or message.fuzzy) else set()
    return new


def as_po(catalogue: Catalog) -> bytes:
    """Return the text of a .po file: sorted, without positions, a line per text."""
    stream = BytesIO()
    write_po(stream, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main() -> None:
    """Rewrite both files and print what is left to translate."""
    catalogue = updated(read(), message_ids())
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalogue))
    PO.with_suffix(".mo").write_bytes(as_mo(catalogue))
    missing = [text for text in catalogue if text.id and (text.fuzzy or not text.string)]
    for text in missing:
        print(f"{'fuzzy' if text.fuzzy else 'missing'}: {text.id!r}")
    print(f"{len(catalogue)} texts, to translate: {len(missing)}")


if __name__ == "__main__":
    main()
