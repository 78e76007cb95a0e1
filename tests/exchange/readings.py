"""What a document is read as, in lines for people: the golden files of the drawings.

A question mark stands before what was not understood, and makes a dry run fail.

After a change of the readers: ``python -m tests.exchange.readings`` from the root writes the
files again, to be reviewed with ``git diff``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from kvartal.exchange.importing.importing import Import
from kvartal.exchange.importing.severity import not_understood
from kvartal.exchange.tables.programme import SourceMeasure, SourceProgramme
from kvartal.schema.changes import PlanData
from kvartal.schema.measure import Term
from tests.exchange.chaptered import CHAPTERED
from tests.exchange.details import DETAILS
from tests.exchange.shapes import SHAPES

GOLDEN = Path(__file__).parent / "golden"
DRAWINGS = {"shapes": SHAPES, "details": DETAILS, "chaptered": CHAPTERED}
"""The drawings by the name of their golden file."""


def reading(programme: SourceProgramme, data: PlanData, result: Import) -> str:
    """Return what a document is read as, and what is said of it."""
    return "\n".join(_lines(programme, data, result))


def golden_readings(name: str) -> dict[str, str]:
    """Return the readings of a golden file by the name of the drawing."""
    blocks = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {title: rest for title, _, rest in (block.partition("\n") for block in blocks)}


def _lines(programme: SourceProgramme, data: PlanData, result: Import) -> Iterator[str]:
    period = f"{programme.period.start}..{programme.period.due}"
    yield f"{period} {data['language']} {_json(programme.document)}"
    if programme.levels:
        yield f"levels {', '.join(programme.levels)}"
    yield f"columns {_json(programme.columns)}"
    yield from (f"field {_json(one)}" for one in programme.fields)
    for part in programme.parts:
        kind = "channel" if part.is_channel else f"section at {part.level}"
        words = (f"in {part.under}" if part.under else "", part.segment, f"[{part.place}]")
        yield " ".join(filter(None, (kind, part.number, f"«{part.title}»", *words)))
    # The measures of a valid plan are a list, which the type of plain data does not say.
    ids = (str(row["id"]) for row in data["measures"] if isinstance(row, dict))  # type: ignore[union-attr]
    for name, measure in zip(ids, programme.measures, strict=True):
        yield f"{name}: {' | '.join(_of_measure(measure))} [{measure.place}]"
    doubts = not_understood(result.remarks)
    for remark in result.remarks:
        mark = "?" if remark in doubts else "!"
        yield f"{mark} {remark.code} [{remark.place}] {remark.message()}"


def _of_measure(measure: SourceMeasure) -> Iterator[str]:
    given = " (given)" if measure.is_number_given else ""
    place = f"{' channel' if measure.in_channel else ''} {measure.part}" if measure.part else ""
    yield f"№ {measure.number}{given}{place}"
    shared = "as above: " if measure.shares_actions else ""
    texts = (
        measure.proposal,
        shared + " / ".join(measure.actions),
        _term(measure.term) if measure.has_term else "no term",
        "; ".join(measure.responsible),
        measure.result,
        measure.notes,
    )
    yield from (text or "-" for text in texts)
    fact = measure.fact
    for value in (list(measure.budget), dict(measure.extra)):
        if value:
            yield _json(value)
    if fact:
        yield _json([fact.result, fact.date, *fact.states, *fact.percents])


def _term(term: Term) -> str:
    days = [str(one) for one in (*term.quarters, *term.points)]
    if term.start or term.due:
        days.append(f"{term.start or ''}..{term.due or ''}")
    return f"{term.text} = {' '.join(days)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=dict)


def main() -> None:
    """Write the golden files."""
    from tests.exchange.test_import_shapes import read_drawing

    for name, drawings in DRAWINGS.items():
        blocks = (f"{title}\n{reading(*read_drawing(text))}" for title, text in drawings.items())
        (GOLDEN / f"{name}.txt").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
