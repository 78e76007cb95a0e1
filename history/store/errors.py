"""Why a programme could not be saved: one class a reason, each with a sentence on what to do.

What git itself refuses is in `kvartal.history.git.errors`.
"""

from kvartal.history.git.errors import GitLocked
from kvartal.schema.errors import N_, KvartalError


class PlanChangedOutside(KvartalError):
    """The file is not the one that was last read."""

    template = N_(
        "Файл «{plan}» изменился, пока вы работали. Ничего не записано: "
        "посмотрите, что в нём теперь, и повторите изменение."
    )


class PlanDeleted(PlanChangedOutside):
    """The file was deleted or moved."""

    template = N_(
        "Файла «{plan}» больше нет на диске: его удалили или перенесли. Ничего не записано. "
        "Верните его (на экране — F6, в командной строке — `kvartal adopt --aside`) и повторите "
        "изменение."
    )


class UncommittedEdits(KvartalError):
    """The file holds manual edits that are not committed yet."""

    template = N_(
        "В файле «{plan}» есть правка, сделанная вручную и не внесённая в историю. "
        "Сначала внесите её в историю (`kvartal adopt`) или отложите (`kvartal adopt --aside`)."
    )


class ReasonRequired(KvartalError):
    """A manual edit takes back a fact, and nobody has said why."""

    template = N_(
        "Правка файла убирает отметку, перенос срока или снятие с плана ({measures}): для истории "
        'нужна причина. Назовите её: `kvartal adopt --reason "…"`, на экране — в поле '
        "«Причина»."
    )


class LedgerBusy(KvartalError):
    """Another process holds the write lock."""

    template = N_(
        "Программу сейчас сохраняет другой процесс: {pid} на {host}, с {since}. "
        "Повторите, когда он закончит."
    )


class StaleLock(GitLocked):
    """A git process that no longer runs left a lock file behind."""

    template = N_(
        "Прерванная команда git оставила файл «{lock}», он стоит с {since}. Пока он есть, git "
        "ничего не запишет; сейчас git здесь не работает. Отложите файл: `kvartal doctor --unlock`."
    )


class StaleRefLock(StaleLock):
    """The same of a lock that holds up a ref or the settings, and no commit."""

    template = N_(
        "Прерванная команда git оставила файл «{lock}», он стоит с {since}. Пока он есть, git не "
        "может изменить «{locked}»; сейчас git здесь не работает. Отложите файл: "
        "`kvartal doctor --unlock`."
    )


class LockIsFolder(StaleLock):
    """Where git puts a lock file there is a folder, which no git ever makes or removes."""

    template = N_(
        "На месте файла блокировки git стоит папка «{lock}». Git её не создавал и не уберёт, а "
        "пока она есть, ничего не запишет. Отложите её: `kvartal doctor --unlock`."
    )


class DetachedHead(KvartalError):
    """No branch is checked out; a commit would be lost with the next checkout."""

    template = N_(
        "В репозитории открыта отдельная версия, а не ветка: сохранённое потерялось бы. "
        "Вернитесь на ветку: `git switch -` или `git switch имя-ветки`."
    )


class BranchMissing(KvartalError):
    """The branch at HEAD has no commit, while others have."""

    template = N_(
        "Репозиторий стоит на ветке «{branch}», в ней нет ни одной записи, а в других есть: "
        "{others}. Вернитесь на ту, где программа: `git switch имя-ветки`."
    )


class OperationInProgress(KvartalError):
    """A merge, rebase, cherry-pick, revert or bisect is not finished."""

    template = N_(
        "В репозитории не закончена команда `git {operation}`. "
        "Завершите её или отмените (`git {operation} {abort}`), потом сохраните."
    )


class PlanIgnored(KvartalError):
    """An ignore rule keeps the plan out of the history."""

    template = N_(
        "Файл «{plan}» исключён из истории правилом .gitignore. Правило покажет "
        "`git check-ignore -v '{plan}'`: уберите его или добавьте файл: `git add -f '{plan}'`."
    )


class PlanHidden(KvartalError):
    """Git is set to skip the plan: ``skip-worktree`` or ``assume-unchanged``."""

    template = N_(
        "git настроен не замечать изменений файла «{plan}». Верните его: "
        "`git update-index --no-skip-worktree --no-assume-unchanged '{plan}'`."
    )


