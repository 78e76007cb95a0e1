"""Why a change cannot be undone or redone: one class for each reason, each with its sentence."""

from kvartal.schema.errors import N_, KvartalError


class NothingToUndo(KvartalError):
    """No change is left that is not undone."""

    template = N_("Отменять нечего: в истории нет изменений после создания программы.")


class EverythingUndone(NothingToUndo):
    """There were changes, and all of them are undone."""

    template = N_("Отменять нечего: всё, что меняли после создания программы, уже отменено.")


class NothingToUndoSinceRename(NothingToUndo):
    """All that is left to undo was changed before the file was renamed."""

    template = N_(
        "Отменять нечего: раньше файл программы назывался «{path}», а то, что меняли под тем "
        "именем, возвращают обычной правкой. Что это было: `git log -- ':/{path}'`."
    )


class NothingToRedo(KvartalError):
    """No undo is left that was not redone."""

    template = N_("Возвращать нечего: отменённых изменений нет.")


class ChangedSinceUndo(NothingToRedo):
    """The programme was changed after the last undo."""

    template = N_("Возвращать нечего: после последней отмены программу уже меняли.")


class PlanNotChanged(KvartalError):
    """The commit did not touch the plan."""

    template = N_("Запись «{name}» программу не меняла: отменять в ней нечего.")


class InitialCommitNotUndoable(KvartalError):
    """The commit brought the plan into the history."""

    template = N_("С записи «{subject}» история программы начинается: её не отменяют.")


class MergeNotUndoable(KvartalError):
    """The commit is a merge: what it brought in was changed by other commits."""

    template = N_(
        "Запись «{subject}» соединяет две линии работы, целиком её не отменяют. "
        "Отмените по одному изменения, которые она принесла."
    )


class ReversalNotUndoable(KvartalError):
    """The commit is itself an undo or a redo."""

    template = N_(
        "Запись «{subject}» сама отменяет или возвращает другую. Последнюю отмену берёт назад "
        "`kvartal redo`, на экране — «Вернуть отменённое»."
    )


class EarlierVersionUnreadable(KvartalError):
    """A version that would have to be restored cannot be read."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: прежняя версия файла не читается. "
        "Её видно в истории: `git show {commit}`."
    )


class FieldChangedLater(KvartalError):
    """A later commit changed the same field."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} позже изменено снова ({date}, {author}: "
        "«{later}»). Сначала отмените то изменение: `kvartal undo {commit}`."
    )


class FieldChangedByMerge(FieldChangedLater):
    """A later merge changed the same field, and a merge cannot be undone."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} позже изменено снова, при соединении двух "
        "линий работы ({date}, {author}: «{later}»). Поправьте поле сами или верните его из "
        "прежней версии. Другое изменение отменяет `kvartal undo ЗАПИСЬ`."
    )


class FieldDiffers(KvartalError):
    """The field is not what the change made of it, and no later commit explains why."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} с тех пор стало другим. "
        "Исправьте его вручную."
    )


class FieldEditedManually(FieldDiffers):
    """The field was edited in the file, and the edit is not committed yet."""

    template = N_(
        "Изменение «{subject}» отменить нельзя: {where} поправлено в файле вручную и в историю ещё "
        "не внесено. Внесите правку, `kvartal adopt`, или отложите её: `kvartal adopt --aside`."
    )


class AlreadyUndone(KvartalError):
    """Nothing of the change is left."""

    template = N_("Изменение «{subject}» отменять незачем: в программе от него ничего не осталось.")
