"""Why git could not do its work: one class a reason, each with a sentence on what to do.

Fields hold the output of git, of a hook or of the file system unchanged; whoever shows a sentence
sanitizes it. Damage and settings that git complains about are in `kvartal.history.git.failures`.
"""

from kvartal.schema.errors import N_, KvartalError


class GitMissing(KvartalError):
    """The git program cannot be started."""

    template = N_("Не найдена программа git. Установите git и запустите `kvartal` снова.")


class GitFailed(KvartalError):
    """A git command failed for a reason that has no class."""

    template = N_("git {command} не выполнен. Ответ git: {words}")


class MisleadingEnvironment(KvartalError):
    """Variables of the environment may lead git to a different repository or configuration."""

    template = N_(
        "Переменные окружения могут увести git в другой репозиторий или к другим настройкам: "
        "{variables}. Уберите их, прежде чем открывать программу мероприятий: "
        "kvartal.history.git.environment.scrub_environment()."
    )


class CallStopped(KvartalError):
    """A git call was stopped on request."""

    template = N_("Остановлено.")


class CallSilent(CallStopped):
    """A git call printed nothing for too long, and was ended."""

    template = N_("git молчал {seconds} с и остановлен. Повторите.")


class NotARepository(KvartalError):
    """The plan's folder is not in a git repository."""

    template = N_(
        "Папка «{folder}» не в репозитории git: истории изменений нет, сохранять некуда. "
        "Завести историю: `kvartal init` (это `git init` и первая запись в истории)."
    )


class UnfinishedRepository(NotARepository):
    """A git directory in which there is nothing yet: creating it was interrupted."""

    template = N_(
        "Историю в папке «{folder}» начали заводить и не закончили: в ней ещё ничего нет, "
        "сохранять некуда. Закончить: `kvartal init`."
    )


class BrokenRepository(KvartalError):
    """A git directory that git does not recognize: initializing a new one would hide it."""

    template = N_(
        "Репозиторий «{git_dir}» повреждён: git его не признаёт. Историю в нём не потеряйте: "
        "скопируйте эту папку и восстановите её (из копии, `git clone` с сервера)."
    )


class BrokenGitFile(BrokenRepository):
    """The file ``.git`` of a working tree or a submodule does not lead to a repository."""

    template = N_(
        "Файл «{git_dir}» должен указывать, где лежит репозиторий, а по нему git его не находит: "
        "репозиторий перенесён, удалён или повреждён, или в файле другое. Верните репозиторий на "
        "место или исправьте путь (рабочей копии, worktree, — командой `git worktree repair` в "
        "основной копии)."
    )


class BrokenHead(BrokenRepository):
    """The same, because of the file HEAD: what else git looks for is there."""

    template = N_(
        "Файл git «{head}» пропал или повреждён, и git не признаёт репозитория: в этом файле "
        "записано, какая ветка открыта. Сама история может быть цела. Скопируйте папку программы "
        "целиком, потом впишите в этот файл одну строку: «ref: refs/heads/» и имя ветки."
    )


class NoWorkTree(KvartalError):
    """The repository has no working tree: it is bare, or the plan is inside `.git`."""

    template = N_(
        "Папка «{folder}» внутри репозитория без рабочих файлов. "
        "Сделайте рабочую копию (`git clone`) и откройте программу в ней."
    )


class WorkTreeElsewhere(KvartalError):
    """The settings of the repository name another folder as its working tree."""

    template = N_(
        "В настройках репозитория папкой с файлами названа другая, «{worktree}» (core.worktree), и "
        "для git «{folder}» вне её. Если репозиторий лежит здесь, уберите эту настройку: "
        "`git config --unset core.worktree`."
    )


class DubiousOwnership(KvartalError):
    """The repository belongs to another user, and git does not trust it."""

    template = N_(
        "Репозиторий принадлежит другому пользователю, git ему не доверяет. "
        "Если доверяете вы: `git config --global --add safe.directory '{top}'`."
    )


class NoIdentity(KvartalError):
    """Git knows no author for the change."""

    template = N_(
        "git не знает, от чьего имени сохранять. Укажите себя, в папке программы: "
        '`git config --local user.name "Фамилия Имя"` и '
        '`git config --local user.email "имя@организация"`.'
    )


class NoGlobalIdentity(NoIdentity):
    """Git knows no author, and there is no repository yet that could name one."""

    template = N_(
        "git не знает, от чьего имени сохранять. Укажите себя: "
        '`git config --global user.name "Фамилия Имя"` и '
        '`git config --global user.email "имя@организация"`.'
    )


class UnmergedPaths(KvartalError):
    """There are files with unresolved conflicts."""

    template = N_(
        "В репозитории есть файлы с неразрешёнными конфликтами: {paths}. "
        "Разрешите их (`git status` подскажет), потом сохраните."
    )


class GitLocked(KvartalError):
    """A lock file is held by another git command, or was left behind by one."""

    template = N_(
        "Репозиторий занят другой командой git: файл «{lock}» стоит с {since}. "
        "Дождитесь её окончания. Если git нигде не работает, удалите этот файл."
    )


class HookRefused(KvartalError):
    """A hook of the repository refused the commit."""

    template = N_("Проверка репозитория (hook) не пропустила изменение. Её ответ: {words}")


class HookRefusedSilently(HookRefused):
    """A hook of the repository refused the commit without printing anything."""

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


class OutsideSparseCheckout(KvartalError):
    """What is to be committed is outside the sparse checkout."""

    template = N_(
        "В этой рабочей копии выложена только часть репозитория (sparse-checkout), и git не берёт "
        "файл вне её: {paths}. Выложите папку программы: `git sparse-checkout add '{folder}'` "
        "(или `git sparse-checkout disable`)."
    )


class ReadOnlyFolder(KvartalError):
    """The plan's folder or the repository is not writable."""

    template = N_(
        "Нет права записи: «{path}». Откройте доступ к папке программы и повторите сохранение."
    )


class ReadOnlyDisk(ReadOnlyFolder):
    """The file system is read-only, maybe since it has failed."""

    template = N_(
        "Диск доступен только для чтения: «{path}». Сделайте его доступным для записи или "
        "перенесите папку программы на другой и повторите сохранение."
    )


class DiskFull(KvartalError):
    """There is no space left for the change."""

    template = N_("На диске нет места: «{path}». Освободите место и повторите сохранение.")
