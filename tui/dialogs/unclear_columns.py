"""The dialog that asks what the columns of a document hold, where their headings do not say."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.schema.errors import N_, KvartalError, Labels
from kvartal.schema.fields import BY_NAME
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.files import PathInput
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import ChoiceInput
from kvartal.tui.forms.paths import typed_paths
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.exchange.tables.unclear import UnclearColumn

ResultT = TypeVar("ResultT")

_OWN: Final = "extra"
_IGNORED: Final = "ignore"
_MAP: Final = "map"
_SINGLE: Final = frozenset({_OWN, _IGNORED})
# In the order in which they are offered; the labels of a measure's own fields are in the schema.
_OFFERED: Final = (
    (_OWN, N_("Дополнительное поле, как есть")),
    (_IGNORED, N_("Не брать")),
    *((name, BY_NAME[name].label) for name in ("number", "proposal", "actions", "term")),
    ("start", N_("Начало срока")),
    ("due", N_("Окончание срока")),
    *((name, BY_NAME[name].label) for name in ("result", "responsible", "notes")),
    *((name, BY_NAME[name].label) for name in ("budget.plan", "budget.fact")),
    ("budget.source", N_("Источник финансирования")),
    ("section.number", N_("Номер раздела")),
    ("section.title", N_("Название раздела")),
    ("channel.number", N_("Номер канала обслуживания")),
    ("channel.title", N_("Название канала обслуживания")),
    ("fact.result", N_("Отметка об исполнении")),
    ("fact.date", N_("Дата факта")),
    ("state", N_("Состояние: сравнить")),
    ("percent", N_("Процент исполнения: сравнить")),
)
_LABELS: Final = dict(_OFFERED)


class FieldGivenTwice(KvartalError):
    """Two columns were given to one field."""

    template = N_("Столбцы «{first}» и «{second}» — одно и то же поле: {field}. Оставьте одно.")


@dataclass(frozen=True, slots=True)
class ColumnAnswers:
    """What a user says of columns.

    Attributes:
        columns: The field of each column, by its heading; empty for a field of its own.
        kept_in: Where to write what every column was taken for; None for nowhere.
    """

    columns: dict[str, str]
    kept_in: Path | None


class UnclearColumnsDialog(FormDialog[ResultT], Generic[ResultT]):
    """Ask what columns hold; the result is what the document reads as then."""

    DEFAULT_CSS = """
    UnclearColumnsDialog { & .dialog-frame { max-width: 84; } }
    """

    ACCEPT = N_("Прочитать так")
    BUSY = N_("Читается…")

    def __init__(
        self,
        columns: "Sequence[UnclearColumn]",
        read: Callable[[ColumnAnswers], Awaitable[ResultT]],
    ) -> None:
        """Make the dialog.

        Args:
            columns: The columns to ask about.
            read: Reads the document with the answers.
        """
        super().__init__()
        self._columns = tuple(columns)
        self._read = read

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Что в столбцах")

    def compose_heading(self) -> ComposeResult:
        """Yield what is asked."""
        text = _("По заголовкам не видно, что в этих столбцах. Скажите сами.")
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield a choice for each column, with a few of its cells, and where to keep them."""
        choices = [(value, _(label)) for value, label in _OFFERED]
        for at, column in enumerate(self._columns):
            field = column.field if column.field in _LABELS else column.field and _IGNORED
            yield self.add_field(
                FormField(
                    str(at),
                    column.heading,
                    ChoiceInput(choices, field or _OWN, optional=False),
                    initial=field or _OWN,
                    hint=_("Enter — список, буквы ищут в нём. Дополнительное поле хранит текст."),
                    read=partial(_samples_text, column),
                )
            )
        hint = _("Файл .toml вне папки программ: в следующий раз столбцы не спросят.")
        yield self.add_field(FormField(_MAP, _("Запомнить в файле"), PathInput(), hint=hint))

    def on_input_submitted(self) -> None:
        """Read on Enter in the last field: there is no other to go to."""
        self.action_accept()

    async def submit(self) -> ResultT:
        """Read the document with the answers.

        Raises:
            FieldGivenTwice: Two columns are one field.
            KvartalError: The document cannot be read so, or the answers not be kept.
        """
        answers: dict[str, str] = {}
        given: dict[str, str] = {}
        for at, column in enumerate(self._columns):
            field = self.typed(str(at))
            if field in given and field not in _SINGLE:
                label = Labels((("", _LABELS[field]),))
                raise FieldGivenTwice(first=given[field], second=column.heading, field=label)
            given[field] = column.heading
            answers[column.heading] = "" if field == _OWN else field
        path = self.typed(_MAP).strip()
        return await self._read(ColumnAnswers(answers, typed_paths(path)[0] if path else None))


def _samples_text(column: "UnclearColumn", _typed: str) -> str:
    if not column.samples:
        return _("ячейки пусты")
    return _("в ячейках: {samples}").format(samples=" · ".join(column.samples))
