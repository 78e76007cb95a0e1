"""Why a sync failed: one class per reason, each with a sentence on what to do.

Output of git, of a hook or of a server is in the fields as it came; whoever shows a sentence has to
sanitize it.
"""

from typing import TYPE_CHECKING

from kvartal.history.yaml_text.loader import PlanProblems
from kvartal.schema.errors import N_, KvartalError

if TYPE_CHECKING:
    from kvartal.history.sync.divergence import Divergence


class SyncNotRemembered(KvartalError):
    """Both sides have the same, but this clone could not note that down.

    Never raised: it is the warning of a sync that is done.
    """

    template = N_("Обмен выполнен. Не удалось только записать об этом в папке .git ({reason}).")


class SyncedPlanUnreadable(KvartalError):
    """Both sides have the same, but the plan could not be read afterwards.

    Never raised: it is the warning of a sync that is done.
    """

    template = N_("Обмен выполнен. Не удалось только прочитать программу после него. {reason}")


class SyncConflicts(KvartalError):
    """Both sides changed the same fields to different values, and nobody has chosen yet.

    Attributes:
        divergence: Holds the conflicts; choices are valid for its pair of commits only.
    """

    template = N_(
        "Одно и то же изменено здесь и в «{remote}» по-разному, полей: {count}. Ничего не "
        "тронуто: выберите значения и повторите."
    )

    def __init__(self, divergence: "Divergence") -> None:
        super().__init__(remote=divergence.remote, count=len(divergence.conflicts))
        self.divergence = divergence


class ChoicesOutdated(SyncConflicts):
    """The choices were made for other commits: something was committed since, here or there."""

    template = N_(
        "Пока вы выбирали, здесь или в «{remote}» сохранили новое. Ничего не тронуто: выберите "
        "ещё раз, полей: {count}."
    )


class ChoicesInvalid(PlanProblems):
    """The programme would not be valid with the chosen values."""

    template = N_(
        "С выбранными значениями программа составлена с ошибкой: {reason} Ничего не тронуто: "
        "выберите иначе."
    )


class SyncStopped(KvartalError):
    """The user stopped the sync before anything was changed."""

    template = N_("Обмен остановлен: ничего не тронуто, ваши изменения сохранены здесь.")


class BranchKeepsChanging(KvartalError):
    """Another branch was checked out between fetch and merge, at each attempt."""

    template = N_(
        "Во время обмена в репозитории переключают ветки. Ничего не тронуто: дождитесь, пока "
        "переключать закончат, и повторите."
    )


class PushDeclined(KvartalError):
    """The user did not confirm what would be sent."""

    template = N_(
        "В «{remote}» ничего не отправлено. Ваши изменения сохранены здесь, отправить их можно в "
        "любое время."
    )


class PushStopped(KvartalError):
    """The user stopped the sync while it pushed, or after that."""

    template = N_(
        "Обмен остановлен при отправке в «{remote}». Здесь всё сохранено; дошли ли ваши "
        "изменения туда, покажет следующий обмен."
    )


class RemoteBranchDeleted(KvartalError):
    """The branch was deleted at the remote."""

    template = N_(
        "В «{remote}» больше нет ветки «{branch}», хотя раньше она там была. Узнайте, кто и зачем "
        "её удалил. Послать её заново: `kvartal sync --accept-rewritten`."
    )


class RemoteEmptied(RemoteBranchDeleted):
    """The remote shows no ref at all: whether it is the remote that answers is not known."""

    template = N_(
        "В «{remote}» не видно ни ветки «{branch}», которая там была, ни одной другой: репозиторий "
        "очищен, его ссылки пропали, или отвечает не он (например, страница входа в сеть). Здесь "
        "ничего не тронуто. Проверьте сеть и адрес: `git remote -v`. Если он и правда пуст, "
        "послать историю заново: `kvartal sync --accept-rewritten`."
    )


class RemoteRewritten(KvartalError):
    """The history of the remote's branch no longer contains commits that it had."""

    template = N_(
        "История в «{remote}» переписана: изменения {commit} ({date}, {author}: «{subject}») там "
        "больше нет. Здесь ничего не тронуто. Узнайте, кто и зачем это сделал. Соединить, вернув "
        "и прежнее: `kvartal sync --accept-rewritten`."
    )


class UnrelatedHistories(KvartalError):
    """The two histories have no commit in common."""

    template = N_(
        "В «{remote}», ветка «{branch}», другая история: общего начала с этой у неё нет. "
        "Проверьте адрес: `git remote -v`."
    )


class ShallowHistory(KvartalError):
    """The clone is shallow and does not reach back to the common ancestor."""

    template = N_(
        "Эта копия неполная: общего начала с «{remote}» в ней нет. "
        "Получите всю историю: `git fetch --unshallow {remote}`, потом повторите."
    )


class NothingCommitted(KvartalError):
    """The plan is in no commit yet: there is nothing to push."""

    template = N_(
        "Файл «{plan}» ещё не внесён в историю, делиться нечем. Внесите его: "
        "`git add '{plan}'` и `git commit`, потом повторите."
    )


class FilesConflict(KvartalError):
    """Files other than plans were changed on both sides, and git cannot merge them."""

    template = N_(
        "Кроме программы, с двух сторон изменены файлы, которые сами не сливаются: {paths}. "
        "Ничего не тронуто. Слейте их вручную: `git pull --no-rebase {remote} {branch}`, "
        "исправьте, `git add` и `git commit`, потом повторите."
    )


class OtherPlanUndecided(KvartalError):
    """Both sides changed a programme of another folder, and merged it would break a rule."""

    template = N_(
        "С двух сторон изменена и другая программа, {plan}, и вместе эти изменения нарушают "
        "правило. Ничего не тронуто. Обменяйтесь от неё: `kvartal sync --plan {plan}`."
    )


class ReceivedPlanInvalid(PlanProblems):
    """The remote's version is not a valid programme."""

    template = N_(
        "В «{remote}» программа с ошибкой: {file}, строка {line}: {reason} Версия {commit} "
        "({date}, {author}). Здесь ничего не тронуто: попросите автора исправить и повторите."
    )


class LocalPlanInvalid(PlanProblems):
    """The version that would be pushed is not a valid programme."""

    template = N_(
        "Программа с ошибкой, другим она не отправлена. {file}, строка {line}: {reason} "
        "Исправьте и повторите."
    )


class PlanMissingAtRemote(KvartalError):
    """The remote's version does not have the plan file."""

    template = N_(
        "В «{remote}», версия {commit}, нет файла «{plan}». Здесь ничего не тронуто: "
        "узнайте, переименован он или удалён (`git log {commit} -- '{plan}'`)."
    )


class GitTooOld(KvartalError):
    """Git cannot merge without working files."""

    template = N_(
        "Для обмена нужен git 2.38 или новее, здесь {version}. Обновите git или слейте вручную: "
        "`git pull --no-rebase`."
    )
