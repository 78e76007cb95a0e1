"""The dialog that removes a measure from the file."""

from kvartal.schema.operations import remove
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext
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

        async def act() -> None:
            await context.save(change, ())

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
