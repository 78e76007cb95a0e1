"""The dialogs for what stands in the document around the table, and for its levels and fields."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.app import ComposeResult

from kvartal.history.diff.diff import difference
from kvartal.schema.changes import MISSING, Change, ChangeKind, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import DataPath
from kvartal.tui.forms.change_form import ChangeForm
from kvartal.tui.forms.context import FormContext, field_clash
from kvartal.tui.forms.document_fields import (
    DOCUMENT,
    DocumentText,
    texts_below,
    with_values,
)
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FieldMessage
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import field_message, message_at_field, problems_of
from kvartal.tui.presentation.screen_words import on_screen

LEVELS: Final[DataPath] = ("levels",)
CHAPTERS: Final[DataPath] = (DOCUMENT, "chapters")


class DocumentForm(ChangeForm):
    """A form for parts of the programme outside its measures; one change for all of them."""

    ACCEPT = N_("Сохранить")

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return the values that were changed, by their paths."""
        raise NotImplementedError

    def change(self) -> Change:
        """Return the change that sets what was changed, edit by edit where it can be."""
        data = self.context.data
        new = with_values(data, self.new_values())
        return Change(ChangeKind.STRUCTURE, difference(data, new))

    def show_failure(self, error: KvartalError) -> None:
        """Show an error at the field that it is about: a path here is from the root of the data."""
        keyed = [(self.key_at(one.path), one) for one in problems_of(error)]
        messages = [
            (key, message_at_field(one) if key else one.message(on_screen)) for key, one in keyed
        ] or [("", field_message(error))]
        self.show_error(" ".join(self.show_messages(messages)))

    def key_at(self, path: DataPath) -> str:
        """Return the key of the field that a path in the data belongs to; empty if none does."""
        parts = [str(step) for step in path]
        for length in range(len(parts), 0, -1):
            key = ".".join(parts[:length])
            if key in self.fields:
                return key
        below = f"{'.'.join(parts)}."
        return next((key for key in self.fields if parts and key.startswith(below)), "")


class TextsDialog(DocumentForm):
    """Change texts of the document; the result is the change that was saved."""

    EDITS_STORED = True

    def __init__(self, context: FormContext, title: str, texts: Sequence[DocumentText]) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            title: What the texts are, as data.
            texts: The texts.
        """
        super().__init__(context)
        self._title = title
        self._texts = texts

    @property
    def draft_part(self) -> str:
        """The first of the texts."""
        return self._texts[0].key

    def title_text(self) -> str:
        """Return the title of the frame."""
        return self._title

    def compose_body(self) -> ComposeResult:
        """Yield a field a text."""
        for text in self._texts:
            yield self.add_field(text.form_field(self.context.data))

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return the texts that were changed."""
        data = self.context.data
        return {
            text.path: text.typed_value(self.typed(text.key), data)
            for text in self._texts
            if self.fields[text.key].is_changed
        }

    def rebase(self, before: PlanData) -> Iterator[FieldMessage]:
        """Fill what others wrote into the fields that were not touched; report the others."""
        for text in self._texts:
            old, new = text.text(before), text.text(self.context.data)
            if old == new:
                continue
            field = self.fields[text.key]
            if field.is_changed and field.typed != new:
                yield text.key, field_clash(field.initial, new)
            field.rebase(new)


class ChapterDialog(TextsDialog):
    """Change a chapter, and add to its end a paragraph, a list or a table."""

    _NEW_TABLE: Final = "new_table"
    _NEW_PARAGRAPH: Final = "new_paragraph"
    _NEW_LIST: Final = "new_list"

    def __init__(self, context: FormContext, index: int) -> None:
        """Make the form.

        Args:
            context: The programme and the way to save a change.
            index: Of the chapter; that of the next one for a new chapter.
        """
        self._path: DataPath = (*CHAPTERS, index)
        is_new = isinstance(value_at(context.data, self._path), Missing)
        texts = [] if is_new else [*texts_below(context.data, self._path)]
        for key in ("heading", "number"):
            if not any(one.path == (*self._path, key) for one in texts):
                label = _("Номер") if key == "number" else _("Заголовок")
                texts.insert(0, DocumentText((*self._path, key), label))
        title = (
            _("Новая глава")
            if is_new
            else _("Глава: {name}").format(name=texts[1].text(context.data))
        )
        super().__init__(context, title, texts)

    def compose_body(self) -> ComposeResult:
        """Yield the texts, and what may be added."""
        yield from super().compose_body()
        yield self.add_field(
            FormField(
                self._NEW_PARAGRAPH,
                _("Новый абзац"),
                LongInput(),
                hint=_("Встанет в конец главы. Пустой абзац или перечень выше — убирает его."),
            )
        )
        yield self.add_field(
            FormField(
                self._NEW_LIST,
                _("Новый перечень"),
                LongInput(),
                hint=_("По пункту в строке; встанет в конец главы, после нового абзаца."),
            )
        )
        yield self.add_field(
            FormField(
                self._NEW_TABLE,
                _("Новая таблица"),
                LongInput(),
                hint=_("Заголовки столбцов, по одному в строке. Строки — потом: таблица в списке."),
            )
        )

    def new_values(self) -> dict[DataPath, Plain | Missing]:
        """Return the texts that were changed; a list without items goes whole."""
        values = super().new_values()
        blocks = value_at(self.context.data, (*self._path, "blocks"))
        count = len(blocks) if isinstance(blocks, list) else 0
        for path in [*values]:
            if path[-1] == "items" and isinstance(values[path], Missing):
                block = path[: len(self._path) + 2]
                values = {key: one for key, one in values.items() if key[: len(block)] != block}
                values[block] = MISSING
        new: list[Plain] = []
        paragraph = self.typed(self._NEW_PARAGRAPH).strip()
        items, columns = (
            [line.strip() for line in self.typed(key).splitlines() if line.strip()]
            for key in (self._NEW_LIST, self._NEW_TABLE)
        )
        if paragraph:
            new.append({"paragraph": paragraph})
        if items:
            new.append({"list": {"items": list[Plain](items)}})
        if columns:
            row = list[Plain]("" for _column in columns)
            new.append({"table": {"columns": list[Plain](columns), "rows": [row]}})
        for offset, block_ in enumerate(new):
            values[(*self._path, "blocks", count + offset)] = block_
        return values
