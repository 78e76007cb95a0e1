"""Why a programme could not be kept: one class a reason, each with a sentence that says what to do.

The words of git, of a hook or of a file system stand in the fields as they came; whoever shows a
sentence makes it fit to be shown.
"""

from kvartal.schema.errors import N_, KvartalError


class GitMissing(KvartalError):
    """The git program cannot be started."""

    template = N_("Не найдена программа git. Установите git и запустите `kvartal` снова.")


class GitFailed(KvartalError):
    """Git gave up for a reason that has no class of its own."""

    template = N_("git {command} не выполнен. Ответ git: {words}")


class CallStopped(KvartalError):
    """A call of git was ended because somebody asked for it."""

    template = N_("Остановлено.")


class NotARepository(KvartalError):
    """The plan's folder is not in a git repository."""

    template = N_(
        "Папка «{folder}» не в репозитории git: истории изменений нет, сохранять некуда. "
        "Завести историю: `kvartal init` (это `git init` и первая запись в истории)."
    )


class BrokenRepository(KvartalError):
    """There is a git directory that git does not take for a repository: a new one would hide it."""

    template = N_(
        "Репозиторий «{git_dir}» повреждён: git его не признаёт. Историю в нём не потеряйте: "
        "скопируйте эту папку и восстановите её (из копии, `git clone` с сервера)."
    )


class NoWorkTree(KvartalError):
    """The repository has no working files: it is bare, or the plan stands inside `.git`."""

    template = N_(
        "Папка «{folder}» внутри репозитория без рабочих файлов. "
        "Сделайте рабочую копию (`git clone`) и откройте программу в ней."
    )


class ForeignOwner(KvartalError):
    """The repository belongs to another user, and git does not trust it."""

    template = N_(
        "Репозиторий принадлежит другому пользователю, git ему не доверяет. "
        "Если доверяете вы: `git config --global --add safe.directory '{top}'`."
    )


class NoIdentity(KvartalError):
    """Git does not know who makes the change."""

    template = N_(
        "git не знает, от чьего имени сохранять. Укажите себя, в папке программы: "
        '`git config --local user.name "Фамилия Имя"` и '
        '`git config --local user.email "имя@организация"`.'
    )


class DetachedHead(KvartalError):
    """No branch is checked out; a commit would be lost with the next checkout."""

    template = N_(
        "В репозитории открыта старая версия, а не ветка: сохранённое потерялось бы. "
        "Вернитесь на ветку: `git switch -` или `git switch имя-ветки`."
    )


class BranchMissing(KvartalError):
    """HEAD names a branch that has no commit, while others have."""

    template = N_(
        "Репозиторий стоит на ветке «{branch}», в ней нет ни одной записи, а в других есть: "
        "{others}. Вернитесь на ту, где программа: `git switch имя-ветки`."
    )


class OperationUnderWay(KvartalError):
    """A merge, rebase, cherry-pick, revert or bisect is not finished."""

    template = N_(
        "В репозитории не закончена команда `git {operation}`. "
        "Завершите её или отмените (`git {operation} {abort}`), потом сохраните."
    )


class UnmergedPaths(KvartalError):
    """Files with conflicts wait to be resolved."""

    template = N_(
        "В репозитории есть файлы с неразрешёнными конфликтами: {paths}. "
        "Разрешите их (`git status` подскажет), потом сохраните."
    )


class GitLocked(KvartalError):
    """Another git command holds a lock file, or left it behind."""

    template = N_(
        "Репозиторий занят другой командой git: файл «{lock}» стоит с {since}. "
        "Дождитесь её окончания. Если git нигде не работает, удалите этот файл."
    )


class LockAbandoned(GitLocked):
    """A git that is no more left a lock file behind."""

    template = N_(
        "Прерванная команда git оставила файл «{lock}», он стоит с {since}. Пока он есть, git "
        "ничего не запишет; сейчас git здесь не работает: удалите этот файл."
    )


class HookRefused(KvartalError):
    """A hook of the repository refused the commit."""

    template = N_("Проверка репозитория (hook) не пропустила изменение. Её ответ: {words}")


class HookSilent(HookRefused):
    """A hook of the repository refused the commit and said nothing."""

    template = N_(
        "Проверка репозитория (hook) не пропустила изменение и не сказала почему. "
        "Спросите того, кто её настроил; проверки этого репозитория: {hooks}."
    )


class HookRewrites(KvartalError):
    """A hook made another programme of the file, on the disk and in the commit."""

    template = N_(
        "Изменение не сохранено, всё как было: проверка репозитория (hook) переписывает файл "
        "«{path}» по-своему, и программа в нём уже не та. Настройте её так, чтобы она не меняла "
        "этот файл. Что она в нём написала: {copy}"
    )


