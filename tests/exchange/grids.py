"""What the readers take from documents, whole: the golden files of the grids.

Every value that is not the usual one stands there, so that no flag of a text is lost unseen.

After a change of the readers: ``python -m tests.exchange.grids`` from the root writes the files
again, to be reviewed with ``git diff``.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path

from kvartal.exchange.grid import Grid, Paragraph, Run, SourceDocument
from kvartal.exchange.readers.dispatch import read_source
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.exchange.remark import Remark
from tests.exchange.packages import PACKAGES

GOLDEN = Path(__file__).parent / "golden" / "grids"
_HERE = Path(__file__).parent
DOCUMENTS = [
    file.relative_to(_HERE).as_posix()
    for folder in ("cases", "pages")
    for file in sorted((_HERE / folder).iterdir())
    if file.suffix != ".json"
] + [*PACKAGES]
"""The documents at hand, and those with everything that a format has."""
_OF_FILE = frozenset({"name", "sha256", "size"})


def grids(name: str) -> str:
    """Return what a document is read as."""
    content = PACKAGES.get(name) or (_HERE / name).read_bytes()
    return "\n".join(_lines(read_source(SourceFile(Path(name).name, content)))) + "\n"


def golden_file(name: str) -> Path:
    """Return the golden file of a document."""
    return GOLDEN / f"{Path(name).name}.txt"


def _lines(document: SourceDocument) -> Iterator[str]:
    parts = ("parts", "footnotes", "remarks")
    yield _values(document, lambda one: one.name not in {*parts, *_OF_FILE})
    for part in document.parts:
        yield from _of_block(part, 0)
    for note in document.footnotes:
        yield f"note {note.key} {note.mark}"
        for paragraph in note.paragraphs:
            yield from _of_block(paragraph, 1)
    yield from map(_of_remark, document.remarks)


def _of_block(block: Paragraph | Grid, depth: int) -> Iterator[str]:
    before = "  " * depth
    if isinstance(block, Paragraph):
        runs = " + ".join(map(_of_run, block.runs))
        place = "" if depth else f"[{block.place}] "
        flags = _values(block, lambda one: one.name not in {"runs", "place"})
        yield f"{before}¶ {place}{runs}{flags}"
        return
    yield f"{before}grid [{block.place}]{_values(block, lambda one: one.name not in _OF_BLOCKS)}"
    for cell in block.cells:
        yield f"{before} cell [{cell.place}]{_values(cell, lambda one: one.name not in _OF_BLOCKS)}"
        for inner in cell.blocks:
            yield from _of_block(inner, depth + 1)


_OF_BLOCKS = frozenset({"cells", "blocks", "place"})


def _of_run(run: Run) -> str:
    return f"{run.text!r}{_values(run, lambda one: one.name != 'text')}"


def _of_remark(remark: Remark) -> str:
    return f"! {remark.code} [{remark.place}] {remark.message()}"


def _values(value: object, is_wanted: Callable[["Field[object]"], bool]) -> str:
    """Return what is not as usual: of the flags, those that are set."""
    found = ""
    # Only data classes come here, of which mypy knows no common type.
    every: tuple[Field[object], ...] = fields(value)  # type: ignore[arg-type]
    for one in filter(is_wanted, every):
        own = getattr(value, one.name)
        if one.default is MISSING or own != one.default:
            shown = sorted(own) if isinstance(own, frozenset) else own
            found += f" {one.name}" if own is True else f" {one.name}={shown!r}"
    return found


def main() -> None:
    """Write the golden files."""
    GOLDEN.mkdir(exist_ok=True)
    for name in DOCUMENTS:
        golden_file(name).write_text(grids(name), "utf-8")


if __name__ == "__main__":
    main()
