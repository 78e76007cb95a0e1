"""Why a change could not be taken back: one class a reason, each with a sentence."""

from kvartal.schema.errors import N_, KvartalError


class NothingToUndo(KvartalError):
    """No change is left that is not undone."""

    template = N_("Отменять нечего: в истории нет изменений после создания программы.")


class NothingToRedo(KvartalError):
    """The last thing that happened was no undo."""

    template = N_("Возвращать нечего: после последней отмены программу уже меняли.")


class UndoUnreadable(KvartalError):
    """A version that would have to come back cannot be read."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: прежняя версия файла не читается. "
        "Её видно в истории: `git show {commit}`."
    )


class UndoOverlaid(KvartalError):
    """A later change touched the same field."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} позже изменено снова ({date}, {author}: "
        "«{later}»). Сначала отмените то изменение."
    )


class UndoDisturbed(KvartalError):
    """The plan is not, in this field, what the change made of it, and no commit says why."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} с тех пор стало другим. "
        "Исправьте его вручную."
    )


class AlreadyTakenBack(KvartalError):
    """Nothing of the change is left."""

    template = N_("Изменение «{subject}» отменять незачем: в программе от него ничего не осталось.")