class SigningFailed(KvartalError):
    """The commit could not be signed."""

    template = N_(
        "Не удалось подписать изменение. Проверьте, что ключ подписи доступен "
        "(`git config user.signingKey`) и разблокирован. Ответ git: {words}"
    )


class OutsideSparse(KvartalError):
    """What is to be committed is outside the part of the repository that is checked out."""

    template = N_(
        "В этой рабочей копии выложена только часть репозитория (sparse-checkout), и git не берёт "
        "файл вне её: {paths}. Выложите папку программы: `git sparse-checkout add '{folder}'` "
        "(или `git sparse-checkout disable`)."
    )


class PlanIgnored(KvartalError):
    """The plan is in nobody's history: an ignore rule keeps it out."""

    template = N_(
        "Файл «{plan}» исключён из истории правилом .gitignore. Правило покажет "
        "`git check-ignore -v '{plan}'`: уберите его или добавьте файл: `git add -f '{plan}'`."
    )


class PlanHidden(KvartalError):
    """Git was told not to look at the plan."""

    template = N_(
        "git настроен не замечать изменений файла «{plan}». Верните его: "
        "`git update-index --no-skip-worktree --no-assume-unchanged '{plan}'`."
    )


class ContentAltered(KvartalError):
    """What git stored is not what was written: a filter, an attribute or a hook altered it."""

    template = N_(
        "Изменение не сохранено: git записал бы файл «{path}» не таким, каков он на диске. "
        "Это делает фильтр, атрибут или hook репозитория. Поставьте в файл .gitattributes "
        "рядом с программой строку «{pattern} -text -filter»."
    )


class ReadOnlyFolder(KvartalError):
    """The plan's folder or the repository may not be written."""

    template = N_(
        "Нет права записи: «{path}». Откройте доступ к папке программы и повторите сохранение."
    )


class DiskFull(KvartalError):
    """There is no room for the change."""

    template = N_("На диске нет места: «{path}». Освободите место и повторите сохранение.")


class WriteFailed(KvartalError):
    """The file system refused to write."""

    template = N_("Не удалось записать «{path}». Ответ системы: {words}")


class LedgerBusy(KvartalError):
    """Another writer holds the programme's lock."""

    template = N_(
        "Программу сейчас сохраняет другой процесс: {pid} на {host}, с {since}. "
        "Повторите, когда он закончит."
    )


class PlanChangedOutside(KvartalError):
    """The file is not the one that was last looked at."""

    template = N_(
        "Файл «{plan}» изменился, пока вы работали. Ничего не записано: "
        "посмотрите, что в нём теперь, и повторите изменение."
    )


class PlanVanished(PlanChangedOutside):
    """The file is not there any more."""

    template = N_(
        "Файла «{plan}» больше нет на диске: его удалили или перенесли. Ничего не записано. "
        "Верните его (на экране — F6, в командной строке — `kvartal adopt --aside`) и повторите "
        "изменение."
    )


class UncommittedEdits(KvartalError):
    """The file holds edits by hand that are not in the history yet."""

    template = N_(
        "В файле «{plan}» есть правка, сделанная вручную и не внесённая в историю. "
        "Сначала внесите её в историю (`kvartal adopt`) или отложите (`kvartal adopt --aside`)."
    )


class EvidenceInTheWay(KvartalError):
    """Where an evidence file should be written something stands already."""

    template = N_(
        "Файл «{path}» уже есть, перезаписывать его нельзя. Дайте прикладываемому файлу другое имя."
    )


class EvidenceThroughLink(KvartalError):
    """The way to an evidence file leads through a symbolic link or out of the plan's folder."""

    template = N_(
        "Путь «{path}» ведёт за пределы папки программы. "
        "Подтверждающие документы хранятся только внутри неё."
    )


class EvidenceAltered(KvartalError):
    """An attached file is not what the change says it is."""

    template = N_(
        "Файл «{path}» изменился, пока его прикладывали. Повторите: приложите его ещё раз."
    )


class EvidenceMissing(KvartalError):
    """The change tells of an evidence file that is neither attached nor in its place."""

    template = N_("Файла «{path}» нет. Приложите его или уберите из подтверждающих документов.")


class FilesInTheWay(KvartalError):
    """Files of the user stand where received ones have to go."""

    template = N_(
        "Полученное задело бы ваши несохранённые файлы: {paths}. Ничего не тронуто. "
        "Внесите их в историю (`git commit`) или отложите (`git stash -u`), потом повторите."
    )
