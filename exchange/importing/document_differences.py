"""Where a document calls itself otherwise than the plan: its own fields are not taken."""

import re
from collections.abc import Iterator
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.errors import N_

_SPACE: Final = re.compile(r"[\s_]+")
_COMPARED: Final = ("organization", "title", "code", "approval")


def document_differences(data: PlanData, programme: SourceProgramme) -> tuple[Remark, ...]:
    """Return what is to be said of the title page and of the names of the levels.

    Args:
        data: The plan.
        programme: What the document holds.
    """
    return (*_of_fields(data, programme), *_of_levels(data, programme))


def _of_fields(data: PlanData, programme: SourceProgramme) -> Iterator[Remark]:
    own = data.get("document")
    for name in _COMPARED:
        new = programme.document.get(name)
        old = own.get(name, "") if isinstance(own, dict) else ""
        if new and _printed(new) != _printed(old):
            template = N_(
                "В документе {field} «{new}», в программе «{old}»: не взято. Задать: `kvartal "
                "document set {field}=…`."
            )
            fields = {"field": name, "new": _shown(new), "old": _shown(old)}
            yield Remark("document-differs", NO_PLACE, template, fields)


def _printed(value: Plain) -> Plain:
    """Return a value by which two are compared: an approval by what is printed of it.

    Which of its lines is the caption, and where a line is broken or left for a signature, is not
    seen in a document.
    """
    if not isinstance(value, dict):
        return value
    own = value.get("lines")
    lines = own if isinstance(own, list) else []
    texts = map(str, (value.get("caption", ""), *lines, value.get("number", "")))
    return [value.get("date", ""), _SPACE.sub("", "".join(texts))]


def _of_levels(data: PlanData, programme: SourceProgramme) -> Iterator[Remark]:
    levels = data.get("levels", [])
    old = levels if isinstance(levels, list) else []
    if programme.levels and list(programme.levels) != old:
        template = N_(
            "Уровни в документе названы «{new}», в программе — «{old}»: не взято. Задать: "
            "`kvartal document set levels='{new}'`."
        )
        fields = {"new": ", ".join(programme.levels), "old": ", ".join(map(str, old)) or "-"}
        yield Remark("document-differs", NO_PLACE, template, fields)


def _shown(value: Plain) -> str:
    if isinstance(value, dict):
        return " ".join(filter(None, map(_shown, value.values())))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_shown, value)))
    return str(value)