class ContentAltered(KvartalError):
    """A filter, an attribute or a hook made git store something else than was written."""

    template = N_(
        "Изменение не сохранено: git записал бы файл «{path}» не таким, каков он на диске. "
        "Это делает фильтр, атрибут или hook репозитория. Поставьте в файл .gitattributes "
        "рядом с программой строку «{pattern} -text -filter»."
    )


class HookRewrotePlan(KvartalError):
    """A hook changed what the plan means, on disk and in the commit."""

    template = N_(
        "Изменение не сохранено, всё как было: проверка репозитория (hook) переписывает файл "
        "«{path}» по-своему, и программа в нём уже не та. Настройте её так, чтобы она не меняла "
        "этот файл. Что она в нём написала: {copy}"
    )


class WouldOverwriteFiles(KvartalError):
    """Received changes would overwrite files with uncommitted work."""

    template = N_(
        "Полученное задело бы ваши несохранённые файлы: {paths}. Ничего не тронуто. "
        "Внесите их в историю (`git commit`) или отложите (`git stash -u`), потом повторите."
    )


class CleanUpFailed(KvartalError):
    """A change is committed, but what it needed meanwhile could not be cleaned up.

    Never raised: it is the warning of a change that is saved.
    """

    template = N_(
        "Изменение сохранено. Не удалось только убрать за ним временное ({reason}): "
        "это сделает следующий запуск."
    )


class MoveNotCleanedUp(KvartalError):
    """What was received is in branch, index and files, but not all of it is flushed or cleaned up.

    Never raised: it is the warning of a fast-forward that is done.
    """

    template = N_(
        "Полученное записано. Не удалось только довести запись до диска и убрать временное "
        "({reason}): это сделает следующий запуск."
    )


class WriteFailed(KvartalError):
    """The file system refused to write."""

    template = N_("Не удалось записать «{path}». Ответ системы: {words}")


class FileHeld(KvartalError):
    """The file system refused to change a file although its folder may be written to."""

    template = N_(
        "Система не даёт изменить «{path}»: файл держит другая программа (Excel, антивирус, окно "
        "просмотра) или запись в него запрещена. Закройте её и повторите."
    )


class EvidencePathTaken(KvartalError):
    """There is already something at the path of a new evidence file."""

    template = N_(
        "На месте «{path}» уже есть другой файл, перезаписывать его нельзя. Уберите его оттуда или "
        "дайте прикладываемому файлу другое имя."
    )


class EvidencePathUnsafe(KvartalError):
    """The path of an evidence file leaves the evidence folder or goes through a symbolic link."""

    template = N_(
        "Путь «{path}» не годится: он ведёт за пределы папки подтверждающих документов, или на нём "
        "вместо папки стоит ссылка или файл."
    )


class EvidenceLeft(KvartalError):
    """Evidence that nothing refers to any more stays on the disk: it could not be restored."""

    template = N_(
        "Больше не приложено, но осталось в папке, потому что в истории такого содержания нет: "
        "{paths}. Если это не нужно, удалите сами."
    )


class EvidenceAltered(KvartalError):
    """An attached file changed after it was measured."""

    template = N_(
        "Файл «{path}» изменился, пока его прикладывали. Повторите: приложите его ещё раз."
    )


class EvidenceMissing(KvartalError):
    """The change refers to an evidence file that is neither attached nor on disk."""

    template = N_("Файла «{path}» нет. Приложите его или уберите из подтверждающих документов.")


class StateFolderElsewhere(KvartalError):
    """The program's folder in the git directory is a link."""

    template = N_(
        "Папка «{folder}» — ссылка на другое место, а программа держит в ней свои записи. "
        "Туда ничего не пишется. Удалите ссылку (она не ваша и не git) и повторите."
    )


class StateFileNotPlain(KvartalError):
    """A file of the program in the git directory is a link or something else than a file."""

    template = N_(
        "«{file}» — не обычный файл программы, а ссылка или что-то другое. Через него ничего не "
        "пишется. Удалите его (он не ваш и не git) и повторите."
    )
