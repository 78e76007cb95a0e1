"""How far an export has come, in words."""

from typing import Final

from kvartal.exchange.export_progress import ExportStep
from kvartal.schema.errors import N_
from kvartal.tui.i18n import _

FIRST_SECONDS: Final = 1.0
"""An export that takes longer says how far it has come."""

_STEPS: Final = {
    ExportStep.READING: N_("Читается программа…"),
    ExportStep.HISTORY: N_("Читается история…"),
    ExportStep.VERIFYING: N_("Проверяется история…"),
    ExportStep.REPORT: N_("Составляется…"),
    ExportStep.WRITING: N_("Записываются строки…"),
    ExportStep.PACKING: N_("Готово, осталось сохранить…"),
}
_COUNTED: Final = {
    ExportStep.HISTORY: N_("Читается история: {done} из {count}…"),
    ExportStep.VERIFYING: N_("Проверено изменений: {done} из {count}…"),
    ExportStep.WRITING: N_("Записано строк: {done} из {count}…"),
}
_UNBOUNDED: Final = {ExportStep.HISTORY: N_("Прочитано записей истории: {done}…")}


def step_text(step: ExportStep, done: int, total: int) -> str:
    """Return how far an export has come.

    Args:
        step: What is being done.
        done: How much of it is done.
        total: How much there is; 0 where that is not known.
    """
    if total and done and step in _COUNTED:
        return _(_COUNTED[step]).format(done=done, count=total)
    if done and step in _UNBOUNDED:
        return _(_UNBOUNDED[step]).format(done=done)
    return _(_STEPS[step])
