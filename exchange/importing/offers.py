"""What the texts of a document suggest and nobody has said: offered, never taken."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.programme import SourceMeasure
from kvartal.schema.errors import N_
from kvartal.schema.search import fold

_TARGET: Final = re.compile(
    r"не (?:менее|ниже|более|выше|позднее чем)(?: чем)?(?: значения)?\s*«?\d[\d\s.,/]*\d?\s?%?»?"
    r"|(?:at least|not less than|not more than|no more than)\s+\d[\d.,]*\s?%?",
    re.IGNORECASE,
)
_FEWEST_LETTERS: Final = 12


def offers(named: Sequence[tuple[str, SourceMeasure]]) -> Iterator[Remark]:
    """Yield what is offered for measures that are new in the programme.

    Args:
        named: The new measures of the document in printed order, with their ids.
    """
    first: dict[str, tuple[str, SourceMeasure]] = {}
    for name, measure in named:
        text = _work(measure)
        earlier = first.get(text)
        if earlier is not None and earlier[1].part != measure.part:
            template = N_(
                "{id}: то же, что {other}. Одна и та же работа? Связать: `kvartal set {id} "
                "same_work={other}`."
            )
            fields = {"id": name, "other": earlier[0]}
            yield Remark("same-work", measure.place, template, fields)
        elif len(text) >= _FEWEST_LETTERS:
            first.setdefault(text, (name, measure))
        found = _TARGET.search(measure.result) or _TARGET.search(measure.proposal)
        if found is not None:
            template = N_(
                "{id}: в тексте есть цель «{text}». Показатель по ней не заведён, завести: "
                "`kvartal set {id} indicator.0.name=…`."
            )
            fields = {"id": name, "text": found[0].strip()}
            yield Remark("target-offered", measure.place, template, fields)


def _work(measure: SourceMeasure) -> str:
    return fold(" | ".join((measure.proposal, *measure.actions, measure.result)))
