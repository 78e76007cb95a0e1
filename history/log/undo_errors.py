"""Why a change could not be taken back: one class a reason, each with a sentence."""

from kvartal.schema.errors import N_, KvartalError


class NothingToUndo(KvartalError):
    """No change is left that is not undone."""

    template = N_("Отменять нечего: в истории нет изменений после создания программы.")


class NothingToRedo(KvartalError):
    """The last thing that happened was no undo."""

    template = N_("Возвращать нечего: после последней отмены программу уже меняли.")


class NothingUndone(NothingToRedo):
    """No undo is left that was not taken back."""

    template = N_("Возвращать нечего: отменённых изменений нет.")


class DidNotChange(KvartalError):
    """A commit that did not touch the plan."""

    template = N_("Запись «{name}» программу не меняла: отменять в ней нечего.")


class BeginningStays(KvartalError):
    """The commit that brought the plan into the history."""

    template = N_("С записи «{subject}» история программы начинается: её не отменяют.")


class MergeStays(KvartalError):
    """A merge: what it brought was made by other commits."""

    template = N_(
        "Запись «{subject}» соединяет две линии работы, целиком её не отменяют. "
        "Отмените по одному изменения, которые она принесла."
    )


class IsReversal(KvartalError):
    """An undo or a redo is no change of its own."""

    template = N_(
        "Запись «{subject}» сама отменяет или возвращает другую. Последнюю отмену берёт назад "
        "`kvartal redo`, на экране — «Вернуть отменённое»."
    )


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
        "«{later}»). Сначала отмените то изменение: `kvartal undo {commit}`."
    )


class UndoOverlaidByMerge(UndoOverlaid):
    """What touched the same field later is a merge, and that is not undone."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} позже изменено снова, при соединении двух "
        "линий работы ({date}, {author}: «{later}»). Поправьте поле сами или верните его из "
        "прежней версии. Другое изменение отменяет `kvartal undo ЗАПИСЬ`."
    )


class UndoDisturbed(KvartalError):
    """The plan is not, in this field, what the change made of it, and no commit says why."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} с тех пор стало другим. "
        "Исправьте его вручную."
    )


class UndoUnderHandEdit(UndoDisturbed):
    """The file was edited by hand in this field, and the history does not hold that yet."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} поправлено в файле вручную и в историю ещё "
        "не внесено. Внесите правку, `kvartal adopt`, или отложите её: `kvartal adopt --aside`."
    )


class AlreadyTakenBack(KvartalError):
    """Nothing of the change is left."""

    template = N_("Изменение «{subject}» отменять незачем: в программе от него ничего не осталось.")
