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


class HookRefused(KvartalError):
    """A hook of the repository refused the commit."""

    template = N_("Проверка репозитория (hook) не пропустила изменение. Её ответ: {words}")


class HookSilent(HookRefused):
    """A hook of the repository refused the commit and said nothing."""

    template = N_(
        "Проверка репозитория (hook) не пропустила изменение и не сказала почему. "
        "Спросите того, кто её настроил; проверки этого репозитория: {hooks}."
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


class ReadOnlyFolder(KvartalError):
    """The plan's folder or the repository may not be written."""

    template = N_(
        "Нет права записи: «{path}». Откройте доступ к папке программы и повторите сохранение."
    )


class DiskFull(KvartalError):
    """There is no room for the change."""

    template = N_("На диске нет места: «{path}». Освободите место и повторите сохранение.")
