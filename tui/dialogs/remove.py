"""The dialog that removes a measure from the file altogether."""

from kvartal.schema.operations import remove
from kvartal.tui.forms.confirm import ConfirmDialog
from kvartal.tui.forms.context import FormContext
from kvartal.tui.i18n import _


class RemoveDialog(ConfirmDialog):
    """Ask whether to remove a measure, and do it; the result is True when it was removed."""

    def __init__(self, desk: FormContext, measure: str) -> None:
        """Take the measure.

        Args:
            desk: The programme and the way to keep a change.
            measure: Id of the measure.

        Raises:
            UnknownMeasure: It is not in the programme.
        """
        found = desk.plan.measure(measure)
        change = remove(desk.data, measure)

        async def act() -> None:
            await desk.save(change, ())

        lost = [
            f"{found.number}  {found.proposal}",
            *(f"— {step}" for step in found.actions),
            _("Срок: {text}").format(text=found.term.text),
        ]
        if found.records:
            lost.append(_("Отметок об исполнении: {count}").format(count=len(found.records)))
        lost += [
            "",
            _(
                "Строка исчезнет из программы. Если мероприятие не будут выполнять, его снимают с"
                " плана: тогда остаются и строка, и причина. Удаление можно отменить."
            ),
        ]
        super().__init__(
            _("Удалить мероприятие {id} из программы?").format(id=measure),
            lost,
            accept=_("Удалить"),
            leave=_("Оставить"),
            title=_("Удаление: {id}").format(id=measure),
            act=act,
        )
