"""A programme that begins as a document has it: what its file will hold, before it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.yaml_text.document import plan_text
from kvartal.schema.changes import ChangeSource, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.creation.new_programme import COMMENT, ORGANIZATION, SCHEMA, TITLE, NewProgramme
from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument
    from kvartal.exchange.importing.importing import Import

_TAKEN: Final = N_("взято из «{name}»")


@dataclass(frozen=True, slots=True)
class UserStatements:
    """What a user says of a document that a programme begins with.

    Attributes:
        period: The days that the programme is for; None where the document says.
        organization: In place of what the document says; empty for that.
        title: The same.
        columns: What the columns hold, by their headings, where he says so.
    """

    period: ProgrammePeriod | None = None
    organization: str = ""
    title: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BegunProgramme:
    """A programme taken from a document, ready to be written.

    Attributes:
        path: Where its file comes.
        data: Its plain data.
        text: The text of its file.
        reason: Where it is from, for its first commit.
        source: The document.
        files: The files that come with it.
        result: The ids of its measures, and what is to be said of them.
        columns: What each column of the document was taken for.
    """

    path: Path
    data: PlanData
    text: str
    reason: str
    source: ChangeSource
    files: Mapping[Path, bytes]
    result: "Import"
    columns: Mapping[str, str]


def begun_from(
    document: "SourceDocument",
    folder: Path,
    stated: UserStatements,
    day: date,
    stopped: Callable[[], bool] = lambda: False,
) -> BegunProgramme:
    """Return the programme that a document begins.

    Args:
        document: As read.
        folder: The programme's folder: its file comes into ``plan`` in it.
        stated: What the user says of the document.
        day: Today.
        stopped: Asked at every row whether to stop.

    Raises:
        KvartalError: The document holds no programme.
    """
    from kvartal.exchange.importing.edited_copy import restored
    from kvartal.exchange.importing.importing import new_programme
    from kvartal.exchange.own_export import own_export
    from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme

    copy = (
        None
        if stated.period is not None
        else own_export(document, stated.columns, translator, stopped)
    )
    if copy is not None:
        programme = copy.edited
        data, result = restored(copy, day)
    else:
        fields = {"organization": stated.organization, "title": stated.title}
        named = {key: value for key, value in fields.items() if value}
        programme = read_programme(
            document,
            ReadingOptions(stated.period, stated.columns, document=named, stopped=stopped),
        )
        data, result = new_programme(
            programme, organization=_(ORGANIZATION), title=_(TITLE), day=day
        )
    begun = NewProgramme(programme.period)
    translate = translator(str(data["language"]))
    return BegunProgramme(
        begun.path_in(folder),
        data,
        plan_text(data, schema=SCHEMA, comment=translate(COMMENT)),
        translate(_TAKEN).format(name=document.name),
        ChangeSource(document.name, document.sha256),
        begun.files_in(folder),
        result,
        programme.columns,
    )
