"""The dialog that removes a measure from the file."""

from textual.app import ComposeResult

from kvartal.history.diff.removals import facts_lost
from kvartal.schema.operations import remove
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.measure_numbers import name_text


class RemoveDialog(ConfirmDialog):
    """Ask whether to remove a measure, and do it; the result is True when it was removed."""

    def __init__(self, context: FormContext, measure: str) -> None:
        """Make the dialog.

        Args:
            context: The programme and the way to save a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        removed = context.plan.measure(measure)
        change = remove(context.data, measure)

        self._lost = facts_lost(context.data, change)
        self._reason = FormField("reason", _("Причина"), LineInput())

        async def act() -> None:
            await context.save(change, (), reason=self._reason.typed.strip())

        lost = [
            f"{removed.number}  {removed.title}",
            *(f"— {step}" for step in (removed.actions if removed.proposal else ())),
            _("Срок: {text}").format(text=removed.term.text),
        ]
        if removed.records:
            lost.append(_("Отметок об исполнении: {count}").format(count=len(removed.records)))
        lost += [
            "",
            _(
                "Строка исчезнет из программы. Если мероприятие не будут выполнять, его снимают с"
                " плана: тогда остаются и строка, и причина. Удаление можно отменить."
            ),
        ]
        super().__init__(
            _("Удалить мероприятие {id} из программы?").format(id=name_text(removed)),
            lost,
            accept=_("Удалить"),
            leave=_("Оставить"),
            title=_("Удаление: {id}").format(id=name_text(removed)),
            act=act,
        )

    def compose_body(self) -> ComposeResult:
        """Yield the line for the reason where facts are taken back, and the preview."""
        if self._lost:
            yield self._reason
        yield from super().compose_body()

    def focus_first(self) -> None:
        """Ask for the reason first where a fact is taken back; Enter there removes nothing."""
        super().focus_first()
        if self._lost:
            self._reason.control.focus()
            self.note(_("Почему? Можно не отвечать, но тогда в истории основания не будет."))

    def keys_text(self) -> str:
        """Return the keys that no button names."""
        return _("Tab — следующее поле") if self._lost else super().keys_text()
